import * as v from 'valibot';
import type { Result } from '#domain/result.ts';
import { failureWords, nothing, request, type RequestError } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';

export const accountRoles = ['coordinator', 'administrator', 'field'] as const;
export type AccountRole = (typeof accountRoles)[number];

const accountSchema = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  role: v.picklist(accountRoles)
});
const listSchema = v.object({ users: v.array(accountSchema) });

export type Account = v.InferOutput<typeof accountSchema>;

export async function fetchAccounts(
  send: typeof fetch
): Promise<Result<{ readonly users: readonly Account[] }, RequestError>> {
  return request(send, '/api/users', { schema: listSchema });
}

export async function addAccount(
  send: typeof fetch,
  body: {
    readonly name: string;
    readonly email: string;
    readonly password: string;
    readonly role: 'coordinator' | 'administrator';
  }
): Promise<Result<unknown, RequestError>> {
  return request(send, '/api/users', { method: 'POST', body, schema: v.unknown() });
}

export async function giveRole(
  send: typeof fetch,
  body: { readonly email: string; readonly role: AccountRole }
): Promise<Result<undefined, RequestError>> {
  return request(send, '/api/users/role', { method: 'POST', body, schema: nothing });
}

export async function changePassword(
  send: typeof fetch,
  body: { readonly present: string; readonly next: string }
): Promise<Result<undefined, RequestError>> {
  return request(send, '/api/password', { method: 'POST', body, schema: nothing });
}

/** What a refusal means in the words of a person. */
export function requestWords(error: RequestError): string {
  if (error.type !== 'refused') return failureWords(error);
  switch (error.code) {
    case 'email_taken':
      return m.office_setup_email_taken();
    case 'last_administrator':
      return m.office_account_last();
    case 'forbidden':
      return m.office_account_forbidden();
    case 'sign_in':
      return m.office_signed_out();
    case 'wrong_password':
      return m.office_password_wrong();
    case 'slow_down':
      return m.office_sign_in_slow();
    case 'bad_request':
      return m.office_account_check();
    default:
      return failureWords(error);
  }
}

const roleWords: Record<AccountRole, () => string> = {
  coordinator: m.office_role_coordinator,
  administrator: m.office_role_administrator,
  field: m.office_role_closed
};

export function roleWord(role: AccountRole): string {
  return roleWords[role]();
}
