// {"title": "Sign in", "alone": true}
/** Signs in with a password, a link by mail or a provider; then with the second factor, if it is on. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { MailSent } from '../../shared/alone';
import { ask } from '../../shared/api';
import { fragment, goOn } from '../../shared/entry';
import { Actions, CurrentPassword, Field, Form, Submit } from '../../shared/form';
import { Button, Notice } from '../../shared/pieces';
import type { OAuthStartOut, OfferedProvidersOut, SignInOut } from '../../types';

const PROVIDERS: Record<string, string> = { google: 'Google', github: 'GitHub' };
const REFUSED = 'That did not work. Try again, or sign in another way.';
const FAILURES: Record<string, string> = {
  ADDRESS_NOT_VERIFIED: 'That account has no verified e-mail. Verify it there, or sign in another way.',
  NOT_INVITED: 'That account’s e-mail has no account here, and cannot create one. Ask a colleague to invite it.',
  ACCOUNT_EXISTS: 'Your e-mail already has an account. Sign in to it, then link the other on your account page.',
  PROVIDER_FAILED: 'The provider did not answer. Try again in a moment, or sign in another way.',
  REFUSED,
};
const WRONG_PASSWORD = { 401: 'The e-mail or the password is wrong. Try again, or ask for a link by mail.' };
const WRONG_CODE = { 401: 'The code is wrong, used or expired. Wait for the next one, or start over.' };

export default function SignIn() {
  const [challenge, setChallenge] = useState(fragment('challenge'));
  const [sent, setSent] = useState('');
  if (sent) return <MailSent email={sent} hint="Its link expires after 15 minutes and can be used once." />;
  return (
    <>
      <h1 tabIndex={-1}>Sign in</h1>
      {challenge ? <CodeStep challenge={challenge} /> : <PasswordStep onChallenge={setChallenge} onSent={setSent} />}
    </>
  );
}

function PasswordStep({ onChallenge, onSent }: { onChallenge: (challenge: string) => void; onSent: (email: string) => void }) {
  const failure = fragment('error');
  const send = async ({ email = '', password = '' }: Record<string, string>, form: HTMLFormElement, pressed: string) => {
    if (pressed === 'link') {
      const field = form.elements.namedItem('email') as HTMLInputElement;
      if (!field.reportValidity()) return;
      await ask('POST', '/v1/sign-in/magic-link', { email });
      onSent(email);
      return;
    }
    const outcome = await ask<SignInOut>('POST', '/v1/sign-in', { email, password });
    if (outcome.status === 'SECOND_FACTOR_NEEDED') onChallenge(outcome.challenge ?? '');
    else goOn(outcome);
  };
  return (
    <>
      {failure && <Notice look="warn">{FAILURES[failure] ?? REFUSED}</Notice>}
      {fragment('done') === 'password' && <Notice look="good">Your password is changed. Sign in with it. Your API keys still work; your account lists them.</Notice>}
      <Form words={WRONG_PASSWORD} onSend={send}>
        <Field name="email" label="E-mail" type="email" autocomplete="username" maxLength={320} required />
        <CurrentPassword />
        <p class="small"><a href="/console/forgot-password">Forgot the password?</a></p>
        <Actions><Submit look="full">Sign in</Submit></Actions>
        <p class="or">or</p>
        <div class="stack">
          <button class="button second" value="link" formNoValidate>Mail me a link to sign in</button>
          <Providers />
        </div>
      </Form>
      <p class="below">No account yet? <a href="/console/sign-up">Sign up</a></p>
    </>
  );
}

function Providers() {
  const [offered, setOffered] = useState<string[]>([]);
  // Without providers the other ways remain.
  useEffect(() => { ask<OfferedProvidersOut>('GET', '/v1/sign-in/oauth').then(({ items }) => setOffered(items), () => {}); }, []);
  return (
    <>{offered.map((provider) => (
      <Button key={provider} look="second" onPress={async () => {
        const { authorization_url: address } = await ask<OAuthStartOut>('POST', `/v1/sign-in/oauth/${provider}`);
        location.assign(address);
      }}>{`Continue with ${PROVIDERS[provider] ?? provider}`}</Button>
    ))}</>
  );
}

function CodeStep({ challenge }: { challenge: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector('input')?.focus(), []);
  return (
    <div ref={place}>
      <Form words={WRONG_CODE} onSend={async ({ code }) => goOn(await ask<SignInOut>('POST', '/v1/sign-in/two-factor', { challenge, code }))}>
        <p>Two-factor sign-in is on for this account. Open your authenticator app.</p>
        <Field name="code" label="Code" autocomplete="one-time-code" maxLength={40} autocapitalize="characters" spellcheck={false} required
          hint="Six digits from the app, or one of your recovery codes." />
        <Actions><Submit look="full">Continue</Submit></Actions>
        <p class="below"><a href="/console/sign-in" onClick={(event) => { event.preventDefault(); location.replace('/console/sign-in'); location.reload(); }}>Use another account</a></p>
      </Form>
    </div>
  );
}
