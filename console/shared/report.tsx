/** What every report shows beside its numbers: which days, until when, what is left out, and why there is nothing. */

import type { ComponentChildren } from 'preact';
import { hrefOf } from './address';
import { METRICS, dimensionOf, dimensionTitle, metricTitle, type Source } from './catalogue';
import { rangeText } from './days';
import { modelTitle } from './models';
import { Empty, Notice } from './pieces';
import { filtersOf, isFiltered, type Answer } from './question';
import { BASES, type View } from './view';
import { t } from './words';

export function PageHead({ title, about, children }: { title: ComponentChildren; about?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="page-head">
      <div><h1 tabIndex={-1}>{title}</h1>{about && <p class="soft">{about}</p>}</div>
      {children && <div class="actions">{children}</div>}
    </header>
  );
}

/** Days, model, basis, zone and age of an answer, in one line. */
export function Edge({ answer, money = true }: { answer: Answer; money?: boolean }) {
  const { period, timezone, compared, incomplete_days: open } = answer;
  const parts = [compared
    ? t(answer.totals.before.length || !answer.rows.length ? '{range} beside {before}' : '{range}, nothing was counted in {before} to compare with', { range: rangeText(period.from, period.to), before: rangeText(compared.from, compared.to) })
    : rangeText(period.from, period.to)];
  if (money) parts.push(modelTitle(answer.model), t('by {basis}', { basis: BASES[answer.basis].toLowerCase() }));
  parts.push(untilText(answer.data_until, timezone, open.length > 0));
  return <p class="edge">{parts.join(' · ')}</p>;
}

/** Until when numbers are counted, by the clock of the site, which is named. */
export const untilText = (until: string, timezone: string, open: boolean): string => t(open ? 'data until {time} ({zone}), the last day is not over' : 'data until {time} ({zone})', {
  time: new Date(until).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: timezone }), zone: timezone,
});

/** Notes of what is so every day: no warnings. */
const USUAL: readonly string[] = ['NOT_ADDITIVE', 'WHOLE_DAYS_COMPARED', 'PROVISIONAL_DAYS', 'SUPERSEDED', 'CLAIMS_APART'];

/** Sentences that a reader of the numbers has to know. */
export const Notes = ({ answer }: { answer: Answer }) => (
  <>{answer.notes.filter(({ kind }) => kind !== 'MORE_ROWS').map(({ kind, text }) => (
    <Notice key={kind} look={USUAL.includes(kind) ? 'plain' : 'warn'}>
      {text}{kind === 'NOT_COMPUTED' && answer.model === 'CUSTOM' && <> It needs the site’s own weights: set them in the <a href={hrefOf('attribution-settings')}>attribution settings</a>.</>}
    </Notice>
  ))}</>
);

/** Metrics that cannot be shown because their source does not know a filter. */
export function LeftOut({ metrics, view, by = [] }: { metrics: readonly string[]; view: View; by?: readonly string[] }) {
  if (!metrics.length) return null;
  const sources = new Set(metrics.flatMap((name) => METRICS[name]?.sources ?? []));
  const filters = [...by, ...filtersOf(view).flat().map(({ dimension }) => dimension)].filter((name) => [...sources].some((source) => !dimensionOf(name)?.sources.includes(source))).map(dimensionTitle);
  return (
    <Notice look="plain">{t('Not shown, because they are not known by {filters}: {metrics}.', {
      filters: [...new Set(filters)].join(', ').toLowerCase(), metrics: metrics.map(metricTitle).join(', '),
    })}</Notice>
  );
}

/** In the place of a report whose numbers do not know a filter that is set. */
export function CannotFilter({ view, source }: { view: View; source: Source }) {
  const names = filtersOf(view).flat().filter(({ dimension }) => !dimensionOf(dimension)?.sources.includes(source)).map(({ dimension }) => dimensionTitle(dimension));
  return (
    <Empty title={t('This report cannot be filtered by {filters}', { filters: [...new Set(names)].join(', ').toLowerCase() })}>
      <p><a class="button second short" href={unfiltered()}>Remove the filters</a></p>
    </Empty>
  );
}

const unfiltered = (): string => hrefOf('', { where: null, segment: null, conversion: null }).replace(/^\/console/, location.pathname);

/** Nothing in these days, or nothing that the filters let through. */
export function NothingHere({ view, what }: { view: View; what: string }) {
  if (isFiltered(view)) {
    return (
      <Empty title={t('No {what} match the filters', { what })}>
        <p><a class="button second short" href={unfiltered()}>Remove the filters</a></p>
      </Empty>
    );
  }
  return (
    <Empty title={t('No {what} in these days', { what })}>
      <p>Choose other days, or <a href={hrefOf('install')}>check the installation</a>.</p>
    </Empty>
  );
}
