import * as v from 'valibot';

/** Who acts: the principal of a device, as the server knows it. */
export const roles = ['field', 'coordinator', 'administrator', 'respondent'] as const;
export type Role = (typeof roles)[number];

/** Unit of access and cursor. All who may read a stream see the same rows. */
export type Stream =
  | 'reference'
  | 'people'
  | 'attendance'
  | 'consultations'
  | 'answers'
  | 'office'
  | `private/${string}`
  | `own/${string}`;

export type FieldSchema = v.GenericSchema;
export type FieldEntries = Record<string, FieldSchema>;

/** The plain values of a record: absent = never touched or emptied. Unknown fields are kept beside the known ones. */
export type PlainValues = Readonly<Record<string, unknown>>;

/** What a record type is: its fields, who may write it, which streams carry it, what is contested. */
export interface RecordDefinition<Type extends string = string, Entries extends FieldEntries = FieldEntries> {
  readonly type: Type;
  /**
   * Schema of every field's value (without `null`, which empties a field). Any deletable record has `deletedAt`: set =
   * deleted, emptied = restored.
   */
  readonly fields: Entries;
  /** Without these the record is stored but incomplete: listed for the office and not counted. */
  readonly required: readonly string[];
  /** Fields whose losing concurrent value must be shown to the coordinator (I15). */
  readonly contested: readonly string[];
  /** A field that accompanies another (`at` of `status`): it wins or loses with it and is no conflict by itself. */
  readonly follows: Readonly<Record<string, string>>;
  /** Fields that hold personal data: they are erased with the person whose data they are (`sync/erasure.ts`). */
  readonly personal: readonly string[];
  /** Pure: whose data that are, besides the record's own: ids of people, or of a record that was erased with one. */
  readonly subjectsOf: (id: string, values: PlainValues) => readonly string[];
  /** Roles that may write this record at all; rules for single records are in `sync/scope.ts`. */
  readonly writers: readonly Role[];
  /** Pure: which 1–2 streams carry the record. */
  readonly streamsOf: (id: string, values: PlainValues) => readonly Stream[];
  /** The record that this one is listed under (the session of a mark, the project of an indicator), for an index. */
  readonly parentOf: (id: string, values: PlainValues) => string | undefined;
}

type Options<Type extends string, Entries extends FieldEntries> = Pick<
  RecordDefinition<Type, Entries>,
  'type' | 'fields' | 'writers' | 'streamsOf'
> &
  Partial<Pick<RecordDefinition<Type, Entries>, 'parentOf' | 'subjectsOf'>> & {
    readonly required?: readonly (keyof Entries & string)[];
    readonly contested?: readonly (keyof Entries & string)[];
    readonly personal?: readonly (keyof Entries & string)[];
    readonly follows?: { readonly [Field in keyof Entries & string]?: keyof Entries & string };
  };

/** Makes a record definition; what is left out means «nothing required, nothing contested, nothing personal, no parent». */
export function defineRecord<const Type extends string, Entries extends FieldEntries>(
  options: Options<Type, Entries>
): RecordDefinition<Type, Entries> {
  const { required = [], contested = [], personal = [], follows = {}, ...rest } = options;
  const { parentOf = () => undefined, subjectsOf = () => [], ...given } = rest;
  return { ...given, required, contested, personal, follows, parentOf, subjectsOf };
}

/** The typed values of a record type; every field may be absent, because records are born from single touched fields. */
export type ValuesOf<Definition> =
  Definition extends RecordDefinition<string, infer Entries>
    ? { readonly [Field in keyof Entries]?: v.InferOutput<Entries[Field]> }
    : never;

/** Keeps the fields of a stored record that fit the schema; a field written by a newer program is left aside, never an error. */
export function readValues(definition: RecordDefinition, values: PlainValues): PlainValues {
  const known: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries(definition.fields)) {
    const value = values[field];
    if (value === undefined || value === null) continue;
    const parsed = v.safeParse(schema, value);
    if (parsed.success) known[field] = parsed.output;
  }
  return known;
}

/**
 * Whether everything required is there, or was until it was erased: an incomplete record is listed for the office and not
 * counted.
 */
export function isComplete(definition: RecordDefinition, values: PlainValues): boolean {
  const erased = Array.isArray(values['erased']) ? values['erased'] : [];
  return definition.required.every(
    (field) => (values[field] !== undefined && values[field] !== null) || erased.includes(field)
  );
}

/** The parent of records whose parent is a plain field. */
export function parentField(field: string): (id: string, values: PlainValues) => string | undefined {
  return (_id, values) => {
    const parent = values[field];
    return typeof parent === 'string' ? parent : undefined;
  };
}

/** The parent of records whose predictable id begins with it (`session~person`). */
export function parentInId(id: string): string | undefined {
  return id.split('~')[0];
}

/** Those named by a plain field, for `subjectsOf`. */
export function subjectField(field: string): (id: string, values: PlainValues) => readonly string[] {
  return (_id, values) => {
    const subject = values[field];
    return typeof subject === 'string' ? [subject] : [];
  };
}

/** The one named by the last part of a predictable id (`session~person`), for `subjectsOf`. */
export function subjectInId(id: string): readonly string[] {
  return id.split('~').slice(1).slice(-1);
}
