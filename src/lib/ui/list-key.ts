/** What a key means in a list of the desk. */
export type ListKey =
  'next' | 'previous' | 'first' | 'last' | 'open' | 'select' | 'search' | 'help' | undefined;

const byCode: Partial<Record<string, ListKey>> = {
  KeyJ: 'next',
  ArrowDown: 'next',
  KeyK: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Enter: 'open',
  NumpadEnter: 'open',
  KeyX: 'select',
  Space: 'select'
};

/**
 * Reads a key by its place, so that J and K work with the Russian layout on. Nothing is read while a person types
 * or holds Ctrl, Alt or Meta.
 */
export function listKey(event: KeyboardEvent): ListKey {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) {
    return undefined;
  }
  if (event.key === '?') return 'help';
  // The key of «/» gives «.» in the Russian layout.
  if (event.key === '/' || (event.code === 'Slash' && !event.shiftKey)) return 'search';
  return byCode[event.code];
}

/** True where letters go into a field. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  ) {
    return true;
  }
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}
