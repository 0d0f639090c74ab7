/** The report of a site: revenue by channel under a model, and the conversions without credit. */

import { ask, askAll } from './api.js';
import { FILTERS, faultsOf } from './asked.js';
import { byId, el, svg } from './dom.js';
import { showFirstSite, showNoOrganization, siteForm } from './beginnings.js';
import { DIMENSIONS, MODELS, NO_TRACKED_VISIT } from './models.js';
import { choice, field, problem, trackerTag } from './pieces.js';
import { signedIn } from './session.js';

const PERIODS = { 7: '7 days', 30: '30 days', 90: '90 days' };
const DAY_MS = 86_400_000;
const place = byId('report');
const asked = new URLSearchParams(location.search);

let latest = 0;

async function showSites(session) {
  try {
    const sites = await askAll('/v1/sites');
    if (sites.length) showReport(sites, session);
    else showFirstSite(place, session);
    if (!sites.length) place.prepend(...notices(faultsOf(asked, sites)));
  } catch (error) {
    place.replaceChildren(problem(error));
  }
}

function showReport(sites, session) {
  const faults = faultsOf(asked, sites);
  const models = Object.entries(MODELS).map(([name, [title]]) => [name, title]);
  const sitesByName = sites.map((site) => [site.site_id, site.name]);
  // Nothing is chosen in place of what does not exist.
  const chosen = (name, label, known, otherwise) => (faults.has(name)
    ? choice(name, label, [['?', 'Choose one'], ...known], '?')
    : choice(name, label, known, asked.get(name) || otherwise));
  const filters = el('form', { class: 'filters', 'aria-label': 'What the report shows' },
    chosen('site', 'Site', sitesByName, sites[0].site_id),
    chosen('model', 'Model', [['', 'The site’s default'], ...models], ''),
    chosen('by', 'By', Object.entries(DIMENSIONS), 'channel'),
    field('from', 'From', { type: 'date', value: asked.get('from') ?? '' }),
    field('to', 'To', { type: 'date', value: asked.get('to') ?? '' }),
    choice('days', 'Or the last', [['', 'Days as chosen'], ...Object.entries(PERIODS)], ''));
  const site = () => sites.find(({ site_id: id }) => id === filters.elements.site.value);
  const answer = el('div', { id: 'answer' });
  const status = el('p', { class: 'quiet', role: 'status' });
  filters.addEventListener('submit', (submission) => submission.preventDefault());
  filters.addEventListener('change', ({ target }) => {
    const { days } = filters.elements;
    if (target === days && days.value) lastDays(filters, days.value, site());
    if (target.type === 'date') days.value = '';
    forget(faults, target === days ? ['from', 'to'] : [target.name]);
    refresh(filters, site(), answer, status, faults);
  });
  const another = session.may('sites:write') && el('details', {}, el('summary', {}, 'Add a site'), siteForm(place));
  place.replaceChildren(el('section', { class: 'card' }, filters, another), status, answer);
  refresh(filters, site(), answer, status, faults);
}

/** Removes the faults of changed filters and of unknown ones: the address now follows the filters. */
function forget(faults, chosen) {
  for (const name of [...faults.keys()]) {
    if (chosen.includes(name) || !FILTERS.includes(name)) faults.delete(name);
  }
}

const notices = (faults) => [...faults.values()].map((text) => el('p', { class: 'notice warn', role: 'alert' }, text));

/** The days up to the site's own today. */
function lastDays(filters, days, site) {
  // Swedish writes a day as ISO 8601 does.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: site?.timezone }).format();
  const first = new Date(Date.parse(today) - (days - 1) * DAY_MS);
  filters.elements.to.value = today;
  filters.elements.from.value = first.toISOString().slice(0, 10);
}

async function refresh(filters, site, answer, status, faults) {
  const mine = ++latest;
  status.textContent = '';
  if (faults.size) {
    answer.classList.remove('busy');
    answer.replaceChildren(...notices(faults));
    return;
  }
  const { site: id, days: _days, ...question } = Object.fromEntries(new FormData(filters));
  const query = new URLSearchParams(Object.entries(question).filter(([, value]) => value));
  history.replaceState(null, '', `?${new URLSearchParams([['site', id], ...query])}`);
  answer.classList.add('busy');
  try {
    const report = await ask('GET', `/v1/sites/${id}/attribution?${query}`);
    if (mine !== latest) return;
    filters.elements.from.value = report.from;
    filters.elements.to.value = report.to;
    answer.replaceChildren(...cardsOf(report, site));
    status.textContent = `${report.rows.length} rows, ${money(report.totals.revenue_micros, report.currency)} in total.`;
  } catch (error) {
    if (mine === latest) answer.replaceChildren(problem(error));
  } finally {
    answer.classList.remove('busy');
  }
}

function cardsOf(report, site) {
  const [title, words] = MODELS[report.model];
  const earned = report.rows.length
    ? el('div', { class: 'scroll' }, table(report), untracked(report))
    : el('p', { class: 'nothing' }, nothing(report));
  return [tiles(report), ...leftOut(report, site), el('section', { class: 'card' },
    el('h2', {}, `Revenue by ${DIMENSIONS[report.by].toLowerCase()}`),
    el('p', { class: 'soft small' }, `${title}: ${words}`),
    earned), installation(report, site)];
}

/** Explains the row without a visit, if there is one. */
function untracked({ by, rows }) {
  if (!rows.some((row) => row[by] === NO_TRACKED_VISIT)) return '';
  return el('p', { class: 'soft small' }, `${NO_TRACKED_VISIT}: the sale has no known visit in its window.`);
}

/** The site's tag, open where nothing was earned. */
function installation({ totals, not_computed: left }, site) {
  const isEmpty = !totals.conversions && !left;
  return el('section', { class: 'card' },
    el('details', { open: isEmpty }, el('summary', {}, `The tracker of ${site.name}`), trackerTag(site)));
}

function tiles({ from, to, timezone, currency, not_computed: left, totals }) {
  const { conversions, revenue_micros: revenue } = totals;
  const none = left ? 'none under this model' : 'none in these days';
  return el('dl', { class: 'tiles' },
    tile('Revenue', money(revenue, currency), `${from} to ${to}, ${timezone}`),
    tile('Conversions', number(conversions), conversions ? `${money(revenue / conversions, currency)} on average` : none),
    tile('Not attributed', number(left), left ? 'conversions, not in these figures' : 'these figures include every conversion'));
}

const tile = (name, value, more) => el('div', { class: 'tile' },
  el('dt', {}, name), el('dd', {}, value, el('small', {}, more)));

const weights = ({ site_id: id }) => ' It needs the site’s own weights. Set “custom” with PUT '
  + `/v1/sites/${id}/attribution/settings, then recompute these days. See the documentation on reading attribution.`;

const nothing = (report) => (report.not_computed
  ? 'This model credited nothing in these days. Choose another model, or other days.'
  : 'There is no revenue in these days. Choose other days, or check that the tracker is installed.');

function leftOut({ model, not_computed: left, verdict, missing_rates: rates }, site) {
  const texts = rates.map((rate) => `The revenue leaves out ${money(rate.value_micros, rate.currency)} of ${rate.day}: `
    + `${rate.currency} has no exchange rate on that day.`);
  if (verdict?.reason) texts.unshift(`The model’s fit to the site’s paths: ${verdict.reason}.`);
  const remedy = model === 'CUSTOM' ? weights(site) : '';
  if (left) texts.unshift(`${number(left)} conversions are not attributed: this model has no result for them.${remedy}`);
  return texts.map((text) => el('p', { class: 'notice warn' }, text));
}

// Narrow screens lay the rows out anew; browsers then lose the table's roles unless they are explicit.
const column = (name, look) => el('th', { role: 'columnheader', scope: 'col', class: look }, name);
const cell = (look, ...content) => el('td', { role: 'cell', class: look }, ...content);
const line = (name, ...cells) => el('tr', { role: 'row' }, el('th', { role: 'rowheader', scope: 'row' }, name), ...cells);

function table({ by, rows, totals, currency }) {
  // A model that splits gives parts of conversions.
  const digits = rows.every((row) => Number.isInteger(row.conversions)) ? 0 : 2;
  const most = Math.max(...rows.map((row) => row.revenue_micros), 1);
  const figures = ({ revenue_micros: micros, conversions }) => [
    cell('number', money(micros, currency)), cell('number count', number(conversions, digits)),
  ];
  const lines = rows.map((row) => line(row[by] || '(none)', ...figures(row),
    cell('share', share(row.revenue_micros, totals.revenue_micros, most))));
  return el('table', { class: 'table-cards', role: 'table' },
    el('caption', { class: 'quiet' }, `Revenue by ${DIMENSIONS[by].toLowerCase()}`),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
      column(DIMENSIONS[by]), column('Revenue', 'number'), column('Conversions', 'number'), column('Share of revenue', 'share'))),
    el('tbody', { role: 'rowgroup' }, ...lines),
    el('tfoot', { role: 'rowgroup' }, line('Total', ...figures(totals), cell('share'))));
}

/** The bar is of the largest row, the figure of the total. */
function share(micros, total, most) {
  const width = `${Math.max(0, (100 * micros) / most)}%`;
  const bar = svg('svg', { class: 'bar', 'aria-hidden': 'true' },
    svg('rect', { width: '100%', height: '100%', rx: '5' }),
    svg('rect', { width, height: '100%', rx: '5' }));
  const part = total > 0 ? `${number((100 * micros) / total, 1)} %` : '–';
  return el('div', { class: 'share-cell' }, bar, el('span', { class: 'number' }, part));
}

function money(micros, currency) {
  return (micros / 1e6).toLocaleString(undefined, { style: 'currency', currency });
}

function number(value, digits = 0) {
  return value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const session = await signedIn();
if (session.current) await showSites(session);
else showNoOrganization(place);
