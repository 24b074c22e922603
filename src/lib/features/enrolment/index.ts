export { default as EnrolScreen } from './EnrolScreen.svelte';
export { default as FieldGate } from './FieldGate.svelte';
