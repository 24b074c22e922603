export { ageBandWord } from './age-band-words.ts';
export {
  consentTextVersions,
  newPersonChange,
  recordConsent,
  type ConsentAnswer,
  type NewPerson
} from './commands.ts';
export { consentText } from './consent-text.ts';
export {
  placesOf,
  readPlaces,
  readRegister,
  registerPeople,
  toRegisterPerson,
  type Places,
  type RegisterPerson
} from './queries.ts';
export { default as PersonScreen } from './PersonScreen.svelte';
export { registerOf, type Register } from './register.svelte.ts';
