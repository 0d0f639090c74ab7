// {"title": "Time to convert", "menu": "Acquisition", "order": 60, "needs": "reports:read", "bar": ["period", "conversion"], "words": "lag how long days delay"}
/** How long customers take: from their first and from their last touch to the conversion. */

import { BarList } from '../../parts/bar-list';
import { BehaviourEdge, periodOf } from '../../parts/behaviour';
import { SaveView } from '../../parts/save-view';
import { usePost } from '../../shared/asking';
import { count, duration } from '../../shared/format';
import { Card, Loaded, Notice } from '../../shared/pieces';
import { NothingHere, PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { LagsIn, LagsOfOut, LagsOut } from '../../types';

const BINS: Record<string, string> = {
  0: 'At once', '<1h': 'Under 1 hour', '<1d': '1 to 24 hours', '1-3d': '1 to 3 days', '4-7d': '4 to 7 days', '8-14d': '8 to 14 days', '15-30d': '15 to 30 days', '31-60d': '31 to 60 days', '61-90d': '61 to 90 days', '>90d': 'Over 90 days',
};

export default function TimeToConvert() {
  const view = useView();
  const body: LagsIn = { conversion: view.conversion, period: periodOf(view) };
  const found = usePost<LagsOut>(`/v1/sites/${view.site.site_id}/time-to-convert/query`, body);
  return (
    <>
      <PageHead title="Time to convert" about="How much time lies between a touch and the conversion. It says how long to wait before judging a campaign.">
        <SaveView site={view.site.site_id} kind="TIME_TO_CONVERT" question={body} />
      </PageHead>
      <Loaded of={found} rows={6} tall>{(answer) => (answer.conversions ? (
        <>
          <BehaviourEdge found={answer} />
          {answer.no_touch > 0 && <Notice look="plain">{plural(answer.no_touch, { one: '{n} conversion has no known touch and is not in these figures.', other: '{n} conversions have no known touch and are not in these figures.' })}</Notice>}
          <div class="columns">
            <Lags title="From the first touch" lags={answer.first} bins={answer.bins} />
            <Lags title="From the last touch" lags={answer.last} bins={answer.bins} />
          </div>
        </>
      ) : <Card><NothingHere view={view} what="conversions" /></Card>)}</Loaded>
    </>
  );
}

function Lags({ title, lags, bins }: { title: string; lags: LagsOfOut; bins: readonly string[] }) {
  const places = { p50: duration(lags.p50_ms), p90: duration(lags.p90_ms) };
  return (
    <Card title={title}>
      <p>{t('Half convert within {p50}, nine of ten within {p90}.', places)}</p>
      <BarList summary={t('{title}: half within {p50}, nine of ten within {p90}.', { title, ...places })} head="Time"
        bars={bins.map((bin, at) => ({ name: BINS[bin] ?? bin, value: lags.bins[at] ?? 0, text: count(lags.bins[at] ?? 0) }))} />
    </Card>
  );
}
