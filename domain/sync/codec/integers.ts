import { isInteger, type Reader } from './reader.ts';

/**
 * Whole numbers as they are, or as steps from one to the next when that is shorter: a roster's numbers, an evening's
 * times and the order of names are mostly small steps. A single number stands for «all the same».
 */
export function writeIntegers(values: readonly number[]): unknown {
  const [first] = values;
  if (first === undefined) return 0;
  if (values.every((value) => value === first)) return first;
  const steps = stepsOf(values);
  if (steps === undefined) return values;
  const even = steps.every((step) => step === steps[0]);
  if (even) return ['d', first, steps[0]];
  return lengthOf(steps) < lengthOf(values) ? ['d', first, steps] : values;
}

/** The reverse of {@link writeIntegers} for a known count. */
export function readIntegers(column: unknown, count: number, reader: Reader): readonly number[] {
  reader.spend(count);
  if (isInteger(column)) return new Array<number>(count).fill(column);
  const list = reader.list(column);
  if (list[0] !== 'd') return reader.counted(list, count).map((value) => reader.integer(value));
  const [, first, steps] = list;
  const values = [reader.integer(first)];
  const given = isInteger(steps) ? undefined : reader.counted(reader.list(steps), count - 1);
  for (let index = 1; index < count; index++)
    values.push(
      reader.integer(
        (values[index - 1] ?? 0) + reader.integer(given === undefined ? steps : given[index - 1])
      )
    );
  return values;
}

function stepsOf(values: readonly number[]): readonly number[] | undefined {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.every(isInteger) ? steps : undefined;
}

/** Characters of the numbers as text. */
function lengthOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + String(value).length, 0);
}
