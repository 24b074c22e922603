/**
 * Ends the present task, so that the browser can answer taps and draw before the work goes on: at a seam of a start each half
 * holds a slow tablet half as long.
 */
export function yieldToBrowser(): Promise<void> {
  // Younger than the browsers of the floor.
  if ('scheduler' in globalThis && 'yield' in scheduler) return scheduler.yield();
  return new Promise((resolve) => setTimeout(resolve));
}
