// {"title": "Confirm your e-mail", "alone": true}
/** Creates the account of a sign-up, with the mail's link and the password of the sign-up. */

import { BrokenLink } from '../../shared/alone';
import { ask } from '../../shared/api';
import { fragment, goOn } from '../../shared/entry';
import { Actions, CurrentPassword, Form, Submit } from '../../shared/form';
import type { SignInOut } from '../../types';

const WRONG = { 401: 'The password is wrong, or the link was used or has expired. Try again, or sign up again.' };

export default function VerifyEmail() {
  const token = fragment('token');
  if (!token) return <BrokenLink href="/console/sign-up" action="Sign up">Open it from your mail again, or sign up again.</BrokenLink>;
  return (
    <>
      <h1 tabIndex={-1}>Confirm your e-mail</h1>
      <p>Enter the password that you chose when you signed up.</p>
      <Form words={WRONG} onSend={async ({ password }) => goOn(await ask<SignInOut>('POST', '/v1/verify-email', { token, password }))}>
        <CurrentPassword />
        <Actions><Submit look="full">Confirm e-mail</Submit></Actions>
      </Form>
      <p class="below">Forgot it? <a href="/console/sign-up">Sign up again</a> with the same address.</p>
    </>
  );
}
