import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeWords, parseQuestionnaireCode, questionnaireCode } from './code-words.ts';
import { isWithinOneTypo } from './typo.ts';

describe('the number of a questionnaire', () => {
  it('is made of a word and three digits, and always can be read back', () => {
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(bytes, (random) => {
        const code = questionnaireCode(random);
        expect(code).toMatch(/^[А-Я]{3,6}-[1-9]\d\d$/);
        expect(parseQuestionnaireCode(code)).toEqual({ ok: true, value: code });
      })
    );
  });

  it('is the same for the same bytes', () => {
    expect(questionnaireCode(Uint8Array.of(0, 0, 1, 61))).toBe('КЕДР-417');
  });

  it('refuses to work with too little randomness', () => {
    expect(() => questionnaireCode(Uint8Array.of(1, 2, 3))).toThrow(RangeError);
  });

  it('is read as people say it', () => {
    expect(parseQuestionnaireCode(' кедр 417')).toEqual({ ok: true, value: 'КЕДР-417' });
    expect(parseQuestionnaireCode('Утёс–900')).toEqual({ ok: true, value: 'УТЕС-900' });
    expect(parseQuestionnaireCode('КЕДР')).toEqual({ ok: false, error: { type: 'not_a_code' } });
    expect(parseQuestionnaireCode('СЛОН-417')).toEqual({
      ok: false,
      error: { type: 'unknown_word', word: 'СЛОН' }
    });
  });

  it('has 64 short words, none of which can be heard as another', () => {
    expect(new Set(codeWords).size).toBe(64);
    expect(codeWords.filter((word) => !/^[А-Я]{3,6}$/.test(word))).toEqual([]);
    const close = codeWords.flatMap((word, index) =>
      codeWords.slice(index + 1).filter((other) => isWithinOneTypo(word, other))
    );
    expect(close).toEqual([]);
  });
});
