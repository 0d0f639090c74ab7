/** Signing in: a password, a link by mail or a provider; then the second factor where it is on. */

import { ask } from './api.js';
import { button, byId, fragment } from './dom.js';
import { goOn, showMailSent } from './entry.js';
import { explain, letPasswordsBeSeen, onSubmit } from './form.js';

const PROVIDERS = { google: 'Google', github: 'GitHub' };
const FAILURES = {
  ADDRESS_NOT_VERIFIED: 'There is no verified address at that account. Verify one there, or sign in another way.',
  ACCOUNT_EXISTS: 'Your address has an account here already. Sign in to it; then link the other on your account page.',
  PROVIDER_FAILED: 'The other side did not answer. Try again in a moment, or sign in another way.',
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

function tell(text, look = '') {
  const notice = byId('notice');
  notice.className = `notice ${look}`;
  notice.textContent = text;
  notice.hidden = false;
}

onSubmit(passwordStep, async ({ email, password }) => {
  const outcome = await ask('POST', '/v1/sign-in', { email, password });
  if (outcome.status === 'SECOND_FACTOR_NEEDED') showSecondFactor(outcome.challenge);
  else goOn(outcome);
}, { 401: 'The address or the password is wrong. Try again, or let us mail you a link.' });

onSubmit(codeStep, async ({ code }) => goOn(await ask('POST', '/v1/sign-in/two-factor', { challenge, code })), {
  401: 'That code is wrong, was used before, or came too late. Wait for the next one, or start over.',
});

byId('magic-link').addEventListener('click', async () => {
  const { email } = passwordStep.elements;
  if (!email.reportValidity()) return;
  try {
    await ask('POST', '/v1/sign-in/magic-link', { email: email.value });
    showMailSent(email.value, 'Its link signs you in, once, for 15 minutes.');
  } catch (error) {
    explain(passwordStep, error);
  }
});

async function offerProviders() {
  const { items } = await ask('GET', '/v1/sign-in/oauth');
  byId('ways').append(...items.map((provider) => button(`Go on with ${PROVIDERS[provider]}`, async () => {
    const { authorization_url: address } = await ask('POST', `/v1/sign-in/oauth/${provider}`);
    location.assign(address);
  }, 'second')));
}

letPasswordsBeSeen();
if (fragment('challenge')) showSecondFactor(fragment('challenge'));
else if (fragment('error')) tell(FAILURES[fragment('error')] ?? FAILURES.REFUSED, 'warn');
else if (fragment('done') === 'password') tell('Your password is changed. Sign in with it; your API keys still work, and your account lists them.', 'good');
// Without providers the other ways remain.
offerProviders().catch(() => {});
