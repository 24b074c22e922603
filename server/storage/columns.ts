/** A table's columns without one of them. */
export function without<Columns extends object, Name extends keyof Columns>(
  columns: Columns,
  name: Name
): Omit<Columns, Name> {
  const rest = { ...columns };
  delete rest[name];
  return rest;
}
