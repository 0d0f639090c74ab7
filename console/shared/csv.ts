/** Files to save: CSV by RFC 4180, in which a cell cannot begin a formula. */

interface CsvColumn { title: string; name: string }
interface CsvLine { plain: string; depth?: number; values: readonly (number | null)[] }

/** Where a spreadsheet would begin to compute; kernel/spreadsheets.py says why these. */
const INVISIBLE = '\\u0000-\\u0020\\u007f-\\u009f\\s\\u00ad\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff';
const SIGNS = '=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\ufe66\\ufe62\\ufe63\\ufe6b';
const FORMULA = new RegExp(`(^|;)(?=[\t\r\n]|[${INVISIBLE}]*[${SIGNS}])|([\t\r\n])(?=[${INVISIBLE}]*[${SIGNS}])`, 'g');

/** A cell; a sign that a spreadsheet takes for a formula gets an apostrophe before it. */
export function cell(value: string | number | null): string {
  if (value == null) return '';
  if (typeof value === 'number') return String(value);
  const safe = value.replace(FORMULA, "$1$2'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of a table as CSV. Money is in micros in the API and in whole units here. */
export function csvOf(head: string, columns: readonly (CsvColumn & { micros?: boolean })[], lines: readonly CsvLine[]): string {
  const rows = lines.map((line) => [line.plain, ...columns.map(({ micros }, at) => {
    const value = line.values[at] ?? null;
    return value !== null && micros ? value / 1e6 : value;
  })]);
  return [[head, ...columns.map(({ title }) => title)], ...rows].map((row) => row.map(cell).join(',')).join('\r\n').concat('\r\n');
}

/** Gives the browser a file to save. */
export function save(name: string, content: string | Blob): void {
  const address = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type: 'text/csv;charset=utf-8' }) : content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
