// {"title": "Paths", "menu": "Behaviour", "order": 40, "needs": "reports:read", "bar": ["period", "filters"], "params": {"by": ["page", "event", "channel"], "anchor": [], "direction": ["FORWARD", "BACKWARD"], "unit": ["SESSION", "CUSTOMER"], "depth": ["3", "4", "5", "6", "8", "10"], "nodes": ["5", "10", "15"]}, "words": "flow sankey next page before after navigation"}
/** Where people go next: from the beginning of a visit or from a page on, or back from it. */

import { BehaviourEdge, Notes } from '../../parts/behaviour';
import { Flows } from '../../parts/flows';
import { SaveView } from '../../parts/save-view';
import { stepsText } from '../../parts/steps-editor';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { dimensionTitle } from '../../shared/catalogue';
import { Pick } from '../../shared/pick';
import { Card, Loaded } from '../../shared/pieces';
import { filtersOf, segmentsOf, useQuestion } from '../../shared/question';
import { isValue, knows, sent } from '../../shared/filters';
import { CannotFilter, NothingHere, PageHead } from '../../shared/report';
import { periodOf, useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { PathsIn, PathsOut } from '../../types';

export default function Paths() {
  const view = useView();
  const url = useAddress();
  const get = (name: string, otherwise: string) => url.searchParams.get(name) || otherwise;
  const [by, anchor, direction] = [get('by', 'page'), get('anchor', ''), get('direction', 'FORWARD')];
  const body: PathsIn = {
    dimension: by as 'page', unit: get('unit', 'SESSION') as 'SESSION', anchor: anchor || null, direction: (anchor ? direction : 'FORWARD') as 'FORWARD',
    depth: Number(get('depth', '5')), most_nodes: Number(get('nodes', '5')), filters: sent(view.filters), segments: segmentsOf(view), period: periodOf(view),
  };
  const knownFilters = knows('events', filtersOf(view));
  const found = usePost<PathsOut>(`/v1/sites/${view.site.site_id}/paths/query`, knownFilters ? body : null, `${by} ${body.direction}`);
  const known = useQuestion({ ...view, filters: [], segments: [], conversion: '' }, { metrics: ['events'], dimensions: [by], limit: 100, compare: 'NONE' });
  const anchors = [...new Set([...(anchor ? [anchor] : []), ...known.answer?.rows.map(({ keys }) => keys[0] ?? '').filter(Boolean) ?? []])];
  const backward = Boolean(anchor) && direction === 'BACKWARD';
  return (
    <>
      <PageHead title="Paths" about="Each column is a step. All that is not shown by name is in “Other”, so every column adds up. Choose a node to see only what follows it.">
        <SaveView site={view.site.site_id} kind="PATHS" question={body} />
      </PageHead>
      <div class="actions picks">
        <Pick name="Steps are" value={by} options={[['page', 'Pages'], ['event', 'Events'], ['channel', 'Channels']]} onPick={(name) => setParams({ by: name, anchor: null })} />
        <Pick name="From" value={anchor} options={[['', 'The beginning'], ...anchors.map((name): [string, string] => [name, name])]} onPick={(name) => setParams({ anchor: name })} />
        {anchor && <Pick name="Direction" value={direction} options={[['FORWARD', 'What comes after'], ['BACKWARD', 'What came before']]} onPick={(name) => setParams({ direction: name })} />}
        <Pick name="Of" value={get('unit', 'SESSION')} options={[['SESSION', 'Visits'], ['CUSTOMER', 'People']]} onPick={(unit) => setParams({ unit })} />
        <Pick name="Columns" value={get('depth', '5')} options={['3', '4', '5', '6', '8', '10'].map((each): [string, string] => [each, each])} onPick={(depth) => setParams({ depth })} />
        <Pick name="Names a column" value={get('nodes', '5')} options={['5', '10', '15'].map((each): [string, string] => [each, each])} onPick={(nodes) => setParams({ nodes })} />
      </div>
      <Card title={anchor ? t(backward ? 'What came before {name}' : 'What comes after {name}', { name: anchor }) : t('{dimension}s, step by step', { dimension: dimensionTitle(by) })}
        aside={anchor && <span class="actions"><a class="button second short" href={hrefOf('paths', { by: by === 'page' ? null : by, anchor: null })}>Show all again</a>
          {by !== 'channel' && <a class="button second short" href={hrefOf('funnels', { steps: funnelOf(found.answer, by, anchor) })}>Make a funnel of it</a>}</span>}>
        {knownFilters ? <Loaded of={found} rows={6} tall>{(answer) => (answer.paths ? (
          <>
            <BehaviourEdge found={answer} />
            <Flows answer={answer} backward={backward} onChoose={(name) => setParams({ anchor: name })} />
          </>
        ) : <><Notes found={answer} /><NothingHere view={view} what="paths" /></>)}</Loaded> : <CannotFilter view={view} source="events" />}
      </Card>
    </>
  );
}

/** The most frequent way on from the anchor, as steps of a funnel. */
function funnelOf(answer: PathsOut | null, by: string, anchor: string): string {
  const way = [anchor];
  for (let step = 1; answer && step < 3; step += 1) {
    const [next] = answer.edges.filter((edge) => edge.step === step && edge.node === way.at(-1) && edge.next && edge.next !== 'Other').sort((a, b) => b.paths - a.paths);
    if (!next) break;
    way.push(next.next);
  }
  const steps = way.map((name) => (by === 'event' ? { event: name, filters: [] } : { event: 'page_view', filters: [isValue('page', name)] }));
  return stepsText(steps.length > 1 ? steps : [...steps, { event: '', filters: [] }]);
}
