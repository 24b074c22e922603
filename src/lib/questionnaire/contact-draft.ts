import * as v from 'valibot';

/** What is typed into the place of the contact; a part of the draft. The consent is never kept: it is given anew. */
export interface ContactDraft {
  readonly name: string;
  readonly phone: string;
  /** The contact is recorded already: nothing more is asked. */
  readonly left: boolean;
}

export const contactDraftSchema = v.object({ name: v.string(), phone: v.string(), left: v.boolean() });

export const emptyContact: ContactDraft = { name: '', phone: '', left: false };

/** Something is typed and not recorded: going on would lose it without a word. */
export function isUnfinished({ name, phone, left }: ContactDraft): boolean {
  return !left && (name.trim() !== '' || phone.trim() !== '');
}
