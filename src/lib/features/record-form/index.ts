export type { FormField } from './form-fields.ts';
export { forgetKeptForms, hasKeptForm, KeptForm } from './kept-form.svelte.ts';
export { default as RecordForm } from './RecordForm.svelte';
