import { unreachable } from '#domain/result.ts';
import type { Holder } from '#server/data-lock.ts';
import type { OperatorWords } from '#server/words/index.ts';

/** Who works on the data, in words. */
export function holderWords(holder: Holder, { holder: words }: OperatorWords): string {
  switch (holder.type) {
    case 'process':
      return words.process(holder);
    case 'connections':
      return words.connections(holder);
    case 'unknown':
      return words.unknown;
    default:
      return unreachable(holder);
  }
}
