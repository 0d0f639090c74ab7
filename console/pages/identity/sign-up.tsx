// {"title": "Sign up", "alone": true}
/** Asks for an account. Only the mail shows whether the address has one already. */

import { useState } from 'preact/hooks';
import { MailSent } from '../../shared/alone';
import { ask } from '../../shared/api';
import { Actions, Field, Form, Submit } from '../../shared/form';

export default function SignUp() {
  const [sent, setSent] = useState('');
  if (sent) return <MailSent email={sent} hint="Its link expires after 24 hours. Remember the password: you need it once more." />;
  return (
    <>
      <h1>Create an account</h1>
      <p class="soft">See which of your efforts earned your revenue.</p>
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
