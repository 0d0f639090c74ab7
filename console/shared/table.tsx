/** Tables of reports: sorted by a click, with bars, changes, totals and a file to save. On a phone rows become cards. */

import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useKept } from './address';
import { metricTitle, METRICS } from './catalogue';
import { change, metricText } from './format';
import { Term } from './pieces';
import { beforeOf, valueOf, type Answer, type Row } from './question';
import { csvOf, save } from './csv';
import { t } from './words';

export interface Column {
  name: string;
  title: string;
  about?: string;
  text: (value: number | null) => string;
  less?: boolean;
  /** Its numbers are micros of a currency. */
  micros?: boolean;
}

/** Metrics as columns. */
export const metricColumns = (metrics: readonly string[], currency: string): Column[] => metrics.map((name) => ({
  name, title: metricTitle(name), about: METRICS[name]?.about ?? '', less: METRICS[name]?.less ?? false,
  micros: METRICS[name]?.kind === 'MONEY',
  text: (value) => metricText(name, value, currency),
}));

export interface Line {
  key: string;
  name: ComponentChildren;
  /** The name as a plain text, for sorting, searching and the file. */
  plain: string;
  values: readonly (number | null)[];
  before?: readonly (number | null)[];
  /** How deep a row lies under others. */
  depth?: number;
  onOpen?: () => void;
}

interface Props {
  /** What the rows are, such as Channel. */
  head: string;
  columns: readonly Column[];
  lines: readonly Line[];
  totals?: readonly (number | null)[];
  caption: string;
  /** The file's name; no button without one. */
  file?: string;
  /** The address keeps how it is sorted and searched: one table of a page. */
  kept?: boolean;
  /** Rows keep their order: they are nested. */
  ordered?: boolean;
  search?: boolean;
  /** How many rows are shown before a button shows the others. */
  first?: number;
  /** The column that has bars; the first if left out. */
  bars?: number;
  foot?: ComponentChildren;
}

const STEP = 25;
const NAME = 'name';

/** `-revenue` is by revenue, the most first; a column that is not there sorts nothing. */
function sortOf(text: string, columns: readonly Column[]): { at: number; down: boolean } | null {
  const name = text.replace(/^-/, '');
  const at = columns.findIndex((column) => column.name === name);
  return at >= 0 || name === NAME ? { at, down: text.startsWith('-') } : null;
}

export function DataTable({ head, columns, lines, totals, caption, file, ordered, search, kept, first = STEP, bars = 0, foot }: Props) {
  const [sorting, setSorting] = useKept(kept ? 'sort' : undefined);
  const [wanted, setWanted] = useKept(kept ? 'find' : undefined);
  const [most, setMost] = useState(first);
  const sort = sortOf(sorting, columns);
  const listed = useMemo(() => {
    const found = wanted ? lines.filter(({ plain }) => plain.toLowerCase().includes(wanted.toLowerCase())) : [...lines];
    return sort ? found.sort((a, b) => compared(a, b, sort.at, sort.down)) : found;
  }, [lines, wanted, sorting]);
  const top = Math.max(...lines.map(({ values }) => values[bars] ?? 0), 0);
  const by = (at: number) => {
    const down = sort?.at === at ? !sort.down : at >= 0;
    setSorting(`${down ? '-' : ''}${columns[at]?.name ?? NAME}`);
  };
  return (
    <div class="data">
      {(search || file) && (
        <div class="data-tools">
          {search && lines.length > 5 && <input type="search" class="short-input" placeholder={t('Search {count} rows', { count: lines.length })} aria-label={`Search ${head.toLowerCase()}`}
            value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />}
          {file && <button type="button" class="button second short" onClick={() => save(`${file}.csv`, csvOf(head, columns, listed))}>Save as CSV</button>}
        </div>
      )}
      <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
        <table class="table-cards" role="table">
          <caption class="quiet">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <Head title={head} sorted={sort?.at === -1 ? sort.down : null} onSort={ordered ? undefined : () => by(-1)} />
              {columns.map((column, at) => (
                <Head key={column.name} title={column.title} about={column.about} number sorted={sort?.at === at ? sort.down : null} onSort={ordered ? undefined : () => by(at)} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {listed.slice(0, most).map((line) => <Body key={line.key} line={line} columns={columns} top={top} bars={bars} />)}
          </tbody>
          {totals && (
            <tfoot role="rowgroup"><tr role="row"><th role="rowheader" scope="row">Total</th>
              {columns.map((column, at) => <td key={column.name} role="cell" class="number" data-label={column.title}>{column.text(totals[at] ?? null)}</td>)}
            </tr></tfoot>
          )}
        </table>
      </div>
      {!listed.length && <p class="nothing">Nothing here matches “{wanted}”.</p>}
      {listed.length > most && <button type="button" class="button second short" onClick={() => setMost(most + 4 * STEP)}>{`Show more of ${listed.length} rows`}</button>}
      {foot}
    </div>
  );
}

interface HeadProps { title: string; about?: string; number?: boolean; sorted: boolean | null; onSort?: () => void }

function Head({ title, about, number, sorted, onSort }: HeadProps) {
  const order = sorted === null ? undefined : sorted ? 'descending' as const : 'ascending' as const;
  return (
    <th role="columnheader" scope="col" class={number ? 'number' : ''} aria-sort={order}>
      {onSort ? <button type="button" class="sort" onClick={onSort}>{title}<i aria-hidden="true">{sorted === null ? '' : sorted ? '↓' : '↑'}</i></button> : title}
      {about && <Term about={about}>{null}</Term>}
    </th>
  );
}

function Body({ line, columns, top, bars }: { line: Line; columns: readonly Column[]; top: number; bars: number }) {
  const share = top > 0 ? Math.max(0, (line.values[bars] ?? 0) / top) : 0;
  return (
    <tr role="row" class={line.depth ? `depth-${line.depth}` : ''}>
      <th role="rowheader" scope="row">
        <span class="row-bar" style={{ inlineSize: `${(100 * share).toFixed(1)}%` }} aria-hidden="true" />
        <span class="row-name">{line.onOpen ? <button type="button" class="row-link" onClick={line.onOpen}>{line.name}</button> : line.name}</span>
      </th>
      {columns.map((column, at) => (
        <td key={column.name} role="cell" class="number" data-label={column.title}>
          {column.text(line.values[at] ?? null)}
          {line.before && at < line.before.length ? <Delta now={line.values[at] ?? null} before={line.before[at] ?? null} less={column.less} /> : null}
        </td>
      ))}
    </tr>
  );
}

/** How much a number changed: sign, arrow and colour. */
export function Delta({ now, before, less, text }: { now: number | null; before: number | null; less?: boolean; text?: string }) {
  const found = change(now, before, less);
  if (found.look === 'same' && now === before && !now) return null;
  const look = found.good === null ? 'same' : found.good ? 'good' : 'bad';
  const arrow = { up: '▲', down: '▼', same: '', new: '' }[found.look];
  return <span class={`delta ${look}`} title={text}><i aria-hidden="true">{arrow}</i>{found.text}</span>;
}

function compared(a: Line, b: Line, at: number, down: boolean): number {
  if (at < 0) return (down ? -1 : 1) * a.plain.localeCompare(b.plain);
  const [one, other] = [a.values[at] ?? null, b.values[at] ?? null];
  // What cannot be said comes last, whichever way the others go.
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  return (down ? -1 : 1) * (one - other);
}

/** The rows of an answer as lines of a table with some of its metrics; all if left out. */
export function linesOf(answer: Answer, of: (row: Row) => Omit<Line, 'values' | 'before'>, metrics = answer.metrics.map(({ name }) => name)): Line[] {
  return answer.rows.map((row) => ({
    ...of(row), values: metrics.map((name) => valueOf(answer, row, name)), before: row.before.length ? metrics.map((name) => beforeOf(answer, row, name)) : [],
  }));
}
