/** The most that events beyond the plan's limit may cost a month. */

import { ask } from '../shared/api';
import { money } from '../shared/format';
import { Actions, Check, Field, Form, Submit } from '../shared/form';
import { Card } from '../shared/pieces';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { BillingOut } from '../types';

const MICROS = 1_000_000;

export function SpendCap({ now, done }: { now: BillingOut; done: () => void }) {
  const currency = now.currency ?? 'USD';
  const set = async ({ cap = '', stop_at_cap: stops }: Record<string, string>) => {
    await ask('PUT', '/v1/billing/cap', { cap: cap.trim() || null, stop_at_cap: stops === 'on' });
    say(cap.trim() ? 'Your spend cap is set.' : 'There is no spend cap any more.');
    done();
  };
  const about = now.spend_cap_micros === null
    ? t('Events beyond the limit are paid for, without a cap.')
    : t('Events beyond the limit cost {cap} a month at most.', { cap: money(now.spend_cap_micros, currency) });
  return (
    <Card title="Spend cap" about={about}>
      <Form onSend={set}>
        <Field name="cap" label={t('Cap a month, in {currency}', { currency })} hint="Empty for no cap. Events beyond it are held for 30 days."
          inputMode="decimal" placeholder="50.00" defaultValue={now.spend_cap_micros === null ? '' : (now.spend_cap_micros / MICROS).toFixed(2)} />
        <Check name="stop_at_cap" label="Refuse events beyond the cap, in place of holding them" checked={now.stop_at_cap} />
        <Actions><Submit>Set the cap</Submit></Actions>
      </Form>
    </Card>
  );
}
