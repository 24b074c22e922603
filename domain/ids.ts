import * as v from 'valibot';

export const recordIdPattern = /^[A-Za-z0-9_.-]{1,32}(~[A-Za-z0-9_.-]{1,32}){0,4}$/;
export const plainIdPattern = /^[A-Za-z0-9_.-]{1,32}$/;

/** 12 random URL-safe characters made on the device, or several such parts joined by `~` for predictable ids. */
export const recordIdSchema = v.pipe(
  v.string(),
  v.regex(recordIdPattern, 'a record id is 1–5 URL-safe parts joined by ~')
);

/** One part of a record id: what a random id, a user id or a device id looks like. */
export const plainIdSchema = v.pipe(v.string(), v.regex(plainIdPattern, 'an id is 1–32 URL-safe characters'));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** Turns 12 random bytes into an id of 12 URL-safe characters (72 bits). */
export function randomBytesToId(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet.charAt(byte & 63)).join('');
}

const typedLetters = 'abcdefghijkmnpqrstuvwxyz23456789';
const typedLength = 10;

/** A secret for a link, out of a random id: 50 bits in letters that nobody mistakes when typing them from a poster. */
export function idToTypedSecret(id: string): string {
  return Array.from(id.slice(0, typedLength), (letter) =>
    typedLetters.charAt(alphabet.indexOf(letter) >> 1)
  ).join('');
}

/** How many random bytes {@link randomBytesToId} wants for a record id; it has as many characters. */
export const idBytes = 12;

/** `session~person`: a predictable id, so that two tablets that mark one person write one record. */
export function joinIds(...parts: readonly string[]): string {
  return parts.join('~');
}

/** The parts of a predictable id; a plain id is its own only part. */
export function splitId(id: string): readonly string[] {
  return id.split('~');
}
