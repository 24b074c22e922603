import { contact } from '#domain/records/contact.ts';
import { readValues, type PlainValues, type RecordDefinition } from '#domain/records/definition.ts';
import { response } from '#domain/records/response.ts';

/**
 * Stands in for the registry in the activist's page: a phone that came by a link knows the two record types that it may
 * write, and 4 kB of the page are saved. `vite.survey.config.ts` puts it in place of `domain/records/registry.ts`.
 */
const definitions: Readonly<Record<string, RecordDefinition>> = { contact, response };

export function definitionOf(type: string): RecordDefinition | undefined {
  return Object.prototype.hasOwnProperty.call(definitions, type) ? definitions[type] : undefined;
}

export const serverMade: ReadonlySet<string> = new Set();

/** The known fields of a record; of a type that a link does not write, none. */
export function parseValues(type: string, values: PlainValues): object {
  const definition = definitionOf(type);
  return definition === undefined ? {} : readValues(definition, values);
}
