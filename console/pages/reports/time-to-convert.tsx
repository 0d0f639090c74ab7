// {"title": "Time to convert", "menu": "Acquisition", "order": 60, "needs": "reports:read", "bar": ["period", "filters", "conversion"], "words": "lag how long days delay"}
/** How long customers take: from their first and from their last touch to the conversion. */

import { BehaviourEdge, Notes } from '../../parts/behaviour';
import { Lags } from '../../parts/lags';
import { SaveView } from '../../parts/save-view';
import { usePost } from '../../shared/asking';
import { knows, sent } from '../../shared/filters';
import { Card, Loaded, Notice } from '../../shared/pieces';
import { filtersOf, segmentsOf } from '../../shared/question';
import { CannotFilter, NothingHere, PageHead } from '../../shared/report';
import { periodOf, useView } from '../../shared/view';
import { plural } from '../../shared/words';
import type { LagsIn, LagsOut } from '../../types';

export default function TimeToConvert() {
  const view = useView();
  const body: LagsIn = { conversion: view.conversion, filters: sent(view.filters), segments: segmentsOf(view), period: periodOf(view) };
  const known = knows('ledger', filtersOf(view));
  const found = usePost<LagsOut>(`/v1/sites/${view.site.site_id}/time-to-convert/query`, known ? body : null);
  return (
    <>
      <PageHead title="Time to convert" about="How much time lies between a touch and the conversion. It says how long to wait before judging a campaign.">
        <SaveView site={view.site.site_id} kind="TIME_TO_CONVERT" question={body} />
      </PageHead>
      {known ? <Loaded of={found} rows={6} tall>{(answer) => (answer.conversions ? (
        <>
          <BehaviourEdge found={answer} />
          {answer.no_touch > 0 && <Notice look="plain">{plural(answer.no_touch, { one: '{n} conversion has no known touch and is not in these figures.', other: '{n} conversions have no known touch and are not in these figures.' })}</Notice>}
          <div class="columns">
            <Card title="From the first touch"><Lags title="From the first touch" lags={answer.first} bins={answer.bins} /></Card>
            <Card title="From the last touch"><Lags title="From the last touch" lags={answer.last} bins={answer.bins} /></Card>
          </div>
        </>
      ) : <Card><Notes found={answer} /><NothingHere view={view} what="conversions" /></Card>)}</Loaded> : <Card><CannotFilter view={view} source="ledger" /></Card>}
    </>
  );
}
