/** Tracked links of a site: a list, a form to create one, QR codes, and the numbers of each link. */

import { ask, askAll } from './api.js';
import { showNoOrganization } from './beginnings.js';
import { button, byId, el, isSure, say, when } from './dom.js';
import { onSubmit } from './form.js';
import { badge, card, choice, copy, field, fill, formOf, line, list, problem, row, submit } from './pieces.js';
import { signedIn } from './session.js';

const session = await signedIn();
const place = byId('links');
if (session.current) await show();
else showNoOrganization(place);

async function show() {
  const sites = await askAll('/v1/sites');
  if (!sites.length) {
    place.replaceChildren(el('p', { class: 'nothing' }, 'A link belongs to a site. ', el('a', { href: '/console' }, 'Create a site'), ' first.'));
    return;
  }
  const parts = [card('Links'), session.may('links:write') && card('Create a link')].filter(Boolean);
  const options = sites.map((site) => [site.site_id, site.name]);
  const chosen = choice('site', 'Site', options, new URLSearchParams(location.search).get('site') ?? sites[0].site_id);
  place.replaceChildren(sites.length > 1 ? chosen : '', ...parts);
  const pick = chosen.querySelector('select');
  pick.addEventListener('change', () => showSite(parts, pick.value));
  await showSite(parts, pick.value);
}

async function showSite([links, creating], siteId) {
  const path = `/v1/sites/${siteId}/links`;
  if (creating) fill(creating, form(path, () => showLinks(links, path)));
  await showLinks(links, path);
}

async function showLinks(section, path) {
  try {
    const { items } = await ask('GET', `${path}?limit=100`);
    fill(section, items.length ? list(items.map((link) => linkLine(section, path, link)))
      : el('p', { class: 'soft' }, 'There is no link yet. Create one for a poster, a mail or a partner, and see what it earns.'));
  } catch (error) {
    fill(section, problem(error));
  }
}

function form(path, done) {
  const made = formOf(
    row(
      field('path', 'Short name', { required: true, maxlength: 100, autocomplete: 'off', placeholder: 'spring' }, 'The last part of the address: letters, digits, - and _.'),
      field('target', 'Leads to', { type: 'url', required: true, maxlength: 2000, placeholder: 'https://' }, 'The page that people see.')),
    row(
      field('label', 'Label', { maxlength: 200, placeholder: 'Poster at the station' }),
      field('max_clicks', 'Ends after clicks', { type: 'number', min: 1 }, 'Leave empty for no limit.')),
    row(
      field('utm_source', 'Source', { maxlength: 200, placeholder: 'poster' }),
      field('utm_medium', 'Medium', { maxlength: 200, placeholder: 'print' }),
      field('utm_campaign', 'Campaign', { maxlength: 200, placeholder: 'spring' })),
    submit('Create the link'));
  onSubmit(made, async (fields) => {
    const given = Object.entries(fields).filter(([, value]) => value !== '');
    const link = Object.fromEntries(given.map(([name, value]) => [name, name === 'max_clicks' ? Number(value) : value]));
    await ask('POST', path, link);
    made.reset();
    say('The link is created.');
    await done();
  }, { 409: 'This short name is taken. Choose another.' });
  return made;
}

function linkLine(section, path, link) {
  const own = `${path}/${link.link_id}`;
  const numbers = el('div', { class: 'numbers' });
  const what = [el('a', { href: link.address }, link.address.replace(/^https?:\/\//, '')), ' ', !link.active && badge('Off', 'bad')];
  const small = [link.label && `${link.label}; `, `leads to ${link.target}, created `, when(link.created_at)];
  const controls = [
    button('Numbers', () => showNumbers(numbers, own), 'second short', `Numbers of ${link.path}`),
    copy(link.address, 'address', 'second short'),
    el('a', { class: 'button second short', href: `${own}/qr.svg`, download: `${link.path}.svg` }, 'QR code'),
  ];
  if (session.may('links:write')) controls.push(button(link.active ? 'Turn off' : 'Turn on', async () => {
    if (link.active && !(await isSure(`Turn ${link.path} off? People who open it see that it has ended.`, 'Turn off'))) return;
    await ask('PATCH', own, { active: !link.active, version: link.version });
    say(link.active ? 'The link is off.' : 'The link is on.');
    await showLinks(section, path);
  }, 'second short', `${link.active ? 'Turn off' : 'Turn on'} ${link.path}`));
  const made = line(what.filter(Boolean), small.filter(Boolean), ...controls);
  made.append(numbers);
  return made;
}

async function showNumbers(place, own) {
  const { clicks, visitors, currency, earned } = await ask('GET', `${own}/report`);
  const money = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  const share = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
  const facts = { 'Clicks by people': clicks.human, 'QR code scans': clicks.qr, 'Robots and previews': clicks.other, Visitors: visitors };
  const rows = earned.map(({ model, conversions, revenue_micros: micros }) => el('tr', {},
    el('th', { scope: 'row' }, model.replaceAll('_', ' ').toLowerCase()),
    el('td', { class: 'number' }, share.format(conversions)), el('td', { class: 'number' }, money.format(micros / 1e6))));
  place.replaceChildren(
    el('dl', { class: 'facts' }, ...Object.entries(facts).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, String(value))])),
    el('table', {}, el('caption', {}, 'Credit of the link under each model'),
      el('thead', {}, el('tr', {}, ...['Model', 'Conversions', 'Revenue'].map((name) => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, ...rows)));
}
