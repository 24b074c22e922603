export { addDays, isClockWrong, momentOf, todayIn } from './clock.ts';
export { readCentre, type Centre } from './queries.ts';
