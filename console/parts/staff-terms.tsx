/** What staff change for one organization: its events a month, a stance, its credits. */

import { ask } from '../shared/api';
import { Actions, Choice, Field, Form, Row, Submit, type Fields } from '../shared/form';
import { count } from '../shared/format';
import { Card } from '../shared/pieces';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { CreditEntryOut, TermsOut } from '../types';

const STANCES = [['BILLED', 'As its plan says'], ['INTERNAL', 'Never limited, never billed'], ['SUSPENDED', 'On Free, whatever it pays']] as const;
const TERMS = '/v1/operator/billing/terms';

export function Terms() {
  const send = async ({ organization_id, stance, monthly_events }: Fields) => {
    const changed = await ask<TermsOut>('PATCH', TERMS, { organization_id, stance, monthly_events: monthly_events ? Number(monthly_events) : null });
    const limit = changed.entitlements.monthly_events;
    say(t('It may store {events} events a month now.', { events: limit === null ? t('any number of') : count(limit) }));
  };
  return (
    <Card title="Other terms for one organization">
      <Form onSend={send}>
        <Row><Field name="organization_id" label="Organization" required maxLength={60} hint="Its id." /><Choice name="stance" label="Stance" options={STANCES} /></Row>
        <Field name="monthly_events" label="Events a month" hint="Empty is as its plan says; -1 is no limit." />
        <Actions><Submit>Change the terms</Submit></Actions>
      </Form>
    </Card>
  );
}

export function Adjust() {
  const send = async ({ organization_id, amount, note }: Fields, form: HTMLFormElement) => {
    const entry = await ask<CreditEntryOut>('POST', '/v1/operator/credits/adjustments', { organization_id, amount: Number(amount), note });
    form.reset();
    say(t('It has {credits} credits now.', { credits: count(entry.balance_after) }));
  };
  return (
    <Card title="Add or take credits">
      <Form onSend={send}>
        <Row><Field name="organization_id" label="Organization" required maxLength={60} hint="Its id." /><Field name="amount" label="Credits" required hint="Less than 0 takes some." /></Row>
        <Field name="note" label="Why" required maxLength={200} hint="People of the organization see it." />
        <Actions><Submit>Adjust the credits</Submit></Actions>
      </Form>
    </Card>
  );
}
