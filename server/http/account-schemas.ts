import * as v from 'valibot';

export const nameSchema = v.pipe(v.string(), v.trim(), v.minLength(1, 'is empty'), v.maxLength(120));
export const emailSchema = v.pipe(v.string(), v.trim(), v.maxLength(200), v.email('is no e-mail address'));
export const passwordSchema = v.pipe(
  v.string(),
  v.minLength(10, 'has at least 10 characters'),
  v.maxLength(200, 'has at most 200 characters')
);
/** As people write it; what it means is not the server's to judge. */
export const phoneSchema = v.pipe(v.string(), v.trim(), v.maxLength(60));
