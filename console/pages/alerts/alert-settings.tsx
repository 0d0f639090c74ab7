// {"title": "Alert rules", "menu": "Settings", "order": 45, "site": true, "needs": "sites:read", "words": "alerts notifications quiet hours spend threshold drop spike anomaly"}
/** A site's alert rules, who gets alerts, and when it is quiet. */

import { Refusal, ask, askAll } from '../../shared/api';
import { useAsked, useGet } from '../../shared/asking';
import { money } from '../../shared/format';
import { Actions, Area, Check, Choice, Field, Form, Row, Submit, checkedOf, type Fields } from '../../shared/form';
import { Badge, Card, Loaded, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { AlertRuleIn, AlertSettingsIn, AlertSettingsOut, MemberOut, SiteOut } from '../../types';

type Kind = AlertRuleIn['kind'];

const KINDS: readonly (readonly [Kind, string, string])[] = [
  ['SPEND_THRESHOLD', 'Spend is high', 'A day’s spend is above an amount.'],
  ['CONVERSION_DROP', 'Conversions fall', 'A day’s conversions are that far below the mean of the days before.'],
  ['ROAS_DROP', 'ROAS falls', 'A day’s ROAS is that far below the mean of the days before.'],
  ['CPA_SPIKE', 'CPA rises', 'A day’s CPA is that far above the mean of the days before.'],
  ['CLICK_ANOMALY', 'Clicks are unusual', 'A day’s clicks are that far off the mean of the days before.'],
];
const SEVERITIES = [['INFO', 'Info'], ['WARNING', 'Warning'], ['CRITICAL', 'Critical']] as const;
const CHANGED = { 409: 'Somebody else changed the settings at the same time. Reload the page and try again.' };
const USUAL_DAYS = 7;

const number = (text: string | undefined): number => Number((text ?? '').replace(',', '.'));

/** The rules of a form: those that are on or have a number. A rule that is off keeps its number. */
export function rulesOf(fields: Fields): AlertRuleIn[] {
  return KINDS.flatMap(([kind]): AlertRuleIn[] => {
    const limit = fields[`${kind}_limit`];
    if (!limit && fields[kind] !== 'on') return [];
    const common = { kind, enabled: fields[kind] === 'on', severity: fields[`${kind}_severity`] as 'INFO' };
    return [kind === 'SPEND_THRESHOLD'
      ? { ...common, spend_micros: limit ? Math.round(number(limit) * 1e6) : null }
      : { ...common, percent: limit ? number(limit) : null, comparison_days: number(fields[`${kind}_days`] || String(USUAL_DAYS)) }];
  });
}

/** The API names a rule by its place: `rules.1.percent`. People see it at the field of that rule. */
function atItsField(error: unknown, rules: readonly AlertRuleIn[]): unknown {
  const found = error instanceof Refusal ? /^rules\.(\d+)\.(\w+): (.*)$/s.exec(error.message) : null;
  const rule = rules[Number(found?.[1])];
  if (!(error instanceof Refusal) || !found || !rule) return error;
  return new Refusal(error.status, `${rule.kind}_${found[2] === 'comparison_days' ? 'days' : 'limit'}: ${found[3]}`, error.retrySeconds);
}

export default function AlertSettings() {
  const { site } = useView();
  const settings = useGet<AlertSettingsOut>(`/v1/sites/${site.site_id}/alert-settings`);
  const { may } = useSession();
  return (
    <>
      <PageHead title="Alert rules" about={t('What is worth an alert on {site}, who gets it, and when it is quiet.', { site: site.name })} />
      <Notice look="warn">Optiq keeps these rules, but does not watch them or send alerts yet.</Notice>
      <Loaded of={settings} rows={6} tall>{(found) => (may('sites:write')
        ? <Editing key={found.version} site={site} found={found} again={settings.again} />
        : <Card title="Rules">{found.rules.length ? <ul class="lines">{found.rules.map((rule) => <li key={rule.kind}>{textOf(rule, site)}</li>)}</ul> : <p class="nothing">None yet.</p>}</Card>
      )}</Loaded>
    </>
  );
}

function textOf(rule: AlertRuleIn, site: SiteOut) {
  const [, title = ''] = KINDS.find(([kind]) => kind === rule.kind) ?? [];
  return <>{title}: {rule.spend_micros == null ? `${rule.percent} %` : money(rule.spend_micros, site.currency)} {!rule.enabled && <Badge look="plain">Off</Badge>}</>;
}

function Editing({ site, found, again }: { site: SiteOut; found: AlertSettingsOut; again: () => void }) {
  const { may } = useSession();
  const members = useAsked<MemberOut[]>(may('members:read') ? 'members' : '', () => askAll('/v1/members'));
  const save = async (fields: Fields, form: HTMLFormElement) => {
    const { start = '', end = '' } = fields;
    const body: AlertSettingsIn = {
      rules: rulesOf(fields), version: found.version,
      members: members.answer ? checkedOf(form, 'member') : found.members,
      addresses: (fields.addresses ?? '').split(/[\n,]/).map((line) => line.trim()).filter(Boolean),
      quiet_hours: start || end ? { start, end } : null,
    };
    await ask('PUT', `/v1/sites/${site.site_id}/alert-settings`, body).catch((error: unknown) => { throw atItsField(error, body.rules ?? []); });
    say('The alert rules are saved.');
    again();
  };
  return (
    <Form class="wide" words={CHANGED} onSend={save}>
      {KINDS.map(([kind, title, about]) => <Rule key={kind} kind={kind} title={title} about={about} currency={site.currency} rule={found.rules.find((one) => one.kind === kind)} />)}
      <Card title="Who gets them">
        {(members.answer ?? []).length > 0 && (
          <fieldset><legend>Members</legend>
            <div class="checks">{members.answer?.map((one) => <Check key={one.user_id} name="member" value={one.user_id} label={one.name || one.email || one.user_id} checked={found.members.includes(one.user_id)} />)}</div>
          </fieldset>
        )}
        <Area name="addresses" label="Other addresses" value={found.addresses.join('\n')} rows={2} hint="E-mail addresses, one a line." />
      </Card>
      <Card title="Quiet hours" about={t('Times of day in {zone}. Between them only critical alerts are sent. Empty: none.', { zone: site.timezone })}>
        <Row><Field name="start" label="From" type="time" defaultValue={found.quiet_hours?.start ?? ''} /><Field name="end" label="To" type="time" defaultValue={found.quiet_hours?.end ?? ''} /></Row>
      </Card>
      <Actions><Submit>Save the alert rules</Submit></Actions>
    </Form>
  );
}

function Rule({ kind, title, about, currency, rule }: { kind: Kind; title: string; about: string; currency: string; rule: AlertRuleIn | undefined }) {
  const spend = kind === 'SPEND_THRESHOLD';
  return (
    <Card title={title} about={about}>
      <Check name={kind} label="On" checked={rule?.enabled ?? false} />
      <Row>
        <Field name={`${kind}_limit`} label={spend ? t('Above, in {currency}', { currency }) : 'By how much, in %'} type="number" min={spend ? 0.01 : 1} step={spend ? 0.01 : 1}
          defaultValue={(spend ? rule?.spend_micros && rule.spend_micros / 1e6 : rule?.percent) ?? ''} hint="Empty: no such rule." />
        {!spend && <Field name={`${kind}_days`} label="Days before" type="number" min={1} max={90} defaultValue={rule?.comparison_days ?? USUAL_DAYS} />}
        <Choice name={`${kind}_severity`} label="Severity" options={SEVERITIES} value={rule?.severity ?? 'WARNING'} />
      </Row>
    </Card>
  );
}
