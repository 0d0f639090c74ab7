/** What several models give the values of a dimension: from one reading of all models, or, with filters, a question for each. */

import { ask, withParams } from '../shared/api';
import { useAsked, type Asked } from '../shared/asking';
import { bodyOf, isFiltered, valueOf, type Answer } from '../shared/question';
import type { View } from '../shared/view';
import type { ComparisonOut, Model, VerdictOut } from '../types';

export interface Credit { conversions: number; revenue_micros: number }
/** A value of the dimension, with what each model gives it; `then`: by what was known on the day that is compared with. */
export interface ComparedRow { value: string; now: Record<string, Credit>; then: Record<string, Credit> | null }
export interface Compared {
  currency: string;
  rows: ComparedRow[];
  totals: Record<string, number>;
  /** Conversions for which a model has no result, as far as that is told by number. */
  missing: { model: Model; count: number; verdict: VerdictOut | null }[];
  notes: string[];
}

const MOST = 500;
const METRICS = ['revenue', 'conversions'];

export function useCompared(view: View, models: readonly Model[], by: string, asOf: string | null): Asked<Compared> {
  const asked = { models: models.join(','), by, from: view.from, to: view.to, conversion: view.conversion, as_of: asOf };
  const path = withParams(`/v1/sites/${view.site.site_id}/attribution/compare`, asked);
  const question = isFiltered({ ...view, conversion: '' }) ? questionOf(view, by) : null;
  return useAsked<Compared>(`${path} ${JSON.stringify(question)}`, async (signal) => (
    question ? filtered(view, models, question, asOf, signal) : of(await ask<ComparisonOut>('GET', path, undefined, signal), by)
  ), `${by} ${models.join()} ${asOf ?? ''}`);
}

const questionOf = (view: View, by: string) => ({
  ...bodyOf(view, { metrics: METRICS, dimensions: [by], limit: MOST, compare: 'NONE' }), basis: 'CONVERSION_DAY' as const,
});

function of(found: ComparisonOut, by: string): Compared {
  const rows = found.rows as unknown as (Omit<ComparedRow, 'value'> & Record<string, unknown>)[];
  return {
    currency: found.currency,
    rows: rows.map((row) => ({ value: String(row[by] ?? ''), now: row.now, then: row.then })),
    totals: Object.fromEntries(found.now.map((one) => [one.model, one.revenue_micros])),
    missing: found.now.map((one) => ({ model: one.model, count: one.not_computed, verdict: one.verdict })),
    notes: [],
  };
}

async function filtered(view: View, models: readonly Model[], question: ReturnType<typeof questionOf>, asOf: string | null, signal: AbortSignal): Promise<Compared> {
  const answerOf = (model: Model, as_of: string | null) => ask<Answer>('POST', `/v1/sites/${view.site.site_id}/query`, { ...question, model, as_of }, signal);
  const [now, then] = await Promise.all([
    Promise.all(models.map((model) => answerOf(model, null))),
    asOf ? Promise.all(models.map((model) => answerOf(model, asOf))) : null,
  ]);
  const values = [...new Set([...now, ...then ?? []].flatMap(({ rows }) => rows.map(({ keys }) => keys[0] ?? '')))];
  const credits = (answers: readonly Answer[], value: string): Record<string, Credit> => Object.fromEntries(answers.map((answer, at) => {
    const row = answer.rows.find(({ keys }) => keys[0] === value);
    return [models[at], { conversions: row ? valueOf(answer, row, 'conversions') ?? 0 : 0, revenue_micros: row ? valueOf(answer, row, 'revenue') ?? 0 : 0 }];
  }));
  const rows = values.map((value): ComparedRow => ({ value, now: credits(now, value), then: then && credits(then, value) }));
  const most = ({ now: of }: ComparedRow) => Math.max(...Object.values(of).map(({ revenue_micros: micros }) => micros));
  return {
    currency: now[0]?.currency ?? '',
    rows: rows.sort((a, b) => most(b) - most(a) || a.value.localeCompare(b.value)),
    totals: Object.fromEntries(now.map((answer, at) => [models[at], valueOf(answer, answer.totals, 'revenue') ?? 0])),
    missing: [],
    notes: [...new Set(now.flatMap(({ notes }) => notes.filter(({ kind }) => kind === 'NOT_COMPUTED' || kind === 'NOTHING_FOUND').map(({ text }) => text)))],
  };
}
