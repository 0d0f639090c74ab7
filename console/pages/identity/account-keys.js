/** API keys of a person: listed, made with scopes, revoked. A secret is shown once. */

import { ask } from './api.js';
import { button, el, isSure, say, when } from './dom.js';
import { onSubmit } from './form.js';
import { copy, field, fill, formOf, line, list, problem, row, submit } from './pieces.js';

export async function showKeys(section, session, made = null) {
  try {
    const { items } = await ask('GET', '/v1/me/api-keys');
    const alive = items.filter((key) => !key.revoked_at);
    const place = session.current
      ? el('details', {}, el('summary', {}, 'Make a key'), await keyForm(section, session))
      : el('p', { class: 'soft' }, 'A key is of an organization: make one, or accept an invitation first.');
    fill(section, el('p', { class: 'soft' }, 'For programs. A key never does more than you may, and nothing to your account. ',
      el('a', { href: '/docs' }, 'The API’s reference'), ' says what they may ask for.'),
      made && secretOf(made),
      alive.length > 0 && list(alive.map((key) => keyLine(section, session, key))),
      place);
  } catch (error) {
    fill(section, problem(error));
  }
}

function keyLine(section, session, key) {
  const used = key.last_used_at ? ['used ', when(key.last_used_at)] : ['not used yet'];
  const end = key.expires_at ? ['; ends ', when(key.expires_at)] : [];
  const made = [el('code', {}, key.prefix), ` ${key.scopes.join(', ')}; made `, when(key.created_at), '; '];
  return line([key.name], [...made, ...used, ...end], button('Revoke', async () => {
    if (!(await isSure(`Revoke ${key.name}? Programs that use it stop working.`, 'Revoke'))) return;
    await ask('DELETE', `/v1/me/api-keys/${key.key_id}`);
    say('The key stops working within a minute.');
    await showKeys(section, session);
  }, 'second short', `Revoke ${key.name}`));
}

function secretOf({ key, secret }) {
  const shown = el('div', { class: 'notice good', tabindex: '-1' },
    el('p', {}, `This is the key ${key.name}. It is shown only now.`),
    el('code', { class: 'secret' }, secret),
    copy(secret, 'key'));
  requestAnimationFrame(() => shown.focus());
  return shown;
}

async function keyForm(section, session) {
  const { items } = await ask('GET', '/v1/roles');
  const names = items.find((role) => role.role_id === 'OWNER').permissions.filter(session.may);
  const box = (name) => el('input', { type: 'checkbox', name: 'scope', value: name, checked: name === 'reports:read' });
  const scopes = names.map((name) => el('label', {}, box(name), name));
  const form = formOf(
    row(
      field('name', 'Name', { id: 'key-name', required: true, maxlength: 100, placeholder: 'dashboards' }),
      field('expires_at', 'Last day (none: until revoked)', { type: 'date' })),
    el('fieldset', {}, el('legend', {}, 'What it may do'), el('div', { class: 'checks' }, ...scopes)),
    submit('Make the key'));
  onSubmit(form, async ({ name, expires_at: day }) => {
    const chosen = [...form.querySelectorAll('input[name=scope]:checked')].map((box) => box.value);
    const end = day ? { expires_at: `${day}T23:59:59Z` } : {};
    await showKeys(section, session, await ask('POST', '/v1/me/api-keys', { name, scopes: chosen, ...end }));
  });
  return form;
}
