// {"title": "Sign in with a link", "alone": true}
/** Signs in with a link from a mail. Opening it does nothing yet, because mail programs open links before people do. */

import { BrokenLink } from '../../shared/alone';
import { ask } from '../../shared/api';
import { fragment, goOn } from '../../shared/entry';
import { Actions, Form, Submit } from '../../shared/form';
import type { SignInOut } from '../../types';

const EXPIRED = { 401: 'This link was used already or has expired. Sign in another way, or ask for a new link.' };

export default function MagicLink() {
  const token = fragment('token');
  if (!token) return <BrokenLink href="/console/sign-in" action="Sign in">Open it from your mail again, or ask for a new one.</BrokenLink>;
  return (
    <>
      <h1 tabIndex={-1}>Welcome back</h1>
      <p>The link in your mail signs you in on this device. It can be used once.</p>
      <Form words={EXPIRED} onSend={async () => goOn(await ask<SignInOut>('POST', '/v1/sign-in/magic-link/redeem', { token }))}>
        <Actions><Submit look="full">Sign in</Submit></Actions>
      </Form>
      <p class="below"><a href="/console/sign-in">Sign in another way</a></p>
    </>
  );
}
