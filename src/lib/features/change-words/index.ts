export { changeWords } from './change-words.ts';
