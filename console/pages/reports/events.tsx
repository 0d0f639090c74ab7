// {"title": "Events", "menu": "Behaviour", "order": 20, "needs": "reports:read", "bar": ["period", "compare", "filters"], "params": {"row": [], "sort": [], "find": [], "by": []}, "words": "actions track feature usage clicks"}
/** What people do: each event with how often and by how many. */

import { openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { TopSeries } from '../../shared/series';
import { setParams, useAddress } from '../../shared/address';
import { dimensionTitle, dimensionsOf } from '../../shared/catalogue';
import { NO_VALUE, eventText, valueText } from '../../shared/format';
import { Card, Loaded } from '../../shared/pieces';
import { split, useQuestion } from '../../shared/question';
import { Edge, LeftOut, NothingHere, Notes, PageHead } from '../../shared/report';
import { DataTable, linesOf, metricColumns } from '../../shared/table';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';

export default function Events() {
  const view = useView();
  const url = useAddress();
  const own = dimensionsOf(view.site).map(([name]) => name).filter((name) => name.startsWith('custom.'));
  const asked = url.searchParams.get('by') ?? '';
  const by = own.includes(asked) ? asked : 'event';
  const { shown, left } = split(view, ['events', 'event_people'], [by]);
  const question = useQuestion(view, { metrics: shown, dimensions: [by], limit: 1000 });
  const row = rowOf(url.searchParams.get('row') ?? '');
  return (
    <>
      <PageHead title="Events" about="Everything that pages and servers send, page views among it. An order that both report is two events, and one conversion." />
      {own.length > 0 && (
        <div class="tabs" role="group" aria-label="By">{['event', ...own].map((name) => (
          <button key={name} type="button" aria-current={name === by ? 'true' : undefined} onClick={() => setParams({ by: name === 'event' ? null : name, row: null, sort: null, find: null })}>{dimensionTitle(name)}</button>
        ))}</div>
      )}
      {shown.includes('events') && <Card title="Events over time"><TopSeries key={by} view={view} metric="events" dimension={by} /></Card>}
      <Card title={t('By {dimension}', { dimension: dimensionTitle(by).toLowerCase() })}>
        <LeftOut metrics={left} view={view} />
        <Loaded of={question} rows={8}>{(answer) => (
          <>
            <Edge answer={answer} money={false} />
            <Notes answer={answer} />
            {answer.rows.length ? (
              <DataTable head={dimensionTitle(by)} caption={t('Numbers by {dimension}', { dimension: dimensionTitle(by).toLowerCase() })} columns={metricColumns(shown, answer.currency)} totals={answer.totals.values} file="optiq-events" kept search first={50}
                lines={linesOf(answer, ({ keys: [value = ''] }) => ({ key: value, plain: by === 'event' ? eventText(value) : value || NO_VALUE, name: by === 'event' ? eventText(value) : valueText(value), onOpen: () => openRow(by, value) }))} />
            ) : <NothingHere view={view} what="events" />}
          </>
        )}</Loaded>
      </Card>
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}
