/** The form of an alert rule, and what the rule would have done in the last 90 days. */

import { useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { dimensionTitle, METRICS } from '../shared/catalogue';
import { dayText } from '../shared/days';
import { Actions, Choice, Field, Form, Row, Submit, type Fields } from '../shared/form';
import { count, metricText } from '../shared/format';
import { Lines, Notice } from '../shared/pieces';
import { useSegments } from '../shared/segments';
import { plural, t } from '../shared/words';
import { scaled } from './alert-explained';
import type { AlertRuleIn, AlertRuleOut, ConditionIn, SiteOut, TriedRuleOut } from '../types';

export type Kind = AlertRuleIn['kind'];

export const KINDS: Record<Kind, readonly [title: string, about: string]> = {
  CONVERSION_DROP: ['Conversions drop', 'A day has fewer conversions than is usual on that weekday, by more than chance.'],
  NO_DATA: ['No data comes in', 'No event has come for so long that it is no chance, or nobody has seen the ads of a platform for a day.'],
  CONNECTION_ERROR: ['A platform cannot be read', 'A platform accepts the permission no more, fails three times in a row, or is 36 hours late. Whoever connected it is told.'],
  SPEND_THRESHOLD: ['Spend passes an amount', 'Spend of a day, week or month is above an amount. It is judged while the period goes on.'],
  CPA_SPIKE: ['Conversions become dear', 'A conversion costs more in three days than in the days before.'],
  ROAS_DROP: ['Ads bring less', 'The return on ad spend of seven days is below that of the days before.'],
  CLICK_ANOMALY: ['Clicks are odd', 'A day has far more or far fewer clicks on ads than is usual.'],
  CUSTOM: ['A number of your own', 'Any metric, compared with an amount or with the days before.'],
};
const OFTEN: Kind[] = ['CONVERSION_DROP', 'CPA_SPIKE', 'ROAS_DROP'];
const SEVERITIES = [['INFO', 'Info'], ['WARNING', 'Warning'], ['CRITICAL', 'Critical: told again each day']] as const;
const PERIODS = [['DAY', 'Day'], ['WEEK', 'Week'], ['MONTH', 'Month']] as const;
const SENSITIVITIES = [['LOW', 'Low: only what is very odd'], ['MEDIUM', 'Medium'], ['HIGH', 'High: more alerts, more of them false']] as const;
const COMPARISONS = [
  ['CHANGE_BELOW', 'Falls by more than, in %'], ['CHANGE_ABOVE', 'Rises by more than, in %'], ['BELOW', 'Is below'], ['ABOVE', 'Is above'],
  ['ODD', 'A day is far from usual'], ['HOURS', 'Two hours are far from usual'],
] as const;
const OF_DAYS = Object.entries(METRICS).filter(([, metric]) => metric.kind !== 'MILLISECONDS').map(([name, { title }]) => [name, title] as const);

const OF_HOURS: Kind[] = ['NO_DATA', 'CONNECTION_ERROR'];
const SCOPES = [['', 'All of the site'], ...['channel', 'campaign', 'account', 'conversion', 'landing_page'].map((name) => [name, dimensionTitle(name)] as const)] as const;
const COUNTS = OF_DAYS.filter(([name]) => METRICS[name]?.kind === 'COUNT');

const number = (text: string | undefined): number => Number((text ?? '').replace(',', '.'));

/** What a form asks for. */
export function ruleOf(kind: Kind, fields: Fields): AlertRuleIn {
  const rule: AlertRuleIn = { kind, name: fields.name ?? '', severity: (fields.severity ?? 'WARNING') as 'WARNING', periods: number(fields.periods || '1'), ...scopeOf(fields) };
  if (kind === 'SPEND_THRESHOLD') return { ...rule, spend_micros: Math.round(number(fields.spend_micros) * 1e6), period: (fields.period ?? 'DAY') as 'DAY' };
  if (OFTEN.includes(kind)) return { ...rule, percent: number(fields.percent), comparison_days: number(fields.comparison_days || '7') };
  if (kind === 'CLICK_ANOMALY') return { ...rule, sensitivity: (fields.sensitivity ?? 'MEDIUM') as 'MEDIUM' };
  if (kind === 'CUSTOM') {
    const metric = fields.metric as ConditionIn['metric'];
    const isOdd = fields.comparison === 'ODD' || fields.comparison === 'HOURS';
    if (isOdd) return { ...rule, period: fields.comparison === 'HOURS' ? 'HOUR' : 'DAY', conditions: [{ metric, comparison: 'ODD' }] };
    const condition = { metric, comparison: fields.comparison as ConditionIn['comparison'], value: number(fields.value), days: number(fields.days || '1') };
    return { ...rule, period: 'DAY', conditions: [condition] };
  }
  return rule;
}

/** What of the site a rule is about; a form without the choice leaves it as it is. */
function scopeOf({ scope, scope_value: value = '', segment }: Fields): Pick<AlertRuleIn, 'filters' | 'segments'> {
  const filters = scope && value ? [{ dimension: scope as 'channel', operator: 'is' as const, values: [value] }] : [];
  return { ...(scope === undefined ? {} : { filters }), ...(segment === undefined ? {} : { segments: segment ? [segment] : [] }) };
}

interface Props { site: SiteOut; rule?: AlertRuleOut; save: (asked: AlertRuleIn) => Promise<unknown> }

export function RuleForm({ site, rule, save }: Props) {
  const [kind, setKind] = useState<Kind>(rule?.kind ?? 'CONVERSION_DROP');
  const [tried, setTried] = useState<{ found: TriedRuleOut; metric: string } | null>(null);
  const send = async (fields: Fields, _form: HTMLFormElement, pressed: string) => {
    const asked = ruleOf(kind, fields);
    if (pressed !== 'try') return save(asked);
    const found = await ask<TriedRuleOut>('POST', `/v1/sites/${site.site_id}/alert-rules/dry-run`, asked);
    return setTried({ found, metric: WATCHED[kind] ?? asked.conditions?.[0]?.metric ?? '' });
  };
  const [title, about] = KINDS[kind];
  return (
    <Form class="wide" onSend={send} label={rule ? t('Change {name}', { name: rule.name }) : 'New alert rule'}>
      {!rule && <Choice name="kind" label="What to watch" value={kind} options={(Object.keys(KINDS) as Kind[]).map((one) => [one, KINDS[one][0]] as const)} onPick={(value) => { setKind(value as Kind); setTried(null); }} hint={about} />}
      <Row>
        <Field key={kind} name="name" label="Name" required maxLength={100} defaultValue={rule?.name ?? title} />
        <Choice name="severity" label="Severity" options={SEVERITIES} value={rule?.severity ?? 'WARNING'} />
      </Row>
      <Own kind={kind} rule={rule} site={site} />
      {kind !== 'CONNECTION_ERROR' && <Scope rule={rule} site={site} />}
      {!OF_HOURS.includes(kind) && kind !== 'SPEND_THRESHOLD' && <Field name="periods" label="Days in a row before anybody is told" type="number" min={1} max={30} defaultValue={rule?.periods ?? 1} />}
      {tried && <Tried found={tried.found} metric={tried.metric} currency={site.currency} />}
      <Actions>
        <Submit value="save">{rule ? 'Save the rule' : 'Create the rule'}</Submit>
        {!OF_HOURS.includes(kind) && <Submit look="second" value="try">What would it have done?</Submit>}
      </Actions>
    </Form>
  );
}

function Own({ kind, rule, site }: { kind: Kind; rule: AlertRuleOut | undefined; site: SiteOut }) {
  if (kind === 'SPEND_THRESHOLD') return (
    <Row>
      <Field name="spend_micros" label={t('Above, in {currency}', { currency: site.currency })} type="number" min={0.01} step={0.01} required defaultValue={rule?.spend_micros ? rule.spend_micros / 1e6 : ''} />
      <Choice name="period" label="In a" options={PERIODS} value={rule?.period ?? 'DAY'} />
    </Row>
  );
  if (kind === 'CLICK_ANOMALY') return <Choice name="sensitivity" label="Sensitivity" options={SENSITIVITIES} value={rule?.sensitivity ?? 'MEDIUM'} />;
  if (kind === 'CUSTOM') return <Condition rule={rule} />;
  if (!OFTEN.includes(kind)) return null;
  return (
    <Row>
      <Field name="percent" label="By more than, in %" type="number" min={1} max={kind === 'CPA_SPIKE' ? 1000 : 100} required defaultValue={rule?.percent ?? 30} />
      <Field name="comparison_days" label="Days before" type="number" min={1} max={90} defaultValue={rule?.comparison_days ?? 7} />
    </Row>
  );
}

function Condition({ rule }: { rule: AlertRuleOut | undefined }) {
  const [first] = rule?.conditions ?? [];
  const [comparison, setComparison] = useState<string>(rule?.period === 'HOUR' ? 'HOURS' : first?.comparison ?? 'CHANGE_BELOW');
  const isOdd = comparison === 'ODD' || comparison === 'HOURS';
  return (
    <Row>
      <Choice name="metric" label="Metric" options={isOdd ? COUNTS : OF_DAYS} value={first?.metric ?? (isOdd ? 'visits' : 'conversion_rate')} />
      <Choice name="comparison" label="Compared" options={COMPARISONS} value={comparison} onPick={setComparison} />
      {!isOdd && <Field name="value" label="Number" type="number" step="any" required defaultValue={first?.value ?? 30} />}
      {!isOdd && <Field name="days" label="Days together" type="number" min={1} max={90} defaultValue={first?.days ?? 1} />}
    </Row>
  );
}

/** One part of the site. Filters that are more than one value of a dimension were written over the API, and stay. */
function Scope({ rule, site }: { rule: AlertRuleOut | undefined; site: SiteOut }) {
  const segments = useSegments(site.site_id).answer ?? [];
  const [[first, ...others] = [], ...more] = rule?.filters ?? [];
  const isSimple = !more.length && !others.length && (!first || (first.operator === 'is' && first.values.length === 1 && SCOPES.some(([name]) => name === first.dimension)));
  const [scope, setScope] = useState(first?.dimension ?? '');
  return (
    <Row>
      {isSimple && <Choice name="scope" label="Of" options={SCOPES} value={scope} onPick={setScope} />}
      {isSimple && scope && <Field name="scope_value" label="Which is" required maxLength={500} defaultValue={first?.values[0] ?? ''} />}
      {segments.length > 0 && <Choice name="segment" label="In the segment" options={[['', 'None'], ...segments.map(({ id, name }) => [id, name] as const)]} value={rule?.segments[0] ?? ''} />}
    </Row>
  );
}

/** What a kind judges; of the others, the metric of the condition. */
const WATCHED: Partial<Record<Kind, string>> = { CONVERSION_DROP: 'conversions', SPEND_THRESHOLD: 'spend', CPA_SPIKE: 'cpa', ROAS_DROP: 'roas', CLICK_ANOMALY: 'clicks' };
const SHOWN = 10;

function Tried({ found, metric, currency }: { found: TriedRuleOut; metric: string; currency: string }) {
  const amount = (value: number | null) => (value === 0 ? '0' : metricText(metric, scaled(metric, value), currency));
  const breaches = found.days.filter(({ judgement }) => judgement.outcome === 'BREACH');
  const silent = found.days.find(({ judgement }) => judgement.why)?.judgement.why;
  const text = plural(found.alerts, { one: 'It would have made {n} alert in the last 90 days.', other: 'It would have made {n} alerts in the last 90 days.' });
  return (
    <Notice look={found.alerts > 9 ? 'warn' : ''}>
      <p>{text} {found.alerts > 9 && 'People stop reading so many: choose a larger number.'} {!found.days.some(({ judgement }) => judgement.outcome === 'FINE') && silent}</p>
      {breaches.length > 1 && <p>{breaches.length > SHOWN ? t('{count} days were off; an alert goes on until it is as usual again. The last {shown} of them:', { count: count(breaches.length), shown: count(SHOWN) }) : t('{count} days were off; an alert goes on until it is as usual again:', { count: count(breaches.length) })}</p>}
      {breaches.length > 0 && <Lines>{breaches.slice(-SHOWN).map(({ day, judgement }) => (
        <li key={day}>{dayText(day, 'day', 'long')}: {amount(judgement.value)}{judgement.usual !== null && judgement.usual > 0 && t('; {usual} usual', { usual: amount(judgement.usual) })}</li>
      ))}</Lines>}
    </Notice>
  );
}
