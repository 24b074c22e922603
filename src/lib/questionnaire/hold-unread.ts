import type { Question } from '#domain/survey/form.ts';
import { isUnfinished, type ContactDraft } from './contact-draft.ts';

/**
 * What keeps a question from being left: typed and not readable it is no answer yet, and is never left behind without a
 * word. A field that cannot be read takes the focus; an unfinished contact is told by its question.
 */
export function holdUnread(
  form: HTMLFormElement,
  question: Question | undefined,
  contact: ContactDraft
): 'contact' | 'field' | undefined {
  if (question?.type === 'contact') return isUnfinished(contact) ? 'contact' : undefined;
  const unread = form.querySelector<HTMLElement>('[aria-invalid=true]');
  unread?.focus();
  return unread === null ? undefined : 'field';
}
