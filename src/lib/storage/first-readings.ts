/** Two looks in a row must find nothing being read: what one reading brings often asks for another. */
const lookMs = 100;
const longestMs = 3_000;

let underWay = 0;

/** Says that a screen has begun to read what it shows; returns how to say that it is there, once. */
export function beginReading(): () => void {
  let isOver = false;
  underWay += 1;
  return () => {
    if (!isOver) underWay -= 1;
    isOver = true;
  };
}

/**
 * Resolves when the screens have read what they show, at the latest after three seconds: on a slow tablet everything
 * that can wait would hold the first lines of a sheet up.
 */
export async function whenRead(): Promise<void> {
  let quiet = 0;
  for (let waitedMs = 0; quiet < 2 && waitedMs < longestMs; waitedMs += lookMs) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    quiet = underWay === 0 ? quiet + 1 : 0;
  }
}
