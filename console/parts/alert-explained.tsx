/** What an alert is explained by: the days before it with what was expected, and the parts of the site it came from. */

import { hrefOf } from '../shared/address';
import { dimensionTitle, METRICS, metricTitle } from '../shared/catalogue';
import { dayText } from '../shared/days';
import { filtersText, groupsOf } from '../shared/filters';
import { axisText, metricText, valueTitle } from '../shared/format';
import { LineChart } from '../shared/line-chart';
import { idsText } from '../shared/segments';
import { t } from '../shared/words';
import type { AlertOut } from '../types';

type Day = AlertOut['days'][number];

/** Money comes in units; the console counts it in micros, as questions do. */
export const scaled = (metric: string, value: number | null): number | null => (value == null || METRICS[metric]?.kind !== 'MONEY' ? value : value * 1e6);

const timeText = (day: string, how: 'short' | 'long' = 'short'): string => (
  day.includes('T') ? `${how === 'long' ? `${dayText(day.slice(0, 10), 'day', 'long')}, ` : ''}${day.slice(11)}` : dayText(day, 'day', how)
);

export function AlertExplained({ alert }: { alert: AlertOut }) {
  return (
    <>
      {alert.days.length > 1 && <Days alert={alert} />}
      {alert.contributors.length > 0 && <Parts alert={alert} />}
      {alert.question && <p class="after-form"><a href={reportOf(alert)}>Open the report of these days</a></p>}
    </>
  );
}

function Days({ alert }: { alert: AlertOut }) {
  const { metric, currency, days } = alert;
  const text = (value: number | null) => metricText(metric, value, currency);
  const of = (which: 'value' | 'usual') => days.map((day) => scaled(metric, day[which]));
  const band = days.map((day) => bandOf(metric, day));
  const expected = { name: 'Expected', colour: 0, dashed: true, text, values: of('usual'), ...(band.some(Boolean) ? { band } : {}) };
  return (
    <LineChart shared height={200} labels={days.map(({ period }) => timeText(period))} longLabels={days.map(({ period }) => timeText(period, 'long'))}
      summary={t(band.some(Boolean) ? '{metric} up to the alert, and what was expected. What lies in the shaded band is not odd.' : '{metric} up to the alert, and what was expected.', { metric: metricTitle(metric) })}
      series={[
        { name: metricTitle(metric), text, axisText: (value) => axisText(metric, value, currency), values: of('value') },
        ...(days.some(({ usual }) => usual != null) ? [expected] : []),
      ]} />
  );
}

function bandOf(metric: string, { low, high }: Day): readonly [number, number] | null {
  const [least, most] = [scaled(metric, low), scaled(metric, high)];
  return least == null || most == null ? null : [least, most];
}

function Parts({ alert }: { alert: AlertOut }) {
  const metric = alert.contributors_metric;
  const text = (value: number) => metricText(metric, scaled(metric, value), alert.currency);
  return (
    <>
      <h3>{t('Where {metric} moved most', { metric: metricTitle(metric).toLowerCase() })}</h3>
      <p class="soft small">Beside the same weekdays before, as credited by the site’s model.</p>
      <div class="scroll" tabIndex={0} role="group" aria-label={t('Where {metric} moved most', { metric: metricTitle(metric).toLowerCase() })}><table class="small">
      <thead><tr><th scope="col">Part</th><th scope="col" class="number">These days</th><th scope="col" class="number">Before</th></tr></thead>
      {[...new Set(alert.contributors.map((one) => one.dimension))].map((dimension) => (
        <tbody key={dimension}>
          <tr><th scope="rowgroup" colSpan={3} class="soft">{dimensionTitle(dimension)}</th></tr>
          {alert.contributors.filter((one) => one.dimension === dimension).map(({ name, value, usual }) => (
            <tr key={name}><th scope="row">{valueTitle(dimension, name)}</th><td class="number">{text(value)}</td><td class="number">{text(usual)}</td></tr>
          ))}
        </tbody>
      ))}
      </table></div>
    </>
  );
}

/** The report whose days and filters are the question's. */
function reportOf({ question }: AlertOut): string {
  const [from = '', to = ''] = question?.period.split('..') ?? [];
  return hrefOf('channels', {
    period: null, from, to, compare: question?.compare ?? null, where: filtersText(groupsOf(question?.filters)) || null, segment: idsText(question?.segments ?? []),
  });
}
