interface Bucket {
  tokens: number;
  at: number;
}

/** Allows `burst` takes at once and `perSecond` in the long run, for each key apart. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #limit: { readonly burst: number; readonly perSecond: number };
  readonly #maxKeys: number;

  constructor(limit: { readonly burst: number; readonly perSecond: number }, maxKeys = 20_000) {
    this.#limit = limit;
    this.#maxKeys = maxKeys;
  }

  /** Takes one token at `now` (UTC ms). Returns 0, or how many ms to wait for the next. */
  take(key: string, now: number): number {
    const { burst, perSecond } = this.#limit;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const gained = (Math.max(0, now - bucket.at) / 1_000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.at = now;
    // Putting it last keeps the map in the order of use; the first ones are forgotten when there are too many keys.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxKeys) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / perSecond) * 1_000;
    bucket.tokens -= 1;
    return 0;
  }
}
