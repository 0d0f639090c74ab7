/** A table by one dimension, whose rows open the next one: channel, campaign, ad, landing page. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { ExportMenu } from './export-menu';
import { SaveView } from './save-view';
import { setParams, useAddress, useKept } from '../shared/address';
import { ask, inWords } from '../shared/api';
import { dimensionTitle, metricTitle } from '../shared/catalogue';
import { NO_VALUE, valueTitle } from '../shared/format';
import { isValue, type Group } from '../shared/filters';
import { Card, Loaded, Popover } from '../shared/pieces';
import { bodyOf, filtersOf, split, usable, useQuestion, type Answer } from '../shared/question';
import { Edge, LeftOut, Notes, NothingHere } from '../shared/report';
import { DataTable, metricColumns, type Line } from '../shared/table';
import { say } from '../shared/toast';
import type { View } from '../shared/view';
import { t } from '../shared/words';

export const COLUMNS = ['revenue', 'conversions', 'visits', 'conversion_rate', 'spend', 'roas', 'cpa'];
const ALL = [...COLUMNS, 'order_value', 'people', 'engagement_rate', 'bounce_rate', 'page_views', 'pages_per_visit', 'visit_duration', 'claimed_conversions', 'claimed_revenue', 'claimed_roas', 'claimed_cpa', 'cac', 'clicks', 'impressions', 'cpc', 'cpm', 'ctr'];
const MOST = 500;
const NOTHING: ReadonlyMap<string, Answer> = new Map();

/** One opened row: the values of the dimensions above it. */
type Path = readonly string[];
/** How a path writes a value that is none; no other value is written so. */
const NONE = '=';
const keyOf = (path: Path): string => path.map((value) => encodeURIComponent(value).replaceAll('~', '%7E') || NONE).join('/');
/** The opened rows of an address; what is no path is none. */
function pathsOf(text: string): Path[] {
  try {
    return text.split('~').filter(Boolean).map((key) => key.split('/').map((value) => (value === NONE ? '' : decodeURIComponent(value))));
  } catch {
    return [];
  }
}
const filtersFor = (levels: readonly string[], path: Path): Group[] => path.map((value, depth) => isValue(levels[depth] ?? '', value));

interface Props { view: View; levels: readonly string[]; onOpen: (dimension: string, value: string) => void; file: string; columns?: readonly string[] }

export function Breakdown({ view, levels, onOpen, file, columns = COLUMNS }: Props) {
  const url = useAddress();
  const asked = (url.searchParams.get('columns') ?? '').split('.').filter((name) => ALL.includes(name));
  const wanted = asked.length ? asked : columns;
  const dimension = levels[0] ?? 'channel';
  const { shown, left } = split(view, wanted, [dimension]);
  const asks = { metrics: shown, dimensions: [dimension], limit: MOST };
  const question = useQuestion(view, asks);
  return (
    <Card title={t('By {dimension}', { dimension: dimensionTitle(dimension).toLowerCase() })} aside={(
      <div class="actions">
        <ColumnChoice chosen={wanted} />
        {asks.metrics.length > 0 && <ExportMenu site={view.site.site_id} question={bodyOf(view, asks)} file={file} />}
        <SaveView site={view.site.site_id} kind="QUESTION" question={bodyOf(view, asks)} />
      </div>
    )}>
      <LeftOut metrics={left} view={view} by={[dimension]} />
      <Loaded of={question} rows={8}>{(answer) => (
        <>
          <Edge answer={answer} />
          <Notes answer={answer} />
          {answer.rows.length
            ? <Nested key={JSON.stringify(levels)} view={view} answer={answer} levels={levels} metrics={shown} onOpen={onOpen} />
            : <NothingHere view={view} what="visits or sales" />}
        </>
      )}</Loaded>
    </Card>
  );
}

function ColumnChoice({ chosen }: { chosen: readonly string[] }) {
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((each) => each !== name) : ALL.filter((each) => each === name || chosen.includes(each));
    setParams({ columns: next.join('.') || null }, 'replace');
  };
  return (
    <Popover id="columns" look="button second short" opener="Columns">
      <fieldset class="presets"><legend>Columns</legend>
        {ALL.map((name) => <label key={name}><input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} /> {metricTitle(name)}</label>)}
      </fieldset>
    </Popover>
  );
}

interface NestedProps extends Omit<Props, 'file' | 'columns'> { answer: Answer; metrics: readonly string[] }

function Nested({ view, answer, levels, metrics, onOpen }: NestedProps) {
  const [opened, setOpened] = useKept('open');
  const open = useMemo(() => pathsOf(opened), [opened]);
  const setOpen = (paths: readonly Path[]) => setOpened(paths.map(keyOf).join('~'));
  const branches = useBranches(view, levels, metrics, open);
  const lines = useMemo(() => {
    const made: Line[] = [];
    const add = ({ rows, metrics: columns, labels: known, dimensions }: Answer, above: Path) => {
      const names = columns.map(({ name }) => name);
      const labels = known[dimensions[0] ?? ''] ?? {};
      for (const row of rows) {
        const path = [...above, row.keys[0] ?? ''];
        const key = keyOf(path);
        const isOpen = open.some((each) => keyOf(each) === key);
        const align = (values: readonly (number | null)[]) => metrics.map((name) => (names.includes(name) ? values[names.indexOf(name)] ?? null : null));
        made.push({
          key, depth: above.length, plain: labels[path.at(-1) ?? ''] || path.at(-1) || NO_VALUE,
          name: <RowName path={path} levels={levels} label={labels[path.at(-1) ?? '']} isOpen={isOpen} toggle={() => setOpen(isOpen ? open.filter((each) => keyOf(each) !== key) : [...open, path])} onOpen={onOpen} />,
          values: align(row.values), before: row.before.length ? align(row.before) : [],
        });
        const under = isOpen ? branches.get(key) : undefined;
        if (under) add(under, path);
      }
    };
    add(answer, []);
    return made;
  }, [answer, branches, open]);
  const head = levels.map(dimensionTitle).join(' › ');
  return (
    <DataTable head={dimensionTitle(levels[0] ?? '')} caption={t('Numbers by {dimension}', { dimension: head })} columns={metricColumns(metrics, answer.currency)} lines={lines}
      totals={metrics.map((name) => answer.totals.values[answer.metrics.findIndex((one) => one.name === name)] ?? null)}
      search kept ordered={open.length > 0} first={50} />
  );
}

interface NameProps { path: Path; levels: readonly string[]; label?: string; isOpen: boolean; toggle: () => void; onOpen: Props['onOpen'] }

function RowName({ path, levels, label, isOpen, toggle, onOpen }: NameProps) {
  const depth = path.length - 1;
  const value = path[depth] ?? '';
  const name = label || valueTitle(levels[depth] ?? '', value);
  const next = levels[depth + 1];
  return (
    <>
      {next && <button type="button" class="twist" aria-expanded={isOpen} onClick={toggle}
        aria-label={t('{dimension} of {name}', { dimension: dimensionTitle(next), name })}>{isOpen ? '▾' : '▸'}</button>}
      <button type="button" class="row-link" onClick={() => onOpen(levels[depth] ?? '', value)}>{name}</button>
    </>
  );
}

/** The rows under opened ones, asked for when they open. */
function useBranches(view: View, levels: readonly string[], metrics: readonly string[], open: readonly Path[]): ReadonlyMap<string, Answer> {
  const [found, setFound] = useState<{ about: string; rows: ReadonlyMap<string, Answer> }>({ about: '', rows: new Map() });
  const about = JSON.stringify([bodyOf(view, { metrics }), view.site.site_id, levels]);
  const rows = found.about === about ? found.rows : NOTHING;
  useEffect(() => {
    const end = new AbortController();
    for (const path of open) {
      const dimension = levels[path.length];
      if (!dimension || rows.has(keyOf(path))) continue;
      const filters = filtersFor(levels, path);
      const body = bodyOf(view, { metrics: usable(metrics, [...filtersOf(view), ...filters], [dimension]), dimensions: [dimension], filters, limit: MOST });
      ask<Answer>('POST', `/v1/sites/${view.site.site_id}/query`, body, end.signal).then(
        (answer) => setFound((last) => ({ about, rows: new Map([...(last.about === about ? last.rows : NOTHING), [keyOf(path), answer]]) })),
        (error: unknown) => { if (!end.signal.aborted) say(inWords(error)); });
    }
    return () => end.abort();
  }, [open, about]);
  return rows;
}

/** Opens a row of a report in the panel beside it. */
export const openRow = (dimension: string, value: string): void => setParams({ row: `${dimension}~${encodeURIComponent(value)}` });

/** The row that the address names. */
export function rowOf(text: string): readonly [dimension: string, value: string] | null {
  const at = text.indexOf('~');
  if (at < 0) return null;
  try {
    return [text.slice(0, at), decodeURIComponent(text.slice(at + 1))];
  } catch {
    return null;
  }
}

