const slow = globalThis.structuredClone;

/**
 * What the databases hold is plain data, which JavaScript copies several times quicker than the engine's own clone; anything
 * else goes to that one. fake-indexeddb calls it for every row read and written.
 */
function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return isPlain(value) ? value : slow(value);
  if (Array.isArray(value)) return value.map(clone);
  if (Object.getPrototypeOf(value) !== Object.prototype) return slow(value);
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) copy[name] = clone(inner);
  return copy;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'function' && typeof value !== 'symbol';
}

globalThis.structuredClone = <Value>(value: Value, options?: StructuredSerializeOptions): Value =>
  options === undefined ? (clone(value) as Value) : slow(value, options);
