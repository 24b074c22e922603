import { createContext } from 'svelte';
import type { Language } from '#domain/names/format.ts';
import { plainDateAt } from '#domain/names/format.ts';
import { fullName } from '#domain/names/person-name.ts';
import { joinIds } from '#domain/ids.ts';
import { createRecordSet, type RecordSet } from '#domain/records/record-set.ts';
import type { Values } from '#domain/records/registry.ts';
import { parseForm, type Form } from '#domain/survey/form.ts';
import type { App } from '$lib/app/open-app.ts';
import { m } from '$lib/paraglide/messages.js';
import { getLocale } from '$lib/paraglide/runtime.js';
import { LiveQuery } from '$lib/storage/live-query.ts';
import { readWaitingKeys } from '$lib/storage/read.ts';
import { DeskRecords } from './desk-records.ts';
import { noKeys } from './no-keys.ts';

const defaultZone = 'Asia/Yekaterinburg';
const streams = ['reference', 'people', 'attendance', 'consultations', 'answers', 'office'];

/** What every screen of the desk reads: all records of the centre, live, and the names that stand beside them. */
export class Desk {
  readonly app: App;
  readonly #records: DeskRecords;
  readonly #keys: LiveQuery<ReadonlySet<string>>;
  readonly #empty = createRecordSet([]);

  constructor(app: App) {
    this.app = app;
    this.#records = new DeskRecords(app.database);
    this.#keys = new LiveQuery(() => readWaitingKeys(app.database));
  }

  /** Everything this desk holds; empty until it is read. */
  get records(): RecordSet {
    return this.#records.value ?? this.#empty;
  }

  /** Counts on from {@link records} of an earlier version; which rows have changed since then. */
  get changes(): Pick<DeskRecords, 'version' | 'changedSince'> {
    return this.#records;
  }

  get isRead(): boolean {
    return this.#records.value !== undefined;
  }

  /** Whether everything has arrived at least once: until then numbers are not final. */
  get isComplete(): boolean {
    return streams.every((stream) => this.app.sync.isComplete(stream));
  }

  /** Keys (`type/id`) of records whose last change here waits for a connection. */
  get waitingKeys(): ReadonlySet<string> {
    return this.#keys.value ?? noKeys;
  }

  get centre(): Values<'centre'> {
    return this.records.get('centre', 'centre')?.values ?? {};
  }

  /** The centre's time zone decides «сегодня», not this computer's. */
  get zone(): string {
    return this.centre.timeZone ?? defaultZone;
  }

  get today(): string {
    return plainDateAt(this.app.now(), this.zone);
  }

  get language(): Language {
    return getLocale();
  }

  personName(id: string | undefined): string {
    const values = id === undefined ? undefined : this.records.get('person', id)?.values;
    if (values === undefined) return m.office_unknown_person();
    if (values.erased !== undefined) return m.person_erased();
    return fullName({
      surname: values.surname ?? '',
      name: values.name ?? '',
      patronymic: values.patronymic
    });
  }

  settlementName(id: string | undefined): string {
    return (id === undefined ? undefined : this.records.get('settlement', id)?.values.name) ?? '';
  }

  organisationName(id: string | undefined): string {
    const values = id === undefined ? undefined : this.records.get('organisation', id)?.values;
    return values?.shortName ?? values?.name ?? '';
  }

  groupName(id: string | undefined): string {
    return (id === undefined ? undefined : this.records.get('group', id)?.values.name) ?? '';
  }

  /** A questionnaire's version; undefined while it has not arrived or cannot be read by this program. */
  form(id: string | undefined, version: number | undefined): Form | undefined {
    if (id === undefined) return undefined;
    const row = this.records.get('form', id) ?? this.records.get('form', joinIds(id, String(version ?? 0)));
    const parsed = parseForm(row?.values.definition);
    return parsed.ok ? parsed.value : undefined;
  }

  /** People who work at the centre, by name. */
  get staff(): readonly { readonly value: string; readonly label: string }[] {
    return byLabel([...this.records.all('staff').values()].map(({ id, values }) => option(id, values.name)));
  }

  get settlements(): readonly { readonly value: string; readonly label: string }[] {
    return byLabel(
      [...this.records.all('settlement').values()].map(({ id, values }) => option(id, values.name))
    );
  }

  get organisations(): readonly { readonly value: string; readonly label: string }[] {
    return byLabel(
      [...this.records.all('organisation').values()].map(({ id, values }) =>
        option(id, values.shortName ?? values.name)
      )
    );
  }

  get groups(): readonly { readonly value: string; readonly label: string }[] {
    return byLabel([...this.records.all('group').values()].map(({ id, values }) => option(id, values.name)));
  }

  /** Name of somebody who works at the centre, in the nominative. */
  staffName(id: string | undefined): string {
    if (id === undefined || id === '') return '';
    return this.records.get('staff', id)?.values.name ?? id;
  }
}

function option(
  value: string,
  label: string | undefined
): { readonly value: string; readonly label: string } {
  return { value, label: label ?? value };
}

function byLabel<Option extends { readonly label: string }>(options: readonly Option[]): readonly Option[] {
  const collator = new Intl.Collator('ru', { numeric: true });
  return [...options].sort((left, right) => collator.compare(left.label, right.label));
}

export const [useDesk, provideDesk] = createContext<Desk>();
