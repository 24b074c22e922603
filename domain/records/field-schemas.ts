import * as v from 'valibot';
import { plainIdSchema, recordIdSchema } from '#domain/ids.ts';

/** One line: a name, a title, a telephone. */
export const line = v.pipe(v.string(), v.maxLength(300, 'a line has at most 300 characters'));
/** Free text of several paragraphs. */
export const text = v.pipe(v.string(), v.maxLength(8000, 'a text has at most 8,000 characters'));
/** Id of another record. */
export const reference = recordIdSchema;
/** Id of a user (a person who works at the centre). */
export const userId = plainIdSchema;
/** A plain day where a person means a day, `YYYY-MM-DD`. */
export const day = v.pipe(v.string(), v.isoDate('a day is YYYY-MM-DD'));
/** Time of day in the centre's zone, `HH:MM`. */
export const timeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is HH:MM'));
/** UTC milliseconds. No value is refused for being far off: clocks never refuse (I14). */
export const instant = v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15));
/** Money: integer kopecks. */
export const kopecks = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
export const flag = v.boolean();

/** Names of the fields whose values were erased: written by the server, with the person's other data. */
export const erased = v.pipe(v.array(line), v.maxLength(200));

/** A list of at most `max` items. */
export function list<Item extends v.GenericSchema>(item: Item, max = 200) {
  return v.pipe(v.array(item), v.maxLength(max, `at most ${max} items`));
}

/** One of a closed set of codes. */
export function oneOf<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return v.picklist(codes);
}
