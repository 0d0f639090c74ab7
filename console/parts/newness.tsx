/** New people beside those who came back: of visits, of conversions and of revenue. */

import { metricTitle } from '../shared/catalogue';
import { metricText, percent } from '../shared/format';
import { Card, Term } from '../shared/pieces';
import { Delta } from '../shared/table';
import { t } from '../shared/words';
import type { RowOut } from '../types';
import type { Newness as Numbers } from './overview-numbers';

const ABOUT: Record<string, string> = {
  visits: 'New: the first visit of a person. Returning: every later visit.',
  conversions: 'New: the first conversion of a person. Returning: every later one.',
  revenue: 'Revenue of first conversions beside that of later ones.',
};

export function Newness({ found }: { found: Numbers }) {
  const lines = [{ metric: 'visits', rows: found.visitors, at: 0 }, { metric: 'conversions', rows: found.customers, at: 0 }, { metric: 'revenue', rows: found.customers, at: 1 }];
  return (
    <Card title="New and returning">
      <div class="splits">{lines.map((line) => <Split key={line.metric} {...line} currency={found.currency} />)}</div>
    </Card>
  );
}

function Split({ metric, rows, at, currency }: { metric: string; rows: readonly RowOut[]; at: number; currency: string }) {
  const [fresh, back] = ['NEW', 'RETURNING'].map((name) => rows.find(({ keys }) => keys[0] === name));
  const [now, later] = [fresh?.values[at] ?? 0, back?.values[at] ?? 0];
  const sum = now + later;
  const side = (name: string, row: RowOut | undefined, value: number, colour: number) => (
    <div><span class={`soft small c${colour}`}><i class="key" /> {name}</span>
      <span><strong class="number">{metricText(metric, value, currency, true)}</strong> {sum > 0 && <span class="soft small">{percent(value / sum, 0)}</span>}{' '}
        {row?.before.length ? <Delta now={value} before={row.before[at] ?? null} text={t('Before: {value}', { value: metricText(metric, row.before[at] ?? null, currency) })} /> : null}</span></div>
  );
  return (
    <section aria-label={metricTitle(metric)}>
      <h3>{metricTitle(metric)}<Term about={ABOUT[metric] ?? ''}>{null}</Term></h3>
      <div class="split-track" style={{ '--part': String(sum > 0 ? (now / sum).toFixed(4) : 0) }} data-none={sum <= 0} />
      <div class="split-sides">{side('New', fresh, now, 3)}{side('Returning', back, later, 1)}</div>
    </section>
  );
}
