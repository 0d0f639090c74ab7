// {"title": "Attribution settings", "menu": "Settings", "order": 30, "site": true, "needs": "reports:read", "words": "model weights custom half-life window markov recompute milestone"}
/** How a site's conversions are credited, with a preview of what a change does before it is saved. */

import { useState } from 'preact/hooks';
import { WeightsPreview } from '../../parts/weights-preview';
import { ModelChange } from '../../parts/model-change';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { plusDays, todayIn } from '../../shared/days';
import { Actions, Area, Check, Choice, Field, Form, Row, Submit, type Fields } from '../../shared/form';
import { MODELS, MODEL_NAMES, isModel, modelTitle } from '../../shared/models';
import { Card, Facts, Loaded, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { AttributionSettingsChangedOut, AttributionSettingsIn, AttributionSettingsOut, AttributionSettingsVersionOut, JobOut, Model } from '../../types';

const CHANGED = { 409: 'Somebody else changed the settings at the same time. Reload the page and try again.' };
const RECOMPUTED_DAYS = 90;

export default function AttributionSettings() {
  const { site } = useView();
  const settings = useGet<AttributionSettingsOut>(`/v1/sites/${site.site_id}/attribution/settings`);
  return (
    <>
      <PageHead title="Attribution settings" about="They decide how each conversion’s value is divided between its touches. A change takes effect for new conversions within half a minute." />
      <Loaded of={settings} rows={6} tall>{({ current, versions }) => (
        <>
          <Editing key={current.version} current={current} again={settings.again} />
          <Versions versions={versions} />
        </>
      )}</Loaded>
    </>
  );
}

const number = (text: string | undefined): number => Number((text ?? '').replace(',', '.'));

/** Event names with their windows: `Lead 30`. */
function typesOf(text: string | undefined, before: AttributionSettingsVersionOut) {
  return (text ?? '').split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const found = /^(.*\S)\s+(\d+)$/.exec(line);
    const name = found?.[1] ?? line;
    const known = before.conversion_types.find((each) => each.name === name);
    return { name, lookback_days: found ? Number(found[2]) : null, models: known?.models ?? [] };
  });
}

function settingsOf(fields: Fields, before: AttributionSettingsVersionOut): AttributionSettingsIn {
  const weights = ['first', 'middle', 'last'].map((name) => fields[name] ?? '');
  return {
    version: before.version,
    default_model: fields.default_model as Model,
    half_life_days: number(fields.half_life_days),
    custom: weights.some((each) => each !== '') ? {
      first: number(weights[0]), middle: number(weights[1]), last: number(weights[2]),
      half_life_days: fields.custom_half_life ? number(fields.custom_half_life) : null,
    } : null,
    conversion_types: typesOf(fields.conversion_types, before),
    milestone_event: fields.milestone_event ?? '',
    collapse_repeats: fields.collapse_repeats === 'on',
    markov_order: Number(fields.markov_order),
  };
}

function Editing({ current, again }: { current: AttributionSettingsVersionOut; again: () => void }) {
  const { site } = useView();
  const { may } = useSession();
  const [model, setModel] = useState<Model>(current.default_model);
  const [fields, setFields] = useState<Fields>({});
  const [recompute, setRecompute] = useState(false);
  const draft = { ...weightsOf(current), ...fields };
  if (!may('attribution:write')) return <Reading current={current} />;
  const save = async (sent: Fields) => {
    const found = await ask<AttributionSettingsChangedOut>('PUT', `/v1/sites/${site.site_id}/attribution/settings`, settingsOf(sent, current));
    setRecompute(found.recompute !== null);
    say('The settings are saved.');
    if (found.recompute === null) again();
  };
  if (recompute) return <Recompute again={again} />;
  return (
    <div onInput={(event) => {
      const input = event.target as HTMLInputElement;
      setFields((last) => ({ ...last, [input.name]: input.value }));
    }}>
      <Form class="wide" words={CHANGED} onSend={save}>
        <Card title="The model of reports">
          <Choice name="default_model" label="Model" value={current.default_model} options={MODEL_NAMES.map((name) => [name, MODELS[name][0]] as const)}
            onPick={(name) => { if (isModel(name)) setModel(name); }} hint="Reports that name no other model use it. Every model is computed for each conversion." />
          <p class="soft">{MODELS[model][1]}</p>
          {model !== current.default_model && <ModelChange before={current.default_model} after={model} />}
        </Card>
        <Card title="Your own weights" about="They make the model “Custom”. Numbers are scaled to sum to 1: 50, 30, 20 is the same as 5, 3, 2.">
          <Row>
            <Field name="first" label="First touch" inputMode="decimal" defaultValue={current.custom?.first ?? ''} />
            <Field name="middle" label="Touches between, together" inputMode="decimal" defaultValue={current.custom?.middle ?? ''} />
            <Field name="last" label="Last touch" inputMode="decimal" defaultValue={current.custom?.last ?? ''} />
            <Field name="custom_half_life" label="Half-life, in days" inputMode="decimal" defaultValue={current.custom?.half_life_days ?? ''} hint="Empty: age does not matter." />
          </Row>
          <WeightsPreview first={number(draft.first)} middle={number(draft.middle)} last={number(draft.last)} halfLife={draft.custom_half_life ? number(draft.custom_half_life) : 0} />
        </Card>
        <Card title="Windows and paths">
          <Row>
            <Field name="half_life_days" label="Half-life of Time decay, in days" inputMode="decimal" required defaultValue={current.half_life_days} hint="A touch this much older gets half the credit." />
            <Choice name="markov_order" label="Markov looks back" value={String(current.markov_order)} options={[['1', '1 channel'], ['2', '2 channels'], ['3', '3 channels']]} />
            <Choice name="milestone_event" label="Milestone of W-shaped" value={current.milestone_event} options={[['', 'The middle touch'], ...site.conversion_events.map((name) => [name, name] as const)]} />
          </Row>
          <Area name="conversion_types" label="Windows by conversion" rows={3} value={current.conversion_types.map(({ name, lookback_days: days }) => `${name}${days ? ` ${days}` : ''}`).join('\n')}
            hint="One a line: the event’s name and days, such as: Lead 30. Others have the site’s lookback." />
          <Check name="collapse_repeats" label="Repeats count once" checked={current.collapse_repeats} hint="Touches in a row of one channel, source, medium and campaign count as the first of them." />
        </Card>
        <Actions><Submit>Save the settings</Submit></Actions>
      </Form>
    </div>
  );
}

const weightsOf = ({ custom }: AttributionSettingsVersionOut): Fields => ({
  first: String(custom?.first ?? ''), middle: String(custom?.middle ?? ''), last: String(custom?.last ?? ''), custom_half_life: String(custom?.half_life_days ?? ''),
});

/** Existing credits are of the settings before: offers to compute them anew. */
function Recompute({ again }: { again: () => void }) {
  const { site } = useView();
  const [job, setJob] = useState<JobOut | null>(null);
  const to = todayIn(site.timezone);
  const from = plusDays(to, 1 - RECOMPUTED_DAYS);
  const start = async () => {
    setJob(await ask<JobOut>('POST', `/v1/sites/${site.site_id}/attribution/recompute`, { from, to }));
    say('Recomputing has begun. Reports show the new credits when it is done.');
  };
  return (
    <Card title="Compute the past anew?">
      <p>The new settings are saved. Credits of earlier conversions are still those of the settings before.</p>
      {job ? <Notice look="good">{t('Recomputing {from} to {to}: {status}.', { from, to, status: job.status.toLowerCase() })}</Notice> : (
        <Form onSend={start}><Actions><Submit>{t('Recompute the last {days} days', { days: RECOMPUTED_DAYS })}</Submit></Actions></Form>
      )}
      <p><button type="button" class="link" onClick={again}>Back to the settings</button></p>
    </Card>
  );
}

const Reading = ({ current }: { current: AttributionSettingsVersionOut }) => (
  <Card title="Settings">
    <Facts facts={[
      ['Model of reports', t('{title}: {about}', { title: modelTitle(current.default_model), about: MODELS[current.default_model][1] })],
      ['Half-life of Time decay', t('{days} days', { days: current.half_life_days })],
      ['Own weights', current.custom ? `${current.custom.first} / ${current.custom.middle} / ${current.custom.last}` : 'none'],
      ['Repeats count once', current.collapse_repeats ? 'yes' : 'no'],
    ]} />
  </Card>
);

const Versions = ({ versions }: { versions: readonly AttributionSettingsVersionOut[] }) => (
  <Card title="Versions" about="Each credit names the version it was computed with.">
    <ul class="lines">{versions.map((one) => (
      <li key={one.version}><div class="what">{t('Version {version}: {model}', { version: one.version, model: modelTitle(one.default_model) })}
        <small>{one.created_at ? <When at={one.created_at} /> : 'the defaults'}</small></div></li>
    ))}</ul>
  </Card>
);
