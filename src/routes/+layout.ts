/** A single-page app: records live on the device, there is nothing to render on a server. */
export const ssr = false;
export const prerender = false;
