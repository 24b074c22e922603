/** Nothing waits. */
export const noKeys: ReadonlySet<string> = new Set();
