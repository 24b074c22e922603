export { default as FollowUpList } from './FollowUpList.svelte';
export { default as MyNotes } from './MyNotes.svelte';
export { default as NoteScreen } from './NoteScreen.svelte';
export { default as ServiceScreen } from './ServiceScreen.svelte';
