export { default as CampaignPage } from './CampaignPage.svelte';
export { default as CampaignsPage } from './CampaignsPage.svelte';
export { default as NewCampaignPage } from './NewCampaignPage.svelte';
export { default as PosterPage } from './PosterPage.svelte';
