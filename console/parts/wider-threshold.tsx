/** A threshold under which an alert would not have been, with what else it changes, to be taken by one press. */

import { ask, Refusal } from '../shared/api';
import { useAsked } from '../shared/asking';
import { dayText } from '../shared/days';
import { count } from '../shared/format';
import { Button, Loaded, Notice } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { plural, t } from '../shared/words';
import type { AlertRuleOut, WiderOut } from '../types';

interface Props { site: string; alert: string; again: () => void }

export function WiderThreshold({ site, alert, again }: Props) {
  const { may } = useSession();
  const found = useAsked<WiderOut | 'none'>(`wider ${alert}`, async () => {
    try {
      return await ask<WiderOut>('GET', `/v1/sites/${site}/alerts/${alert}/wider`);
    } catch (error) {
      // Its rule has no threshold that would do, or is removed.
      if (error instanceof Refusal && error.status === 404) return 'none';
      throw error;
    }
  });
  return <Loaded of={found} rows={1}>{(wider) => (wider === 'none' ? null : (
    <Notice look="plain">
      {t('With {threshold} this would have been no alert.', { threshold: thresholdOf(wider.rule) })}{' '}
      {plural(wider.days_after, {
        one: 'Of the last 90 days {n} would have been off instead of {before}', other: 'Of the last 90 days {n} would have been off instead of {before}',
      }, { before: count(wider.days_before) })}
      {wider.gone.length > 0 && wider.gone.length < 6 && t('; quiet on {days}', { days: wider.gone.map((day) => dayText(day)).join(', ') })}{'. '}
      {may('alerts:write') && <Button onPress={async () => {
        await ask('PATCH', `/v1/sites/${site}/alert-rules/${wider.rule.rule_id}`, changeOf(wider.rule));
        say('The rule is saved.');
        again();
      }}>{t('Use {threshold}', { threshold: thresholdOf(wider.rule) })}</Button>}
    </Notice>
  ))}</Loaded>;
}

function thresholdOf(rule: AlertRuleOut): string {
  if (rule.spend_micros != null) return t('a threshold of {amount}', { amount: count(rule.spend_micros / 1e6) });
  if (rule.percent != null) return t('a threshold of {n} %', { n: rule.percent });
  const value = rule.conditions[0]?.value;
  return value != null ? t('a threshold of {n}', { n: value }) : t('{how} sensitivity', { how: rule.sensitivity.toLowerCase() });
}

function changeOf(rule: AlertRuleOut) {
  const version = rule.version;
  if (rule.spend_micros != null) return { version, spend_micros: rule.spend_micros };
  if (rule.percent != null) return { version, percent: rule.percent };
  if (rule.conditions[0]?.value != null) return { version, conditions: rule.conditions };
  return { version, sensitivity: rule.sensitivity };
}
