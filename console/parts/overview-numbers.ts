/**
 * The numbers of the overview: in one answer from the packed rollups, which know no filters; else by questions.
 *
 * Rollups are counted every few minutes. A site of which they know nothing yet is asked about directly.
 */

import { withParams } from '../shared/api';
import { useGet, type Asked } from '../shared/asking';
import { beforeOf, comparable, isFiltered, split, useQuestion, valueOf, type Answer, type Row } from '../shared/question';
import { periodOf, type View } from '../shared/view';
import type { OverviewOut } from '../types';

export const TILES = ['revenue', 'spend', 'roas', 'conversions', 'cpa', 'visits'];
const OF_ROWS = ['revenue', 'conversions', 'roas', 'visits', 'spend'];
const MOST = 500;
const SHOWN = 5;
/** What visits and sales without a campaign are called. */
const NO_CAMPAIGN = ['(not set)', 'No tracked visit'];

/** The first rows by a dimension, and those that changed most by the first metric. */
export interface Tops { answer: Answer; changed: readonly Row[] }
/** New people beside those who came back, by visits and by conversions. */
export type Newness = Pick<OverviewOut, 'visitors' | 'customers' | 'currency'>;

export interface OverviewNumbers {
  numbers: Asked<Answer>;
  channels: Asked<Tops>;
  campaigns: Asked<Tops>;
  newness: Newness | null;
  /** Each part has a request of its own, and may fail alone. */
  apart: boolean;
}

export function useOverview(view: View, bucket: 'day' | 'week' | 'month'): OverviewNumbers {
  const packed = !isFiltered(view) && view.basis === 'CONVERSION_DAY';
  const found = useGet<OverviewOut>(packed ? withParams(`/v1/sites/${view.site.site_id}/overview`, {
    period: periodOf(view), compare: view.compare, model: view.model, interval: bucket.toUpperCase(),
  }) : '');
  const asksLake = !packed || Boolean(found.answer && isUnknown(found.answer));
  const numbers = useQuestion(view, asksLake ? { metrics: split(view, TILES).shown, dimensions: [bucket] } : null);
  const channels = useTops(view, 'channel', asksLake);
  const campaigns = useTops(view, 'campaign', asksLake);
  if (asksLake) return { numbers, channels, campaigns, newness: null, apart: true };
  const { answer } = found;
  const hasBefore = Boolean(answer?.totals.before.some((value) => value));
  const of = <Part>(part: Part | null): Asked<Part> => ({ ...found, answer: part });
  return {
    numbers: of(answer && answerOf(answer, [bucket], answer.series)),
    channels: of(answer && { answer: answerOf(answer, ['channel'], answer.channels), changed: hasBefore ? answer.changed_channels : [] }),
    campaigns: of(answer && { answer: answerOf(answer, ['campaign'], answer.campaigns), changed: hasBefore ? answer.changed_campaigns : [] }),
    newness: answer,
    apart: false,
  };
}

const isUnknown = ({ data_until: until, totals }: OverviewOut): boolean => !until || totals.values.every((value) => !value);

const answerOf = (found: OverviewOut, dimensions: string[], rows: Row[]): Answer => comparable({
  dimensions, rows, row_count: rows.length, metrics: found.metrics, totals: found.totals, currency: found.currency, timezone: found.timezone,
  model: found.model, basis: 'CONVERSION_DAY', period: found.period, compared: found.compared, compared_until: null,
  data_until: found.data_until ?? '', incomplete_days: found.incomplete_days, notes: found.notes, labels: {},
});

function useTops(view: View, dimension: string, asks: boolean): Asked<Tops> {
  const filters = dimension === 'campaign' ? [[{ dimension, operator: 'is_set' as const, values: [] }], [{ dimension, operator: 'is_not' as const, values: NO_CAMPAIGN }]] : [];
  const found = useQuestion(view, asks ? { metrics: split(view, OF_ROWS, [dimension]).shown, dimensions: [dimension], filters, limit: MOST } : null);
  const { answer } = found;
  return { ...found, answer: answer && { answer: { ...answer, rows: answer.rows.slice(0, SHOWN) }, changed: changedMost(answer) } };
}

function changedMost(answer: Answer): Row[] {
  const metric = answer.metrics[0]?.name ?? '';
  const changes = answer.totals.before.length ? answer.rows.map((row) => ({ row, by: Math.abs((valueOf(answer, row, metric) ?? 0) - (beforeOf(answer, row, metric) ?? 0)) })) : [];
  return changes.filter(({ by }) => by > 0).sort((a, b) => b.by - a.by).slice(0, SHOWN).map(({ row }) => row);
}

/** Up to four metrics of the rows: those of which at least one is known. */
export function columnsOf({ answer, changed }: Tops): string[] {
  const rows = [...answer.rows, ...changed];
  const known = OF_ROWS.filter((name) => answer.metrics.some((metric) => metric.name === name) && rows.some((row) => valueOf(answer, row, name)));
  return (known.length ? known : OF_ROWS).slice(0, 4);
}
