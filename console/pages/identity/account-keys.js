/** A person's API keys: list, create with scopes, revoke. A secret is shown once. */

import { ask } from './api.js';
import { button, el, isSure, say, when } from './dom.js';
import { onSubmit } from './form.js';
import { copy, field, fill, formOf, line, list, problem, row, submit } from './pieces.js';

export async function showKeys(section, session, made = null) {
  try {
    const { items } = await ask('GET', '/v1/me/api-keys');
    const alive = items.filter((key) => !key.revoked_at);
    const place = session.current
      ? el('details', {}, el('summary', {}, 'Create a key'), await keyForm(section, session))
      : el('p', { class: 'soft' }, 'A key belongs to an organization. Create one, or accept an invitation first.');
    fill(section, el('p', { class: 'soft' }, 'Programs use keys. A key has at most your own permissions and cannot change your account. ',
      'See the ', el('a', { href: '/docs' }, 'API reference'), '.'),
      made && secretOf(made),
      alive.length > 0 && list(alive.map((key) => keyLine(section, session, key))),
      place);
  } catch (error) {
    fill(section, problem(error));
  }
}

function keyLine(section, session, key) {
  const used = key.last_used_at ? ['used ', when(key.last_used_at)] : ['not used yet'];
  const end = key.expires_at ? ['; expires ', when(key.expires_at)] : [];
  const made = [el('code', {}, key.prefix), ` ${key.scopes.join(', ')}; created `, when(key.created_at), '; '];
  return line([key.name], [...made, ...used, ...end], button('Revoke', async () => {
    if (!(await isSure(`Revoke ${key.name}? Programs that use it stop working.`, 'Revoke'))) return;
    await ask('DELETE', `/v1/me/api-keys/${key.key_id}`);
    say('The key stops working within a minute.');
    await showKeys(section, session);
  }, 'second short', `Revoke ${key.name}`));
}

function secretOf({ key, secret }) {
  const shown = el('div', { class: 'notice good', tabindex: '-1' },
    el('p', {}, `Copy the key ${key.name} now. It is not shown again.`),
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
      field('expires_at', 'Last day (optional)', { type: 'date' })),
    el('fieldset', {}, el('legend', {}, 'Permissions'), el('div', { class: 'checks' }, ...scopes)),
    submit('Create the key'));
  onSubmit(form, async ({ name, expires_at: day }) => {
    const chosen = [...form.querySelectorAll('input[name=scope]:checked')].map((box) => box.value);
    const end = day ? { expires_at: `${day}T23:59:59Z` } : {};
    await showKeys(section, session, await ask('POST', '/v1/me/api-keys', { name, scopes: chosen, ...end }));
  });
  return form;
}
