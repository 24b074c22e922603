import type { AnswerFields, AnswerValue } from '#domain/survey/answers.ts';
import type { Field } from '#domain/survey/form.ts';
import { isWrongNumber, readNumber } from './read-number.ts';

/** One group of a repeat as it stands on the screen: what is typed, whether it can be read or not. */
export interface Group {
  /** Tells the boxes apart while some come and go. */
  readonly key: number;
  readonly texts: Readonly<Record<string, string>>;
}

/** The boxes for an answer; for none, one empty box. */
export function groupsOf(value: AnswerValue | undefined): readonly Group[] {
  const rows = typeof value === 'object' && Array.isArray(value) ? value : [];
  const texts = rows.map((row: unknown) =>
    Object.fromEntries(
      Object.entries(row ?? {}).map(([code, cell]) => [
        code,
        typeof cell === 'number' ? String(cell).replace('.', ',') : String(cell)
      ])
    )
  );
  return (texts.length === 0 ? [{}] : texts).map((group, key) => ({ key, texts: group }));
}

/** What of the boxes can be read; empty fields and empty boxes are left out. */
export function answerOfGroups(groups: readonly Group[], fields: readonly Field[]): AnswerValue | null {
  const rows = groups
    .map(({ texts }) => fieldsOf(texts, fields))
    .filter((row) => Object.keys(row).length > 0);
  return rows.length === 0 ? null : rows;
}

export function wrongNumber(field: Field, text: string): boolean {
  return field.type === 'number' && isWrongNumber(text);
}

function fieldsOf(texts: Group['texts'], fields: readonly Field[]): AnswerFields {
  return Object.fromEntries(
    fields.flatMap(({ code, type }): [string, string | number][] => {
      const text = (texts[code] ?? '').trim();
      if (text === '') return [];
      if (type !== 'number') return [[code, text]];
      const number = readNumber(text);
      return number === undefined ? [] : [[code, number]];
    })
  );
}
