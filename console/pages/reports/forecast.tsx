// {"title": "Forecast", "menu": "Acquisition", "order": 70, "site": true, "needs": "reports:read", "words": "prediction month end expected revenue spend budget pacing"}
/** What this month's revenue and spend will be, with the range in which four of five months end. */

import { FORECAST_TITLES, forecastText } from '../../shared/forecast';
import { useGet } from '../../shared/asking';
import { dayText } from '../../shared/days';
import { axisText, money } from '../../shared/format';
import { LineChart } from '../../shared/line-chart';
import { Card, Loaded, Notice, Term } from '../../shared/pieces';
import { PageHead, untilText } from '../../shared/report';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { ForecastOut, MetricForecastOut } from '../../types';

const ABOUT_METHOD = 'Each weekday is expected to be as its mean over eight weeks, and all as much larger or smaller as the last four weeks were. It knows no holidays, sales or plans.';

export default function Forecast() {
  const { site } = useView();
  const found = useGet<ForecastOut>(`/v1/sites/${site.site_id}/forecast`);
  return (
    <>
      <PageHead title="Forecast" about="Where this month will end, if it goes on as the weeks before." />
      <Loaded of={found} rows={6} tall>{(answer) => (
        <>
          <p class="edge">{dayText(answer.period.from, 'month', 'long')}{answer.data_until && ` · ${untilText(answer.data_until, answer.timezone, answer.incomplete_days.length > 0)}`}
            {' · '}<Term about={ABOUT_METHOD}>method: profile of weekdays</Term></p>
          {answer.metrics.map((one) => <Month key={one.metric} one={one} currency={answer.currency} />)}
        </>
      )}</Loaded>
    </>
  );
}

function Month({ one, currency }: { one: MetricForecastOut; currency: string }) {
  const title = FORECAST_TITLES[one.metric];
  const text = (value: number | null) => money(value, currency);
  return (
    <Card title={title}>
      <p class="lead">{forecastText(one, currency)}</p>
      {one.forecast_micros == null ? <Notice look="plain">{one.because}</Notice> : (
        <LineChart shared labels={one.days.map(({ day }) => dayText(day))} longLabels={one.days.map(({ day }) => dayText(day, 'day', 'long'))}
          summary={t('{metric} by day: what it was, and what is expected with the range of four of five days.', { metric: title })}
          series={[
            { name: title, text, axisText: (value) => axisText('revenue', value, currency), values: one.days.map(({ actual_micros: value, complete }) => (complete ? value : null)) },
            {
              name: 'Expected', colour: 0, dashed: true, text, values: one.days.map(({ expected_micros: value }) => value),
              band: one.days.map(({ low_micros: low, high_micros: high }) => (low == null || high == null ? null : [low, high])),
            },
          ]} />
      )}
    </Card>
  );
}
