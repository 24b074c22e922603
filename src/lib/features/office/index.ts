export { ago, dayMs } from './ago.ts';
export { nothing, request, type RequestError } from './api.ts';
export { downloadTable } from './csv.ts';
export { Desk, useDesk } from './desk.svelte.ts';
export { default as ExchangePage } from './ExchangePage.svelte';
export { default as OfficeFrame } from './OfficeFrame.svelte';
export { default as OfficeGate } from './OfficeGate.svelte';
export { default as SetUp } from './SetUp.svelte';
export { default as TableActions } from './TableActions.svelte';
