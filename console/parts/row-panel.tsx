/** The panel beside a report: one row over time, its landing pages, and the conversions it earned. */

import { useEffect, useRef } from 'preact/hooks';
import { CLAIMED_BY, ClaimOfCampaign } from './claim-of-campaign';
import { hrefOf, setParams } from '../shared/address';
import { withParams } from '../shared/api';
import { useGet } from '../shared/asking';
import { CREDITED, dimensionTitle } from '../shared/catalogue';
import { bucketFor } from '../shared/days';
import { NO_VALUE, count, money, percent, valueText, valueTitle } from '../shared/format';
import { filtersText, isValue, type Group } from '../shared/filters';
import { Card, Loaded, When } from '../shared/pieces';
import { filtersOf, isFiltered, usable, useQuestion } from '../shared/question';
import { DataTable, linesOf, metricColumns } from '../shared/table';
import type { View } from '../shared/view';
import { plural, t } from '../shared/words';
import type { ExplanationOut } from '../types';
import { SeriesChart } from '../shared/series';
import { MetricTile } from '../shared/tiles';

/** Our figure beside the platform's claim of the same. */
const PAID = ['revenue', 'spend', 'roas', 'claimed_roas', 'conversions', 'claimed_conversions', 'visits'];
const OTHERS = ['revenue', 'conversions', 'visits', 'spend', 'roas', 'cpa', 'people', 'events', 'event_people'];

/** What platforms have an id of, and a name. */
const NAMED = ['platform_campaign', 'platform_group', 'platform_ad'];

export function RowPanel({ view, dimension, value }: { view: View; dimension: string; value: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const filters = [isValue(dimension, value)];
  const isClaimed = CLAIMED_BY.includes(dimension);
  const metrics = usable(isClaimed ? PAID : OTHERS, [...filtersOf(view), ...filters]).slice(0, 6);
  const bucket = bucketFor(view.from, view.to);
  const series = useQuestion(view, { metrics, dimensions: [bucket], filters });
  const named = useQuestion(view, NAMED.includes(dimension) ? { metrics: ['spend'], dimensions: [dimension], filters, limit: 1, compare: 'NONE' } : null);
  const title = named.answer?.labels[dimension]?.[value] ?? valueTitle(dimension, value);
  const where = filtersText([...view.filters, ...filters]);
  return (
    <dialog ref={dialog} class="side" aria-label={title} onClose={() => setParams({ row: null })}>
      <div class="side-head">
        <div><p class="soft small">{dimensionTitle(dimension)}</p><h2>{title}</h2></div>
        <button type="button" class="button second short" onClick={() => dialog.current?.close()}>Close</button>
      </div>
      <p><a href={hrefOf('', { where, row: null }).replace(/^\/console/, location.pathname)}>Show only this in the report</a></p>
      <Loaded of={series} rows={3} tall>{(answer) => (
        <>
          <div class="tiles">{metrics.map((metric) => <MetricTile key={metric} metric={metric} answer={answer} />)}</div>
          <Card title="Over time"><SeriesChart answer={answer} bucket={bucket} metrics={metrics.slice(0, 1)} height={180} /></Card>
        </>
      )}</Loaded>
      {isClaimed && <ClaimOfCampaign view={view} dimension={dimension} value={value} />}
      {dimension !== 'landing_page' && <Landing view={view} filters={filters} />}
      {CREDITED.includes(dimension) && <Earned view={view} dimension={dimension} value={value} />}
    </dialog>
  );
}

function Landing({ view, filters }: { view: View; filters: readonly Group[] }) {
  const metrics = usable(['revenue', 'conversions', 'visits'], [...filtersOf(view), ...filters], ['landing_page']);
  const question = useQuestion(view, { metrics, dimensions: ['landing_page'], filters, limit: 10, compare: 'NONE' });
  if (!metrics.length) return null;
  return (
    <Card title="Landing pages">
      <Loaded of={question}>{(answer) => (
        <DataTable head="Landing page" caption="Landing pages" columns={metricColumns(metrics, answer.currency)}
          lines={linesOf(answer, ({ keys: [page = ''] }) => ({ key: page, plain: page || NO_VALUE, name: valueText(page) }))} />
      )}</Loaded>
    </Card>
  );
}

/** The conversions whose paths hold this value, most revenue first. */
function Earned({ view, dimension, value }: { view: View; dimension: string; value: string }) {
  const explained = useGet<ExplanationOut>(withParams(`/v1/sites/${view.site.site_id}/attribution/explain?value=${encodeURIComponent(value)}`, {
    by: dimension, model: view.model, from: view.from, to: view.to, conversion: view.conversion, limit: 20,
  }));
  return (
    <Card title="Conversions it earned" about={isFiltered(view) ? 'The credit is this row’s share of each conversion, whatever the filters. Open one to see its whole path.' : 'The credit is this row’s share of each conversion. Open one to see its whole path.'}>
      <Loaded of={explained}>{({ items, totals, currency }) => (
        <>
          <p>{plural(totals.conversions, { one: '{n} conversion, {money} of credit.', other: '{n} conversions, {money} of credit.' }, { money: money(totals.revenue_micros, currency) })}</p>
          <div class="scroll" tabIndex={0} role="group" aria-label="Conversions it earned">
            <table>
              <thead><tr><th scope="col">Conversion</th><th scope="col">When</th><th scope="col" class="number">Value</th><th scope="col" class="number">Share</th></tr></thead>
              <tbody>{items.map((one) => (
                <tr key={one.conversion_id}>
                  <th scope="row"><a href={hrefOf('conversion', { id: one.conversion_id, row: null })}>{one.name}</a></th>
                  <td><When at={one.occurred_at} /></td>
                  <td class="number">{money(one.value_micros, one.currency)}</td>
                  <td class="number">{percent(one.touches.reduce((sum, touch) => sum + touch.weight, 0))}</td>
                </tr>
              ))}</tbody>
            </table>
          </div>
          {items.length < totals.conversions && <p class="soft small">{t('The {shown} with the most revenue of {all}.', { shown: count(items.length), all: count(totals.conversions) })}</p>}
        </>
      )}</Loaded>
    </Card>
  );
}
