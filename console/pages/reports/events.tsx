// {"title": "Events", "menu": "Behaviour", "order": 20, "needs": "reports:read", "bar": ["period", "compare", "filters"], "params": {"row": [], "sort": [], "find": []}, "words": "actions track feature usage clicks"}
/** What people do: each event with how often and by how many. */

import { openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { TopSeries } from '../../shared/series';
import { useAddress } from '../../shared/address';
import { Card, Loaded } from '../../shared/pieces';
import { split, useQuestion } from '../../shared/question';
import { Edge, LeftOut, NothingHere, Notes, PageHead } from '../../shared/report';
import { DataTable, linesOf, metricColumns } from '../../shared/table';
import { useView } from '../../shared/view';
import { isolated } from '../../shared/words';

export default function Events() {
  const view = useView();
  const url = useAddress();
  const { shown, left } = split(view, ['events', 'event_people'], ['event']);
  const question = useQuestion(view, { metrics: shown, dimensions: ['event'], limit: 1000 });
  const row = rowOf(url.searchParams.get('row') ?? '');
  return (
    <>
      <PageHead title="Events" about="Everything that pages and servers send, page views among it." />
      {shown.includes('events') && <Card title="Events over time"><TopSeries view={view} metric="events" dimension="event" /></Card>}
      <Card title="By event">
        <LeftOut metrics={left} view={view} />
        <Loaded of={question} rows={8}>{(answer) => (
          <>
            <Edge answer={answer} money={false} />
            <Notes answer={answer} />
            {answer.rows.length ? (
              <DataTable head="Event" caption="Numbers by event" columns={metricColumns(shown, answer.currency)} totals={answer.totals.values} file="optiq-events" kept search first={50}
                lines={linesOf(answer, ({ keys: [value = ''] }) => ({ key: value, plain: value || 'Page view', name: isolated(value) || 'Page view', onOpen: () => openRow('event', value) }))} />
            ) : <NothingHere view={view} what="events" />}
          </>
        )}</Loaded>
      </Card>
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}
