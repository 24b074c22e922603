import { formatPhone } from '#domain/names/phone.ts';
import { m } from '$lib/paraglide/messages.js';

/**
 * The text of the consent to keep a person's data, paragraph by paragraph, as it is read out and signed today.
 * When it changes, `consentTextVersions` changes with it.
 *
 * @param centre `operator`: who keeps the data, with the address
 */
export function consentText(centre: {
  readonly operator: string;
  readonly phone: string;
}): readonly string[] {
  return [
    m.field_consent_sample(),
    m.field_consent_who({ operator: centre.operator }),
    m.field_consent_what(),
    m.field_consent_why(),
    m.field_consent_to_whom(),
    m.field_consent_changed_mind({ phone: formatPhone(centre.phone) }),
    m.field_consent_free()
  ];
}
