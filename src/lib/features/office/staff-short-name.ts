import { parsePersonName, shortName } from '#domain/names/person-name.ts';

/** «Каюрова А. М.» of a whole name, for narrow columns; what is no name stays as it is. */
export function staffShortName(name: string): string {
  const parsed = parsePersonName(name);
  return parsed.ok ? shortName(parsed.value) : name;
}
