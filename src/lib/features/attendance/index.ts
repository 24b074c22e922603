export { blankSheets } from './blank-sheets.ts';
export { default as CompleteCards } from './CompleteCards.svelte';
export { default as PaperEntry } from './PaperEntry.svelte';
export { default as PrintSheet } from './PrintSheet.svelte';
export { default as SheetScreen } from './SheetScreen.svelte';
export { statusWord } from './status-words.ts';
