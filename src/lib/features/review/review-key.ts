/** What a key means for a decision, read by its place so that it works with the Russian layout on. */
export function reviewKey(event: KeyboardEvent): 'accept' | 'return' | 'open' | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)
    return undefined;
  const { target } = event;
  if (target instanceof Element && target.closest('input:not([type=checkbox]), textarea, select, dialog'))
    return undefined;
  switch (event.code) {
    case 'KeyA':
      return 'accept';
    case 'KeyR':
      return 'return';
    case 'Enter':
      return 'open';
    default:
      return undefined;
  }
}
