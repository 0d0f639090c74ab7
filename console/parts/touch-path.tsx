/** A conversion's path: its touches on a line of time, each with its weight and money under a model. */

import { colourOf } from '../shared/chart-scale';
import { money, percent, valueText } from '../shared/format';
import { Badge, Name, When } from '../shared/pieces';
import { isolated, t } from '../shared/words';
import type { TouchCreditOut, TouchOut } from '../types';

const EVIDENCE: Record<string, string> = {
  DETERMINISTIC: 'sure', PROBABILISTIC: 'likely the same person', CONSENT_LIMITED: 'known for one day only', NO_TOUCH: 'no known visit',
};
export const evidenceText = (evidence: string): string => EVIDENCE[evidence] ?? evidence.toLowerCase();

interface Props { touches: readonly TouchOut[]; credits: readonly TouchCreditOut[]; currency: string }

export function TouchPath({ touches, credits, currency }: Props) {
  const byTouch = new Map(credits.map((credit) => [credit.touch_id, credit]));
  return (
    <ol class="steps-path">
      {touches.map((touch) => {
        const credit = byTouch.get(touch.touch_id);
        return (
          <li key={touch.touch_id} class={`c${colourOf(touch.channel)}`}>
            <strong><Name>{touch.channel}</Name></strong> {credit && <Badge>{t('{share} · {money}', { share: percent(credit.weight), money: money(credit.credit_micros, currency) })}</Badge>}
            <div><When at={touch.occurred_at} /></div>
            <div class="small">{touchText(touch)}</div>
            {touch.evidence !== 'DETERMINISTIC' && <div class="small soft">{t('Evidence: {evidence}.', { evidence: evidenceText(touch.evidence) })}</div>}
          </li>
        );
      })}
    </ol>
  );
}

const UNKNOWN = ['(none)', '(not set)'];

/** Where a touch came from and where it landed. */
export function touchText(touch: TouchOut): string {
  const from = [touch.source, touch.medium, touch.campaign, touch.content].filter((text) => text && !UNKNOWN.includes(text)).map(isolated).join(' / ') || touch.referrer_domain || 'no source';
  return t('{from} → {page}', { from, page: valueText(touch.landing_page) });
}
