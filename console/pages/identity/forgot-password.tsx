// {"title": "Reset your password", "alone": true}
/** Asks for a link to reset the password. */

import { useState } from 'preact/hooks';
import { MailSent } from '../../shared/alone';
import { ask } from '../../shared/api';
import { Actions, Field, Form, Submit } from '../../shared/form';

export default function ForgotPassword() {
  const [sent, setSent] = useState('');
  if (sent) return <MailSent email={sent} hint="Its link expires after 30 minutes and can be used once." />;
  return (
    <>
      <h1>Reset your password</h1>
      <p>We send you a link. Nothing changes until you use it.</p>
      <Form onSend={async ({ email = '' }) => {
        await ask('POST', '/v1/password/reset-request', { email });
        setSent(email);
      }}>
        <Field name="email" label="E-mail" type="email" autocomplete="username" maxLength={320} required />
        <Actions><Submit look="full">Send the link</Submit></Actions>
      </Form>
      <p class="below"><a href="/console/sign-in">Back to sign in</a></p>
    </>
  );
}
