// {"title": "Pages", "menu": "Behaviour", "order": 10, "needs": "reports:read", "bar": ["period", "compare", "filters"], "params": {"by": ["page", "entry_page", "exit_page", "hostname"], "row": [], "columns": [], "sort": [], "find": []}, "words": "content page views entry exit landing"}
/** Which pages people see, begin with and leave from. */

import { openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { setParams, useAddress } from '../../shared/address';
import { dimensionTitle } from '../../shared/catalogue';
import { NO_VALUE, valueText } from '../../shared/format';
import { Card, Loaded } from '../../shared/pieces';
import { isFiltered, split, useQuestion } from '../../shared/question';
import { Edge, LeftOut, NothingHere, Notes, PageHead } from '../../shared/report';
import { isValue } from '../../shared/filters';
import { DataTable, linesOf, metricColumns, type Column } from '../../shared/table';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';

const METRICS: Record<string, string[]> = {
  page: ['events', 'event_people'],
  hostname: ['events', 'event_people'],
  entry_page: ['visits', 'people', 'bounce_rate', 'pages_per_visit', 'visit_duration'],
  exit_page: ['visits', 'people', 'bounce_rate', 'visit_duration'],
};
const BY = Object.keys(METRICS);
/** Of pages and hosts, events are views. */
const OF_VIEWS: Record<string, Pick<Column, 'title' | 'about'>> = {
  events: { title: 'Page views', about: 'How often it was seen.' }, event_people: { title: 'People', about: 'Different people who saw it. One person can be in several rows.' },
};

export default function Pages() {
  const view = useView();
  const url = useAddress();
  const by = url.searchParams.get('by') || 'page';
  const { shown, left } = split(view, METRICS[by] ?? [], [by]);
  const ofViews = by === 'page' || by === 'hostname';
  const question = useQuestion(view, { metrics: shown, dimensions: [by], filters: ofViews ? [isValue('event', 'page_view')] : [], limit: 1000 });
  const row = rowOf(url.searchParams.get('row') ?? '');
  return (
    <>
      <PageHead title="Pages" about="Which pages people see, begin with and leave from." />
      <div class="tabs" role="group" aria-label="By">{BY.map((name) => (
        <button key={name} type="button" aria-current={name === by ? 'true' : undefined} onClick={() => setParams({ by: name === 'page' ? null : name, row: null, sort: null, find: null })}>{dimensionTitle(name)}</button>
      ))}</div>
      <Card title={t('By {dimension}', { dimension: dimensionTitle(by).toLowerCase() })}>
        <LeftOut metrics={left} view={view} />
        <Loaded of={question} rows={8}>{(answer) => (
          <>
            <Edge answer={answer} money={false} />
            {/* That no page view fits says nothing of filters where nobody set one. */}
            <Notes answer={isFiltered(view) ? answer : { ...answer, notes: answer.notes.filter(({ kind }) => kind !== 'NOTHING_FOUND') }} />
            {answer.rows.length ? (
              <DataTable head={dimensionTitle(by)} caption={t('Numbers by {dimension}', { dimension: dimensionTitle(by) })} columns={metricColumns(shown, answer.currency).map((column) => ({ ...column, ...(ofViews ? OF_VIEWS[column.name] : {}) }))}
                totals={answer.totals.values} file={`optiq-${by}`} kept search first={50}
                lines={linesOf(answer, ({ keys: [value = ''] }) => ({ key: value, plain: value || NO_VALUE, name: valueText(value), onOpen: () => openRow(by, value) }))} />
            ) : <NothingHere view={view} what="page views" />}
          </>
        )}</Loaded>
      </Card>
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}
