// {"title": "Sign up", "alone": true}
/** Asks for an account. Only the mail shows whether the address has one already. */

import { useEffect, useState } from 'preact/hooks';
import { MailSent } from '../../shared/alone';
import { ask } from '../../shared/api';
import { Actions, Field, Form, Submit } from '../../shared/form';
import { Notice } from '../../shared/pieces';
import type { SignUpRuleOut } from '../../types';

export default function SignUp() {
  const [sent, setSent] = useState('');
  if (sent) return <MailSent email={sent} hint="Its link expires after 24 hours. Remember the password: you need it once more." />;
  return (
    <>
      <h1>Create an account</h1>
      <p class="soft">See which of your efforts earned your revenue.</p>
      <WhoMay />
      <Form onSend={async ({ name, email = '', password }) => {
        await ask('POST', '/v1/sign-up', { name, email, password });
        setSent(email);
      }}>
        <Field name="name" label="Your name" autocomplete="name" maxLength={200} required />
        <Field name="email" label="E-mail" type="email" autocomplete="username" maxLength={320} required />
        <Field name="password" label="Password" type="password" autocomplete="new-password" maxLength={1024} required
          hint="At least 15 characters. Several words in a row are safe and easy to remember." />
        <Actions><Submit look="full">Sign up</Submit></Actions>
      </Form>
      <p class="below">Have an account? <a href="/console/sign-in">Sign in</a></p>
    </>
  );
}

/** Says who can sign up, where not everybody can. */
function WhoMay() {
  const [rule, setRule] = useState<SignUpRuleOut | null>(null);
  // Without the answer the mail says it.
  useEffect(() => { ask<SignUpRuleOut>('GET', '/v1/sign-up').then(setRule, () => {}); }, []);
  if (!rule || rule.policy === 'OPEN') return null;
  const domains = new Intl.ListFormat('en', { type: 'disjunction' }).format(rule.domains);
  return (
    <Notice>{rule.policy === 'INVITED'
      ? 'Only invited people can sign up here. Use the e-mail that received the invitation.'
      : `You can sign up with an e-mail at ${domains}, or with one that received an invitation.`}</Notice>
  );
}
