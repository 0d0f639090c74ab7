/** Refunds of a conversion, and changes of its value. */

import { ask } from '../shared/api';
import { Actions, Field, Form, Row, Submit } from '../shared/form';
import { Card } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { AdjustmentIn, ConversionDetailOut, RefundIn } from '../types';

const TAKES_A_MOMENT = 'It takes effect in a few seconds; credits follow. Reload the page to see it.';

/** A decimal as the API takes it, whichever sign people write. */
const decimal = (text: string | undefined): string => (text ?? '').trim().replace(',', '.');

export function CorrectConversion({ site, one }: { site: string; one: ConversionDetailOut }) {
  const { may } = useSession();
  if (!may('conversions:write')) return null;
  const path = `/v1/sites/${site}/conversions/${encodeURIComponent(one.conversion_id)}`;
  const numberHint = 'As your shop names it. The same number again changes nothing.';
  return (
    <Card title="Correct it">
      <details><summary>Refund</summary>
        <Form onSend={async ({ refund_id = '', amount }, form) => {
          const body: RefundIn = { refund_id, ...(amount ? { amount: decimal(amount) } : {}) };
          await ask('POST', `${path}/refund`, body);
          form.reset();
          say(TAKES_A_MOMENT);
        }}>
          <Row><Field name="amount" label={t('Amount in {currency}', { currency: one.currency })} inputMode="decimal" hint="Empty: all of it." />
            <Field name="refund_id" label="Number of the refund" required maxLength={100} hint={numberHint} /></Row>
          <Actions><Submit look="second">Refund</Submit></Actions>
        </Form>
      </details>
      <details><summary>Change the value</summary>
        <Form onSend={async ({ adjustment_id = '', value }, form) => {
          const body: AdjustmentIn = { adjustment_id, value: decimal(value) };
          await ask('POST', `${path}/adjust`, body);
          form.reset();
          say(TAKES_A_MOMENT);
        }}>
          <Row><Field name="value" label={t('Worth from now on, in {currency}', { currency: one.currency })} inputMode="decimal" required />
            <Field name="adjustment_id" label="Number of the change" required maxLength={100} hint={numberHint} /></Row>
          <Actions><Submit look="second">Change the value</Submit></Actions>
        </Form>
      </details>
    </Card>
  );
}
