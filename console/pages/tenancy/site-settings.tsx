// {"title": "Site settings", "menu": "Settings", "order": 20, "site": true, "needs": "sites:read", "words": "timezone currency goals conversion events domains credit guard lookback window privacy pause archive"}
/** A site's settings: its hosts, zone, goals, windows, and what visits and sales count. */

import { useState } from 'preact/hooks';
import { DangerZone } from '../../parts/danger-zone';
import { ask } from '../../shared/api';
import { Actions, Area, Check, Choice, Field, Form, Row, Submit, type Fields } from '../../shared/form';
import { Badge, Card, Facts, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { isolated, t } from '../../shared/words';
import type { SiteOut, SitePatch } from '../../types';

const CHANGED = { 409: 'Somebody else changed the settings at the same time, or this cannot change. Reload the page and try again.' };
const STATUS: Record<string, string> = { ACTIVE: 'Active', PAUSED: 'Paused', ARCHIVED: 'Archived' };

const lines = (text: string | undefined): string[] => (text ?? '').split(/[\n,]/).map((line) => line.trim()).filter(Boolean);

/** The settings of a form. */
function settingsOf(fields: Fields): SitePatch {
  return {
    name: fields.name ?? '',
    domains: lines(fields.domains),
    timezone: fields.timezone ?? '',
    conversion_events: lines(fields.conversion_events),
    lookback_days: fields.lookback_days ? Number(fields.lookback_days) : null,
    journey_window_days: Number(fields.journey_window_days),
    excluded_referrers: lines(fields.excluded_referrers),
    credit_guard: fields.credit_guard === 'on',
    split_sessions_at_midnight: fields.split_sessions_at_midnight === 'on',
    click_ids: lines(fields.click_ids).map((line) => {
      const [parameter = '', source = '', medium = ''] = line.split(/\s+/);
      return { parameter, source, medium };
    }),
    custom_dimensions: lines(fields.custom_dimensions).map((line) => {
      const [name = '', ...property] = line.split(/\s+/);
      return { name, property: property.join(' ') || name };
    }),
    privacy_signals: fields.privacy_signals as 'IGNORE',
    unverified_conversions: fields.unverified_conversions as 'COUNT',
    visitor_storage: fields.visitor_storage as 'COOKIES',
    conversion_feedback: fields.conversion_feedback === 'on' ? 'ON' : 'OFF',
    match_key_days: Number(fields.match_key_days),
  };
}

export default function SiteSettings() {
  const { site } = useView();
  return <Settings key={site.site_id} first={site} />;
}

function Settings({ first }: { first: SiteOut }) {
  const { may, again } = useSession();
  const [site, setSite] = useState(first);
  const change = async (changes: SitePatch) => {
    setSite(await ask<SiteOut>('PATCH', `/v1/sites/${site.site_id}`, { ...changes, version: site.version }));
    await again();
    say('The settings are saved. They take effect within half a minute.');
  };
  const turn = async (status: 'ACTIVE' | 'PAUSED' | 'ARCHIVED', question: string) => {
    if (!question || await isSure(question, STATUS[status] === 'Archived' ? 'Archive' : 'Pause')) await change({ status });
  };
  return (
    <>
      <PageHead title={t('Settings of {site}', { site: site.name })} about={<Badge look={site.status === 'ACTIVE' ? 'good' : 'warn'}>{STATUS[site.status]}</Badge>} />
      {may('sites:write') ? <Editing site={site} change={change} turn={turn} /> : <Reading site={site} />}
      <DangerZone kind="SITE" id={site.site_id} name={site.name} dueAt={site.deletion_due_at} />
    </>
  );
}

const Reading = ({ site }: { site: SiteOut }) => (
  <Card title="Settings">
    <Facts facts={[
      ['Domains', site.domains.join(', ')], ['Timezone', site.timezone], ['Currency', site.currency], ['Conversions', site.conversion_events.map(isolated).join(', ')],
      ['Lookback', site.lookback_days ? t('{days} days', { days: site.lookback_days }) : 'as each model has it'],
      ['A journey is abandoned after', t('{days} days', { days: site.journey_window_days })],
      ['Credit guard', site.credit_guard ? 'on' : 'off'], ['Site key', <code>{site.public_key}</code>],
    ]} />
  </Card>
);

interface EditingProps { site: SiteOut; change: (changes: SitePatch) => Promise<void>; turn: (status: 'ACTIVE' | 'PAUSED' | 'ARCHIVED', question: string) => Promise<void> }

function Editing({ site, change, turn }: EditingProps) {
  return (
    <>
      <Form class="wide" words={CHANGED} onSend={(fields) => change(settingsOf(fields))}>
        <Card title="The site">
          <Row><Field name="name" label="Name" defaultValue={site.name} required maxLength={200} />
            <Field name="timezone" label="Timezone" defaultValue={site.timezone} required hint="Days in reports are days of this zone." /></Row>
          <Area name="domains" label="Domains" value={site.domains.join('\n')} rows={2} hint="One a line. Visits between them are no touches." />
          <Facts facts={[['Currency', <>{site.currency} <span class="soft small">It cannot change, because stored values are in it.</span></>], ['Site key', <code>{site.public_key}</code>]]} />
        </Card>
        <Card title="What counts as a conversion">
          <Area name="conversion_events" label="Events" value={site.conversion_events.join('\n')} hint="One name a line, as pages and servers send it." />
          <Choice name="unverified_conversions" label="Sales that only a page reports" value={site.unverified_conversions}
            options={[['COUNT', 'Count them'], ['LEAVE_OUT', 'Leave them out until a server reports the same order']]} hint="Everybody can read a site’s key and report a sale with it." />
        </Card>
        <Card title="Own dimensions" about="Properties of your events that reports can filter and group by, such as the plan of a customer. At most 8.">
          <Area name="custom_dimensions" label="Dimensions" value={site.custom_dimensions.map(({ name, property }) => `${name} ${property}`).join('\n')} rows={3}
            hint="One a line: a name, and the property as events have it, such as: plan plan_type" />
        </Card>
        <Card title="Visits and touches">
          <Row><Field name="lookback_days" label="Lookback, in days" type="number" min={1} max={365} defaultValue={site.lookback_days ?? ''} hint="How long before a conversion a touch counts. Empty: 30 for sign-ups and leads, 90 for others." />
            <Field name="journey_window_days" label="Abandoned after, in days" type="number" min={1} required defaultValue={site.journey_window_days} hint="Days without activity after which a journey without a conversion is abandoned." /></Row>
          <Check name="credit_guard" label="Credit guard" checked={site.credit_guard} hint="A return from a payment or sign-in page takes nobody’s credit." />
          <Check name="split_sessions_at_midnight" label="A visit ends at midnight" checked={site.split_sessions_at_midnight} />
          <Area name="excluded_referrers" label="More payment and sign-in pages" value={site.excluded_referrers.join('\n')} rows={2} hint="Domains, one a line, beside those that Optiq knows." />
          <Area name="click_ids" label="Click ids of advertisers" value={site.click_ids.map(({ parameter, source, medium }) => `${parameter} ${source} ${medium}`).join('\n')} rows={2}
            hint="One a line: the parameter, the source and the medium, such as: xclid exads cpc" />
          <Choice name="privacy_signals" label="Do Not Track and Global Privacy Control" value={site.privacy_signals} options={[['IGNORE', 'Have no effect'], ['LEAVE_OUT', 'Leave these visitors out of reports']]} hint="Global Privacy Control always stops feedback to advertising platforms." />
        </Card>
        <Card title="What is kept of visitors">
          <Choice name="visitor_storage" label="Visitor id in the browser" value={site.visitor_storage}
            options={[['COOKIES', 'Keep it'], ['COOKIELESS_UNTIL_CONSENT', 'Keep it once the visitor consents'], ['COOKIELESS', 'Never keep it']]} hint="The site’s tag carries this choice: put the new tag into your pages after a change." />
          <Check name="conversion_feedback" label="Conversion feedback" checked={site.conversion_feedback === 'ON'} hint="Of visitors who consent to advertising, Optiq captures what platforms recognise buyers by: hashed and sealed." />
          <Field name="match_key_days" label="Keep that for, in days" type="number" min={1} max={90} required defaultValue={site.match_key_days} />
        </Card>
        <Actions><Submit>Save the settings</Submit></Actions>
      </Form>
      <Card title="Pause or archive" class="after-form">
        {site.status === 'ACTIVE'
          ? <Notice look="plain">Events of a site that is not active become failed events. You can send them again once it is active.</Notice>
          : <Notice look="warn">Events of this site are failed events until it is active again.</Notice>}
        <div class="actions">
          {site.status !== 'ACTIVE' && <button type="button" class="button" onClick={() => turn('ACTIVE', '')}>Make it active</button>}
          {site.status === 'ACTIVE' && <button type="button" class="button second" onClick={() => turn('PAUSED', t('Pause {site}? Its events are not counted meanwhile.', { site: site.name }))}>Pause</button>}
          {site.status !== 'ARCHIVED' && <button type="button" class="button bad" onClick={() => turn('ARCHIVED', t('Archive {site}? It is no longer listed, and its events are not counted.', { site: site.name }))}>Archive</button>}
        </div>
      </Card>
    </>
  );
}
