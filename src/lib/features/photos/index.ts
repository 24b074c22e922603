export { photosFollowing } from './commands.ts';
export { default as DeskPhotos } from './DeskPhotos.svelte';
export { default as PhotoStrip } from './PhotoStrip.svelte';
