/** Whether a build (`0.3.1-abc`) is older than another by its numbers; a name without numbers is never too old. */
export function isBuildOlder(build: string, than: string): boolean {
  const left = numbersOf(build);
  const right = numbersOf(than);
  if (left === undefined || right === undefined) return false;
  const difference = left.map((number, index) => number - (right[index] ?? 0)).find((step) => step !== 0);
  return difference !== undefined && difference < 0;
}

function numbersOf(build: string): readonly number[] | undefined {
  const found = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(build);
  return found?.slice(1).map(Number);
}
