// {"title": "Funnels", "menu": "Behaviour", "order": 30, "needs": "reports:read", "bar": ["period", "filters"], "params": {"steps": [], "window": [], "order": ["LOOSE", "STRICT", "ANY"], "unit": ["CUSTOMER", "SESSION"], "by": [], "skip": [], "who": []}, "words": "drop off steps checkout conversion"}
/** A funnel of 2 to 10 steps: built with live counts, shown as bars with drop-off, by value and over time. */

import { BehaviourEdge, Notes } from '../../parts/behaviour';
import { useEventNames } from '../../parts/event-names';
import { FunnelChart } from '../../parts/funnel-chart';
import { SaveView } from '../../parts/save-view';
import { StepPeople, showWho, whoOf } from '../../parts/step-people';
import { StepCount } from '../../parts/step-count';
import { StepsEditor, nameOf, readSteps, stepsText, type Step } from '../../parts/steps-editor';
import { setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { dimensionTitle, dimensionsOf } from '../../shared/catalogue';
import { bucketFor, dayText } from '../../shared/days';
import { NO_VALUE, count, eventText, percent, valueText } from '../../shared/format';
import { knows, sent } from '../../shared/filters';
import { filtersOf, segmentsOf } from '../../shared/question';
import { LineChart } from '../../shared/line-chart';
import { Pick } from '../../shared/pick';
import { Card, Loaded, Problem, Term } from '../../shared/pieces';
import { CannotFilter, NothingHere, PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { DataTable } from '../../shared/table';
import { periodOf, useView, type View } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { FunnelIn, FunnelOut } from '../../types';

const WINDOWS: [string, string][] = [['60', '1 hour'], ['1440', '1 day'], ['10080', '7 days'], ['43200', '30 days'], ['0', 'No limit']];
const ORDERS: [string, string][] = [['LOOSE', 'As listed'], ['STRICT', 'Directly one after another'], ['ANY', 'Any']];
const UNITS: [string, string][] = [['CUSTOMER', 'People'], ['SESSION', 'Visits']];
const MOST_STEPS = 10;

export default function Funnels() {
  const view = useView();
  const url = useAddress();
  const found = useEventNames(view);
  const events = found.names;
  const get = (name: string, otherwise: string) => url.searchParams.get(name) || otherwise;
  const asked = readSteps(url.searchParams.get('steps') ?? '');
  const goal = view.site.conversion_events.find((name) => events.includes(name)) ?? view.site.conversion_events[0] ?? '';
  const usual: Step[] = [{ event: 'page_view', filters: [] }, ...events.filter((name) => name !== 'page_view' && name !== goal).slice(0, 1).map((event) => ({ event, filters: [] })), { event: goal, filters: [] }];
  const steps = asked.length > 1 ? asked.slice(0, MOST_STEPS) : usual;
  const by = get('by', '');
  const skip = get('skip', '');
  const body: FunnelIn = {
    steps: steps.map(({ event, filters }) => ({ event, filters: sent(filters) })),
    window_minutes: Number(get('window', '10080')), step_order: get('order', 'LOOSE') as 'LOOSE', unit: get('unit', 'CUSTOMER') as 'CUSTOMER',
    exclusions: skip ? [{ event: { event: skip }, after: 1, before: steps.length }] : [],
    filters: sent(view.filters), segments: segmentsOf(view), breakdown: (by || null) as 'channel' | null, interval: bucketFor(view.from, view.to).toUpperCase() as 'DAY', period: periodOf(view),
  };
  const who = whoOf(get('who', ''), steps.length);
  const known = knows('events', filtersOf(view));
  // The first funnel of a site waits for the names of its events.
  const funnel = usePost<FunnelOut>(`/v1/sites/${view.site.site_id}/funnels/query`, known && (asked.length > 1 || found.answer) ? body : null, `${stepsText(steps)} ${by}`);
  return (
    <>
      <PageHead title="Funnels" about="How many go from step to step, and where they stop. A person counts once, with their deepest attempt.">
        <SaveView site={view.site.site_id} kind="FUNNEL" question={body} />
      </PageHead>
      <Card title="Steps">
        <StepsEditor view={view} steps={steps} events={events} most={MOST_STEPS} onChange={(next) => setParams({ steps: stepsText(next) }, 'replace')} count={(step) => <StepCount view={view} step={step} />} />
        <div class="actions after-form">
          <Pick name="Within" value={get('window', '10080')} options={WINDOWS} onPick={(window) => setParams({ window })} />
          <Pick name="Order" value={get('order', 'LOOSE')} options={ORDERS} onPick={(order) => setParams({ order })} />
          <Pick name="Count" value={get('unit', 'CUSTOMER')} options={UNITS} onPick={(unit) => setParams({ unit })} />
          <Pick name="Not with" value={skip} options={[['', 'Nothing'], ...events.map((name): [string, string] => [name, eventText(name)])]} onPick={(name) => setParams({ skip: name })} />
          <Pick name="By" value={by} options={[['', 'Nothing'], ...dimensionsOf(view.site).filter(([, { sources }]) => sources.includes('events')).map(([name, { title }]): [string, string] => [name, title])]} onPick={(name) => setParams({ by: name })} />
        </div>
      </Card>
      {known && asked.length < 2 && found.error ? <Problem error={found.error} again={found.again} /> : known ? <Loaded of={funnel} rows={4} tall>{(found) => (found.steps[0]?.units ? <Shown found={found} steps={steps} by={by} view={view} unit={body.unit ?? 'CUSTOMER'} /> : <Card><Notes found={found} /><NothingHere view={view} what="attempts" /></Card>)}</Loaded> : <Card><CannotFilter view={view} source="events" /></Card>}
      {who && <StepPeople key={`${who.reached}.${who.step}`} site={view.site.site_id} body={body} who={who} names={steps.map(nameOf)} />}
    </>
  );
}

function Shown({ found, steps, by, view, unit }: { found: FunnelOut; steps: readonly Step[]; by: string; view: View; unit: string }) {
  const { may } = useSession();
  const first = found.steps[0]?.units ?? 0;
  const last = found.steps.at(-1);
  const [sum, stopped] = [last?.units ?? 0, found.stopped.reduce((total, each) => total + each, 0)];
  const bucket = bucketFor(view.from, view.to);
  const things = unit === 'SESSION' ? 'visits' : 'people';
  return (
    <>
      <Card title={t('{share} get through', { share: percent(last?.from_first ?? null) })}>
        <BehaviourEdge found={found} />
        <FunnelChart steps={found.steps} names={steps.map(nameOf)} onWho={may('customers:read') ? showWho : undefined} summary={t('{last} of {first} {things} reach the last step: {share}.', { last: count(sum), first: count(first), things, share: percent(last?.from_first ?? null) })} />
        {found.open > 0 && <p class="soft">{plural(found.open, { one: '{n} may still convert: the time for it has not ended.', other: '{n} may still convert: the time for it has not ended.' })} <Term about="Their window has not ended yet. They are in the steps they reached, and not yet lost.">{null}</Term></p>}
        {stopped > 0 && <p class="soft">{plural(stopped, { one: 'The excluded event stopped {n}.', other: 'The excluded event stopped {n}.' })}</p>}
      </Card>
      {found.series.length > 1 && (
        <Card title="Over time">
          <LineChart shared labels={found.series.map((one) => dayText(one.bucket, bucket))} longLabels={found.series.map((one) => dayText(one.bucket, bucket, 'long'))} open={found.series.filter((one) => one.open > 0).length}
            series={[{ name: 'Share that gets through', text: percent, axisText: (value) => percent(value, 0), values: found.series.map(({ units }) => (units[0] ? (units.at(-1) ?? 0) / units[0] : null)) }]}
            summary={t('Share of {things} that get through, by the {bucket} they entered. Dashed: some may still convert.', { things, bucket })} />
        </Card>
      )}
      {found.values.length > 0 && (
        <Card title={t('By {dimension}', { dimension: dimensionTitle(by).toLowerCase() })}>
          <DataTable head={dimensionTitle(by)} caption="Steps by value" file="optiq-funnel"
            columns={[...steps.map((step, at) => ({ name: String(at), title: nameOf(step), text: (value: number | null) => count(value) })), { name: 'rate', title: 'Get through', text: (value: number | null) => percent(value) }]}
            lines={found.values.map((one) => ({ key: one.value, plain: one.value || NO_VALUE, name: valueText(one.value), values: [...one.steps.map(({ units }) => units), one.steps.at(-1)?.from_first ?? null] }))} />
        </Card>
      )}
    </>
  );
}
