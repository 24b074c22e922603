export { default as ActPage } from './ActPage.svelte';
export { default as ErasedNotice } from './ErasedNotice.svelte';
export { default as EraseDialog } from './EraseDialog.svelte';
