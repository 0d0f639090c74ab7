/** A person's sessions, and the accounts of other providers that they sign in with. */

import { ask } from './api.js';
import { button, el, isSure, say, when } from './dom.js';
import { waitingInvitation } from './entry.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';
import { badge, currentPassword, fill, formOf, line, list, problem } from './pieces.js';

const METHODS = {
  PASSWORD: 'by password', MAGIC_LINK: 'by a link in a mail', SIGN_UP: 'by signing up',
  GOOGLE: 'with Google', GITHUB: 'with GitHub',
};
const PROVIDERS = { google: 'Google', github: 'GitHub' };

export async function showSessions(section) {
  try {
    const { items } = await ask('GET', '/v1/me/sessions');
    const lines = items.map((session) => sessionLine(section, session));
    fill(section, list(lines), button('Sign out everywhere', endAll, 'bad'));
  } catch (error) {
    fill(section, problem(error));
  }
}

function sessionLine(section, session) {
  const where = [session.device, session.place].filter(Boolean).join(', ');
  const begun = ['Signed in ', METHODS[session.method] ?? '', ' on ', when(session.signed_in_at)];
  const small = [...begun, '; last seen ', when(session.last_seen_at)];
  if (session.is_current) return line([where, ' ', badge('This device')], small);
  return line([where], small, button('End', async () => {
    await ask('DELETE', `/v1/me/sessions/${session.session_id}`);
    say('That session ends within a minute.');
    await showSessions(section);
  }, 'second short', `End the session on ${where}`));
}

async function endAll() {
  if (!(await isSure('Sign out on every device, this one too?', 'Sign out everywhere'))) return;
  await ask('DELETE', '/v1/me/sessions');
  waitingInvitation.forget();
  location.replace('/console/sign-in');
}

/** The providers that are set up here or linked already; hidden when there are none. */
export async function showProviders(section, me) {
  const [offered, linked] = await Promise.all([ask('GET', '/v1/sign-in/oauth'), ask('GET', '/v1/me/oauth')]);
  const linkedAt = new Map(linked.items.map((each) => [each.provider, each.linked_at]));
  const all = [...new Set([...offered.items, ...linkedAt.keys()])];
  section.hidden = !all.length;
  if (!all.length) return;
  const form = formOf(
    me.has_password && currentPassword('provider-password'),
    el('div', { class: 'actions' }),
    list(all.map((name) => line([PROVIDERS[name]],
      linkedAt.has(name) ? ['Linked on ', when(linkedAt.get(name))] : ['Not linked'],
      el('button', { class: 'button second short', value: name }, `${linkedAt.has(name) ? 'Unlink' : 'Link'} ${PROVIDERS[name]}`)))));
  let chosen = all[0];
  form.addEventListener('click', ({ target }) => { chosen = target.value || chosen; });
  onSubmit(form, async ({ password = '' }) => {
    if (linkedAt.has(chosen)) {
      await ask('POST', `/v1/me/oauth/${chosen}/unlink`, { password });
      say(`${PROVIDERS[chosen]} is unlinked.`);
      await showProviders(section, me);
    } else {
      location.assign((await ask('POST', `/v1/me/oauth/${chosen}`, { password })).authorization_url);
    }
  });
  letPasswordsBeSeen(form);
  fill(section, el('p', { class: 'soft' }, 'Link an account to sign in with it instead of the password.'), form);
}
