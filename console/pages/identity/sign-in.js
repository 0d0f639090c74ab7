/** Signs in with a password, a link by mail or a provider; then with the second factor, if it is on. */

import { ask } from './api.js';
import { button, byId, fragment } from './dom.js';
import { goOn, showMailSent } from './entry.js';
import { explain, letPasswordsBeSeen, onSubmit } from './form.js';

const PROVIDERS = { google: 'Google', github: 'GitHub' };
const FAILURES = {
  ADDRESS_NOT_VERIFIED: 'That account has no verified e-mail. Verify it there, or sign in another way.',
  ACCOUNT_EXISTS: 'Your e-mail already has an account. Sign in to it, then link the other on your account page.',
  PROVIDER_FAILED: 'The provider did not answer. Try again in a moment, or sign in another way.',
  REFUSED: 'That did not work. Try again, or sign in another way.',
};
const passwordStep = byId('password-step');
const codeStep = byId('code-step');
let challenge = '';

function showSecondFactor(given) {
  challenge = given;
  passwordStep.hidden = true;
  byId('others').hidden = true;
  byId('notice').hidden = true;
  codeStep.hidden = false;
  codeStep.elements.code.focus();
}

function notify(text, look = '') {
  const notice = byId('notice');
  notice.className = `notice ${look}`;
  notice.textContent = text;
  notice.hidden = false;
}

onSubmit(passwordStep, async ({ email, password }) => {
  const outcome = await ask('POST', '/v1/sign-in', { email, password });
  if (outcome.status === 'SECOND_FACTOR_NEEDED') showSecondFactor(outcome.challenge);
  else goOn(outcome);
}, { 401: 'The e-mail or the password is wrong. Try again, or ask for a link by mail.' });

onSubmit(codeStep, async ({ code }) => goOn(await ask('POST', '/v1/sign-in/two-factor', { challenge, code })), {
  401: 'The code is wrong, used or expired. Wait for the next one, or start over.',
});

byId('magic-link').addEventListener('click', async () => {
  const { email } = passwordStep.elements;
  if (!email.reportValidity()) return;
  try {
    await ask('POST', '/v1/sign-in/magic-link', { email: email.value });
    showMailSent(email.value, 'Its link expires after 15 minutes and can be used once.');
  } catch (error) {
    explain(passwordStep, error);
  }
});

async function offerProviders() {
  const { items } = await ask('GET', '/v1/sign-in/oauth');
  byId('ways').append(...items.map((provider) => button(`Continue with ${PROVIDERS[provider]}`, async () => {
    const { authorization_url: address } = await ask('POST', `/v1/sign-in/oauth/${provider}`);
    location.assign(address);
  }, 'second')));
}

letPasswordsBeSeen();
if (fragment('challenge')) showSecondFactor(fragment('challenge'));
else if (fragment('error')) notify(FAILURES[fragment('error')] ?? FAILURES.REFUSED, 'warn');
else if (fragment('done') === 'password') notify('Your password is changed. Sign in with it. Your API keys still work; your account lists them.', 'good');
// Without providers the other ways remain.
offerProviders().catch(() => {});
