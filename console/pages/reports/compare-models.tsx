// {"title": "Compare models", "menu": "Acquisition", "order": 30, "needs": "reports:read", "bar": ["period", "filters", "conversion"], "params": {"models": [], "by": ["channel", "source", "medium", "campaign", "ad", "landing_page"], "as_of": [], "sort": [], "find": []}, "words": "attribution first touch last touch markov shapley why different"}
/** Two to four models side by side: what each gives every channel, and why they differ. */

import { Dumbbell } from '../../parts/dumbbell';
import { useCompared, type Compared, type ComparedRow } from '../../parts/models-compared';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { useGet } from '../../shared/asking';
import { CREDITED, dimensionTitle } from '../../shared/catalogue';
import { dayText, isDay } from '../../shared/days';
import { NO_VALUE, axisText, count, money, percent, valueText } from '../../shared/format';
import { MODELS, MODEL_NAMES, isModel, modelTitle } from '../../shared/models';
import { Actions, Field, Form, Submit } from '../../shared/form';
import { Pick } from '../../shared/pick';
import { Card, Loaded, Notice, Popover, Term } from '../../shared/pieces';
import { NothingHere, PageHead } from '../../shared/report';
import { DataTable, type Column } from '../../shared/table';
import { isFiltered } from '../../shared/question';
import { useView, type View } from '../../shared/view';
import { sentence } from '../../shared/api';
import { plural, t } from '../../shared/words';
import type { FitOut, Model } from '../../types';

const MOST = 4;
const USUAL: Model[] = ['FIRST_TOUCH', 'LAST_TOUCH', 'LINEAR', 'MARKOV'];

export default function CompareModels() {
  const view = useView();
  const url = useAddress();
  const asked = (url.searchParams.get('models') ?? '').split('.').filter(isModel);
  const models = asked.length > 1 ? asked.slice(0, MOST) : USUAL;
  const by = url.searchParams.get('by') || 'channel';
  const asOf = isDay(url.searchParams.get('as_of') ?? '') ? url.searchParams.get('as_of') : null;
  // First and last touch tell who opens and who closes a journey, whichever models are shown.
  const needed = [...new Set<Model>([...models, 'FIRST_TOUCH', 'LAST_TOUCH'])];
  const compared = useCompared(view, needed, by, asOf);
  return (
    <>
      <PageHead title="Compare models" about="The total is the same under every model. Where models differ, a channel mainly opens journeys or mainly closes them." />
      <Card title={t('Revenue by {dimension}', { dimension: dimensionTitle(by).toLowerCase() })} aside={<Chosen models={models} by={by} asOf={asOf} today={view.to} />}>
        <Loaded of={compared} rows={8}>{(found) => (
          <>
            {found.notes.map((text) => <Notice key={text} look="warn">{text}</Notice>)}
            {found.missing.map((one) => one.count > 0 && models.includes(one.model) && (
              <Notice key={one.model} look="warn">{plural(one.count, {
                one: '{model} has no result for {n} conversion.{why}', other: '{model} has no result for {n} conversions.{why}',
              }, { model: modelTitle(one.model), why: one.verdict?.reason ? ` ${sentence(one.verdict.reason)}` : one.model === 'CUSTOM' ? ' It needs the site’s own weights: set them in the attribution settings.' : '' })}</Notice>
            ))}
            {isFiltered({ ...view, conversion: '' }) && <Notice look="plain">Filtered: the models share a sale between other touches too, so their totals differ here.</Notice>}
            {asOf && <Notice look="plain">{t('Each change is from what was computed by the end of {day}. Late events, refunds, new settings and learning change credits afterwards.', { day: dayText(asOf, 'day', 'long') })}</Notice>}
            {found.rows.length ? <Table found={found} models={models} by={by} /> : <NothingHere view={view} what="sales" />}
          </>
        )}</Loaded>
      </Card>
      <Loaded of={compared} rows={3}>{(found) => (found.rows.length ? <Why rows={found.rows} by={by} currency={found.currency} /> : null)}</Loaded>
      <Meaning models={models} view={view} />
    </>
  );
}

function Chosen({ models, by, asOf, today }: { models: readonly Model[]; by: string; asOf: string | null; today: string }) {
  const toggle = (model: Model) => {
    const next = models.includes(model) ? models.filter((each) => each !== model) : [...models, model].slice(-MOST);
    if (next.length > 1) setParams({ models: next.join('.') }, 'replace');
  };
  return (
    <div class="actions">
      <Pick name="By" value={by} onPick={(name) => setParams({ by: name })} options={CREDITED.map((name): [string, string] => [name, dimensionTitle(name)])} />
      <Popover key={asOf} id="as-of" look="button second short" opener={asOf ? t('Since {day}', { day: dayText(asOf, 'day') }) : 'Then and now'}>
        <Form onSend={({ as_of: day }) => setParams({ as_of: day ?? null })}>
          <Field name="as_of" label="Compare with what was known on" type="date" max={today} defaultValue={asOf ?? ''} hint="Empty: only what is known now." />
          <Actions><Submit look="second">Show</Submit></Actions>
        </Form>
      </Popover>
      <Popover id="models" look="button second short" opener="Models">
        <fieldset class="presets"><legend>Models</legend>
          {MODEL_NAMES.map((model) => <label key={model}><input type="checkbox" checked={models.includes(model)} onChange={() => toggle(model)} /> {modelTitle(model)}</label>)}
        </fieldset>
      </Popover>
    </div>
  );
}

function Table({ found, models, by }: { found: Compared; models: readonly Model[]; by: string }) {
  const { rows } = found;
  const ofMoney = (value: number | null) => money(value, found.currency);
  const columns: Column[] = [
    ...models.map((model): Column => ({ name: model, title: modelTitle(model), about: MODELS[model][1], text: ofMoney, micros: true })),
    { name: 'spread', title: 'Spread', about: 'The most minus the least that these models give. Small: the choice of model hardly matters.', text: ofMoney, micros: true },
    { name: 'places', title: 'Rank moves', about: 'How many places it moves between the models’ orders by revenue. 0: each ranks it the same.', text: count },
  ];
  const spread = (row: ComparedRow) => {
    const values = models.flatMap((model) => row.now[model]?.revenue_micros ?? []);
    return values.length ? Math.max(...values) - Math.min(...values) : null;
  };
  const ranks = models.map((model) => ranksOf(rows.map((row) => row.now[model]?.revenue_micros ?? 0)));
  const places = (at: number) => Math.max(...ranks.map((each) => each[at] ?? 0)) - Math.min(...ranks.map((each) => each[at] ?? 0));
  return (
    <DataTable head={dimensionTitle(by)} caption="Revenue under each model" file="optiq-models" kept search columns={columns} first={50}
      totals={[...models.map((model) => found.totals[model] ?? null), null, null]}
      lines={rows.map((row, place) => {
        const { then, value } = row;
        return {
          key: value, plain: value || NO_VALUE,
          name: <a class="row-link" href={hrefOf('channels', { by: by === 'channel' ? null : by, row: `${by}~${encodeURIComponent(value)}` })}>{valueText(value)}</a>,
          values: [...models.map((model) => row.now[model]?.revenue_micros ?? null), spread(row), places(place)],
          ...(then ? { before: models.map((model) => then[model]?.revenue_micros ?? 0) } : {}),
        };
      })} />
  );
}

/** The place of each value, the most first; equal ones share a place. */
const ranksOf = (values: readonly number[]): number[] => values.map((value) => 1 + values.filter((other) => other > value).length);

/** In a sentence each: which rows open journeys, and which close them. */
function Why({ rows, by, currency }: { rows: readonly ComparedRow[]; by: string; currency: string }) {
  const sentences = rows.flatMap((row) => {
    const [first, last] = [row.now.FIRST_TOUCH, row.now.LAST_TOUCH];
    if (!first || !last) return [];
    const [opens, closes] = [first.revenue_micros, last.revenue_micros];
    const most = Math.max(opens, closes);
    if (most <= 0) return [];
    const name = valueText(row.value);
    const pair = { name, first: opens, last: closes };
    const places = { name, first: money(opens, currency), last: money(closes, currency), share: percent(Math.abs(opens - closes) / most, 0) };
    if (Math.abs(opens - closes) < 0.2 * most) return [{ name, pair, most, text: t('{name} opens about as many journeys as it closes: {first} by first touch, {last} by last touch.', places) }];
    return [{ name, pair, most, text: opens > closes
      ? t('{name} mainly opens journeys that others close: {first} by first touch, {share} less ({last}) by last touch.', places)
      : t('{name} mainly closes journeys that others open: {last} by last touch, {share} less ({first}) by first touch.', places) }];
  }).sort((a, b) => b.most - a.most).slice(0, 10);
  return (
    <Card title="Why the models differ" about="First touch credits what opens a journey, last touch what closes it. The further apart the two marks, the more the choice of model matters.">
      <Dumbbell pairs={sentences.map(({ pair }) => pair)} titles={['First touch', 'Last touch']} head={dimensionTitle(by)} text={(value) => money(value, currency)} axisText={(value) => axisText('revenue', value, currency)}
        summary={t('Revenue of each {dimension} by first and by last touch.', { dimension: dimensionTitle(by).toLowerCase() })} />
      <ul class="lines after-form">{sentences.slice(0, 6).map(({ name, text }) => <li key={name}>{text}</li>)}</ul>
    </Card>
  );
}

function Meaning({ models, view }: { models: readonly Model[]; view: View }) {
  const learning = models.some((model) => model === 'MARKOV' || model === 'SHAPLEY');
  const fit = useGet<FitOut>(learning ? `/v1/sites/${view.site.site_id}/attribution/fit` : '');
  return (
    <Card title="What each model says">
      <ul class="lines">{models.map((model) => {
        const learned = fit.answer?.models?.find((one) => one.model === model);
        return (
          <li key={model}><div class="what"><strong>{modelTitle(model)}</strong> {MODELS[model][1]}
            {learned && <small>{learned.summary}</small>}</div></li>
        );
      })}</ul>
      {fit.answer?.summary && <p class="soft small">{fit.answer.summary} <Term about="Markov and Shapley learn every night from the paths of the last 90 days.">{null}</Term></p>}
    </Card>
  );
}
