import { fail, ok, type Result } from '../result.ts';

/**
 * Words of a questionnaire number: nature of the North, nominative, up to six letters, no ё, easily told apart by
 * telephone (no two differ by one letter), none that could be heard as a joke about a person.
 * The order is part of the format only in that both ends of one release share it; a number is kept as text.
 */
export const codeWords = (
  'КЕДР СОСНА ЕЛЬ ИВА ОСИНА ОЛЬХА РЯБИНА ТОПОЛЬ ВЕРБА КАЛИНА КЛЮКВА ЯГОДА ТРАВА КАМЫШ ОСОКА ЛАНДЫШ ' +
  'ТАЙГА ТУНДРА БОР РОЩА ПОЛЯНА ЛУГ ХОЛМ УТЕС РЕКА ОЗЕРО РУЧЕЙ РОДНИК БЕРЕГ ОСТРОВ ЗАЛИВ ВОЛНА ' +
  'ПЕСОК КАМЕНЬ ЯНТАРЬ КВАРЦ СНЕГ ИНЕЙ ЛЬДИНА ВЕТЕР ТУМАН ДОЖДЬ РАДУГА ОБЛАКО ЗАРЯ ВОСХОД ЗАКАТ НЕБО ' +
  'СОЛНЦЕ ЛУНА ЗВЕЗДА ВЕСНА ЛЕТО АВГУСТ АПРЕЛЬ ИЮНЬ ЛЕБЕДЬ ЧАЙКА СИНИЦА ДЯТЕЛ СОКОЛ СОБОЛЬ ОЛЕНЬ МУКСУН'
).split(' ');

export type CodeError =
  { readonly type: 'not_a_code' } | { readonly type: 'unknown_word'; readonly word: string };

const bytesNeeded = 4;

/**
 * A number for talking about a questionnaire, as «КЕДР-417», from at least four random bytes.
 * There are 57 600 of them: it is a name for a conversation, neither unique nor a secret, and opens nothing.
 */
export function questionnaireCode(bytes: Uint8Array): string {
  const [wordByte, high, middle, low] = bytes;
  if (wordByte === undefined || high === undefined || middle === undefined || low === undefined) {
    throw new RangeError(`A questionnaire code needs ${bytesNeeded} random bytes, got ${bytes.length}`);
  }
  // 64 words divide 256 evenly; three bytes for 900 numbers leave a bias of one part in twenty thousand.
  const word = codeWords[wordByte % codeWords.length] ?? '';
  return `${word}-${100 + ((high * 65_536 + middle * 256 + low) % 900)}`;
}

/** Reads a number as it is said or typed («кедр 417», «Кедр417») into the written form. */
export function parseQuestionnaireCode(text: string): Result<string, CodeError> {
  const match = /^([А-Я]+)[\s\-‐‑‒–—−]*([1-9]\d\d)$/.exec(text.trim().toUpperCase().replace(/Ё/g, 'Е'));
  if (match === null) return fail({ type: 'not_a_code' });
  const [, word = '', digits = ''] = match;
  return codeWords.includes(word) ? ok(`${word}-${digits}`) : fail({ type: 'unknown_word', word });
}
