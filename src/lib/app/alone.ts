/** A cycle that hangs longer than this no longer keeps the others waiting. */
const stealAfterMs = 60_000;

/**
 * Runs a cycle alone among the tabs of one database by a Web Lock. A frozen tab may hold the lock: after 60 s it is
 * stolen. Correctness never depends on it (I27).
 */
export async function runAlone<Value>(name: string, cycle: () => Promise<Value>): Promise<Value> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), stealAfterMs);
  try {
    return await navigator.locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      return cycle();
    });
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    return navigator.locks.request(name, { steal: true }, cycle);
  } finally {
    clearTimeout(timer);
  }
}
