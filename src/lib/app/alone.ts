/** A tab that gives no sign of life for so long no longer keeps the others waiting. */
const stealAfterMs = 60_000;
const beatMs = 10_000;

/**
 * Runs a cycle alone among the tabs of one database by a Web Lock. A tab that works says so; a frozen one may hold the
 * lock for ever, and after 60 s of silence it is stolen. Correctness never depends on it (I27).
 */
export async function runAlone<Value>(name: string, cycle: () => Promise<Value>): Promise<Value> {
  const signs = new BroadcastChannel(`alone ${name}`);
  const patience = new AbortController();
  const lose = (): void => patience.abort();
  let timer = setTimeout(lose, stealAfterMs);
  signs.onmessage = () => {
    clearTimeout(timer);
    timer = setTimeout(lose, stealAfterMs);
  };
  let running: Promise<Value> | undefined;
  const work = (): Promise<Value> => {
    signs.onmessage = null;
    clearTimeout(timer);
    const beats = setInterval(() => giveSign(signs), beatMs);
    running = cycle().finally(() => clearInterval(beats));
    return running;
  };
  const hold = async (options: LockOptions): Promise<Value> => {
    try {
      return await navigator.locks.request(name, options, work);
    } catch (error) {
      // The lock was stolen while this tab was frozen; its cycle is awake again and safe beside the other one.
      if (running !== undefined) return running;
      throw error;
    }
  };
  try {
    return await hold({ signal: patience.signal }).catch((error: unknown) => {
      if (!patience.signal.aborted || running !== undefined) throw error;
      return hold({ steal: true });
    });
  } finally {
    clearTimeout(timer);
    signs.close();
  }
}

function giveSign(signs: BroadcastChannel): void {
  try {
    signs.postMessage('working');
  } catch (error) {
    // The browser closes the channel of a page that it froze: the others may steal the lock then, which harms nobody.
    console.info('The other tabs do not hear of the exchange here', error);
  }
}
