import { tableTexts, type Column } from '$lib/ui/table-columns.ts';

/** Marks the file as UTF-8 for spreadsheets, which otherwise read Russian letters as noise. */
const byteOrderMark = '\uFEFF';

/** A table as CSV for Russian spreadsheets: «;» between cells, CRLF, UTF-8 with its mark. */
export function toCsv(lines: readonly (readonly string[])[]): string {
  return byteOrderMark + lines.map((line) => line.map(cell).join(';')).join('\r\n') + '\r\n';
}

/** Text that a spreadsheet would run as a formula is kept as text; a number or a telephone stays as it is. */
function cell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![\d\s()-]*$)/.test(text) ? `'${text}` : text;
  return /[;"\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a table as it is seen to the browser's downloads. */
export function downloadTable<Row>(
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[]
): void {
  downloadText(`${name}.csv`, 'text/csv;charset=utf-8', toCsv(tableTexts(rows, columns)));
}

export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
