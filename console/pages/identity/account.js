/** A person's account: a card for each part. */

import { ask } from './api.js';
import { byId, el, say } from './dom.js';
import { showKeys } from './account-keys.js';
import { showProviders, showSessions } from './account-sessions.js';
import { showTwoFactor } from './account-two-factor.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';
import { card, currentPassword, field, formOf, row, submit } from './pieces.js';
import { signedIn } from './session.js';

const session = await signedIn();
const parts = ['Profile', 'Password', 'Two-factor sign-in', 'Google and GitHub', 'Where you are signed in', 'API keys'].map(card);
const [profile, password, twoFactor, providers, sessions, keys] = parts;
byId('sections').replaceChildren(...parts);

showProfile();
showPassword();
await Promise.all([
  showTwoFactor(twoFactor, session.me, () => showSessions(sessions)),
  showProviders(providers, session.me),
  showSessions(sessions),
  showKeys(keys, session),
]);

function showProfile() {
  const { me } = session;
  const form = formOf(
    row(
      field('name', 'Name', { value: me.name, required: true, maxlength: 200, autocomplete: 'name' }),
      field('address', 'E-mail', { value: me.email, disabled: true })),
    row(
      field('locale', 'Language', { value: me.locale, maxlength: 35 }, 'A tag such as en-IE or de-DE.'),
      field('timezone', 'Timezone', { value: me.timezone, maxlength: 60 }, 'Such as Europe/Berlin.')),
    submit('Save the profile'));
  onSubmit(form, async ({ name, locale, timezone }) => {
    const changed = Object.entries({ name, locale, timezone }).filter(([key, value]) => value !== me[key]);
    session.me = Object.assign(me, await ask('PATCH', '/v1/me', Object.fromEntries(changed)));
    say('Your profile is saved.');
  });
  profile.append(form);
}

function showPassword() {
  const { me } = session;
  const form = formOf(
    el('input', { type: 'hidden', autocomplete: 'username', value: me.email }),
    me.has_password && currentPassword('current_password', 'current_password', 'Current password'),
    field('new_password', 'New password',
      { type: 'password', autocomplete: 'new-password', required: true, maxlength: 1024 },
      `At least ${me.two_factor ? 8 : 15} characters. Several words in a row work well.`),
    submit(me.has_password ? 'Change the password' : 'Set a password'));
  onSubmit(form, async (passwords) => {
    await ask('POST', '/v1/me/password', passwords);
    form.reset();
    say('Your password is changed. Every other device is signed out.');
    if (!me.has_password) location.reload();
    await showSessions(sessions);
  });
  letPasswordsBeSeen(form);
  password.append(el('p', { class: 'soft' }, 'A change signs out every other device.'), form);
}
