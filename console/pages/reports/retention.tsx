// {"title": "Retention", "menu": "Behaviour", "order": 50, "needs": "reports:read", "bar": ["period", "filters"], "usual": "last90d", "params": {"start": [], "back": [], "interval": ["DAY", "WEEK", "MONTH"], "mode": ["ON", "ON_OR_AFTER"], "first": ["EVER", "IN_PERIOD"]}, "words": "cohorts come back loyalty"}
/** Who comes back: people by the time of their first event, and the share of them that returns. */

import { BehaviourEdge, Notes } from '../../parts/behaviour';
import { Cohorts, Curve } from '../../parts/cohorts';
import { useEventNames } from '../../parts/event-names';
import { SaveView } from '../../parts/save-view';
import { setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { eventText } from '../../shared/format';
import { knows, sent } from '../../shared/filters';
import { filtersOf, segmentsOf } from '../../shared/question';
import { Pick } from '../../shared/pick';
import { Card, Loaded, Term } from '../../shared/pieces';
import { CannotFilter, NothingHere, PageHead } from '../../shared/report';
import { periodOf, useView } from '../../shared/view';
import type { RetentionIn, RetentionOut } from '../../types';

const INTERVALS: [string, string][] = [['DAY', 'Day'], ['WEEK', 'Week'], ['MONTH', 'Month']];

export default function Retention() {
  const view = useView('last90d');
  const url = useAddress();
  const { names: events } = useEventNames(view);
  const get = (name: string, otherwise: string) => url.searchParams.get(name) ?? otherwise;
  const interval = get('interval', 'WEEK') || 'WEEK';
  const choices: [string, string][] = [['', 'Any event'], ...events.map((name): [string, string] => [name, eventText(name)])];
  const body: RetentionIn = {
    start: { event: get('start', '') }, back: { event: get('back', '') }, interval: interval as 'WEEK', mode: (get('mode', 'ON') || 'ON') as 'ON',
    first: (get('first', 'EVER') || 'EVER') as 'EVER', filters: sent(view.filters), segments: segmentsOf(view), period: periodOf(view),
  };
  const known = knows('events', filtersOf(view));
  const found = usePost<RetentionOut>(`/v1/sites/${view.site.site_id}/retention/query`, known ? body : null, [interval, body.start.event, body.back.event].join());
  return (
    <>
      <PageHead title="Retention" about="People are grouped by when they first did something. Each row shows how many of them came back.">
        <SaveView site={view.site.site_id} kind="RETENTION" question={body} />
      </PageHead>
      <div class="actions after-form picks">
        <Pick name="First" value={get('start', '')} options={choices} onPick={(start) => setParams({ start })} />
        <Pick name="Then" value={get('back', '')} options={choices} onPick={(back) => setParams({ back })} />
        <Pick name="Every" value={interval} options={INTERVALS} onPick={(each) => setParams({ interval: each })} />
        <Pick name="Came back" value={get('mode', 'ON') || 'ON'} options={[['ON', 'in that time'], ['ON_OR_AFTER', 'then or later']]} onPick={(mode) => setParams({ mode })} />
        <Pick name="First means" value={get('first', 'EVER') || 'EVER'} options={[['EVER', 'the first ever'], ['IN_PERIOD', 'the first in these days']]} onPick={(first) => setParams({ first })} />
      </div>
      <Card title="Who comes back" aside={<Term about="A hatched cell has not ended yet: its share can still grow. The average leaves such cells out.">Hatched cells</Term>}>
        {known ? <Loaded of={found} rows={8}>{(answer) => (answer.cohorts.some(({ people }) => people > 0) ? (
          <>
            <BehaviourEdge found={answer} />
            <Curve answer={answer} interval={interval} />
            <Cohorts answer={answer} interval={interval} />
          </>
        ) : <><Notes found={answer} /><NothingHere view={view} what="such people" /></>)}</Loaded> : <CannotFilter view={view} source="events" />}
      </Card>
    </>
  );
}
