/**
 * What a stored body looks like on the device. Every record, operation and draft goes through {@link seal} and
 * {@link open}, so that encryption can come without touching anything else; for now bodies are plain.
 */
export interface Sealed<Value> {
  readonly plain: Value;
}

export function seal<Value>(value: Value): Sealed<Value> {
  return { plain: value };
}

export function open<Value>(sealed: Sealed<Value>): Value {
  return sealed.plain;
}
