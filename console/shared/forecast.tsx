/** The forecast of the month in words, and as a card. */

import { hrefOf } from './address';
import { useGet } from './asking';
import { money } from './format';
import { Card, Loaded } from './pieces';
import type { View } from './view';
import { t } from './words';
import type { ForecastOut, MetricForecastOut } from '../types';

export const FORECAST_TITLES: Record<MetricForecastOut['metric'], string> = { revenue: 'Revenue', spend: 'Spend' };

export function forecastText(one: MetricForecastOut, currency: string): string {
  const text = (value: number | null) => money(value, currency, true);
  if (one.forecast_micros == null) return t('{so_far} so far this month.', { so_far: text(one.so_far_micros) });
  return t('{so_far} so far. {forecast} by the end of the month, most likely between {low} and {high}.', {
    so_far: text(one.so_far_micros), forecast: text(one.forecast_micros), low: text(one.low_micros), high: text(one.high_micros),
  });
}

export function ForecastCard({ view }: { view: View }) {
  const found = useGet<ForecastOut>(`/v1/sites/${view.site.site_id}/forecast`);
  return (
    <Card title="This month" aside={<a href={hrefOf('forecast')}>Forecast</a>}>
      <Loaded of={found} rows={3}>{({ metrics, currency }) => (
        <div class="splits">{metrics.map((one) => <MonthBar key={one.metric} one={one} currency={currency} />)}</div>
      )}</Loaded>
    </Card>
  );
}

/** What there is of the month beside what is expected. */
function MonthBar({ one, currency }: { one: MetricForecastOut; currency: string }) {
  const end = one.forecast_micros ?? one.so_far_micros;
  return (
    <section aria-label={FORECAST_TITLES[one.metric]}>
      <h3>{FORECAST_TITLES[one.metric]}</h3>
      <div class="split-track month" style={{ '--part': String(end > 0 ? Math.min(1, one.so_far_micros / end).toFixed(4) : 0) }} />
      <p class="soft small">{forecastText(one, currency)}{one.forecast_micros == null && one.because && ` ${one.because}`}</p>
    </section>
  );
}
