export { default as DevicesPage } from './DevicesPage.svelte';
export { DeviceNames } from './device-list.svelte.ts';
export { default as SilentDevices } from './SilentDevices.svelte';
