/** The report of a site: revenue by channel under a model, with what is left out of it. */

import { ask, inWords } from './api.js';
import { byId, el, svg } from './dom.js';
import { MODELS, DIMENSIONS } from './models.js';
import { choice, field } from './pieces.js';
import { signedIn } from './session.js';
import { showFirstSite, showNoOrganization } from './beginnings.js';

const PERIODS = { 7: '7 days', 30: '30 days', 90: '90 days' };
const place = byId('report');
const asked = new URLSearchParams(location.search);

let latest = 0;

async function showSites(session) {
  try {
    const sites = (await ask('GET', '/v1/sites')).items;
    if (sites.length) showReport(sites);
    else showFirstSite(place, session);
  } catch (error) {
    place.replaceChildren(el('p', { class: 'error', role: 'alert' }, inWords(error)));
  }
}

function showReport(sites) {
  const chosen = sites.find((site) => site.site_id === asked.get('site')) ?? sites[0];
  const filters = el('form', { class: 'filters', 'aria-label': 'What the report shows' },
    choice('site', 'Site', sites.map((site) => [site.site_id, site.name]), chosen.site_id),
    choice('model', 'Model', [['', 'The site’s default'], ...Object.entries(MODELS).map(([name, [title]]) => [name, title])], asked.get('model') ?? ''),
    choice('by', 'By', Object.entries(DIMENSIONS), asked.get('by') ?? 'channel'),
    day('from', 'From'), day('to', 'To'),
    choice('days', 'Or the last', [['', 'Days as chosen'], ...Object.entries(PERIODS)], ''));
  const answer = el('div', { id: 'answer' });
  const status = el('p', { class: 'quiet', role: 'status' });
  filters.elements.from.value = asked.get('from') ?? '';
  filters.elements.to.value = asked.get('to') ?? '';
  filters.addEventListener('submit', (submission) => submission.preventDefault());
  filters.addEventListener('change', ({ target }) => {
    if (target.name === 'days' && target.value) lastDays(filters, Number(target.value));
    refresh(filters, answer, status);
  });
  place.replaceChildren(el('section', { class: 'card' }, filters), status, answer);
  refresh(filters, answer, status);
}

const day = (name, label) => field(name, label, { type: 'date' });

/** Ends on the day of the report that is shown, which is the site's today unless another was chosen. */
function lastDays(filters, days) {
  const last = new Date(`${filters.elements.to.max || new Date().toISOString().slice(0, 10)}T00:00:00Z`);
  filters.elements.to.value = last.toISOString().slice(0, 10);
  last.setUTCDate(last.getUTCDate() - days + 1);
  filters.elements.from.value = last.toISOString().slice(0, 10);
}

async function refresh(filters, answer, status) {
  const mine = ++latest;
  const { site, days: _, ...question } = Object.fromEntries(new FormData(filters));
  const query = new URLSearchParams(Object.entries(question).filter(([, value]) => value));
  history.replaceState(null, '', `?${new URLSearchParams([['site', site], ...query])}`);
  answer.classList.add('busy');
  try {
    const report = await ask('GET', `/v1/sites/${site}/attribution?${query}`);
    if (mine !== latest) return;
    filters.elements.from.value = report.from;
    filters.elements.to.value = report.to;
    filters.elements.to.max ||= report.to;
    filters.elements.from.max = report.to;
    answer.replaceChildren(...told(report));
    status.textContent = `${report.rows.length} rows, ${money(report.totals.revenue_micros, report.currency)} in total.`;
  } catch (error) {
    if (mine === latest) answer.replaceChildren(el('p', { class: 'error', role: 'alert' }, inWords(error)));
  } finally {
    answer.classList.remove('busy');
  }
}

function told(report) {
  const [title, words] = MODELS[report.model];
  const { conversions, revenue_micros: revenue } = report.totals;
  const left = report.not_computed + report.missing_rates.reduce((sum, rate) => sum + rate.conversions, 0);
  const tiles = el('dl', { class: 'tiles' },
    tile('Revenue', money(revenue, report.currency), `${report.from} to ${report.to}, ${report.timezone}`),
    tile('Conversions', number(conversions), conversions ? `${money(revenue / conversions, report.currency)} on average` : `none ${left ? 'under this model' : 'in these days'}`),
    tile('Not attributed', number(left), left ? 'conversions in no figure here; see below' : 'every conversion is in these figures'));
  return [tiles, ...leftOut(report), el('section', { class: 'card' },
    el('h2', {}, `Revenue by ${DIMENSIONS[report.by].toLowerCase()}`),
    el('p', { class: 'soft small' }, `${title}: ${words}`),
    report.rows.length ? el('div', { class: 'scroll' }, table(report)) : el('p', { class: 'nothing' }, report.not_computed ? 'This model credited nothing in these days. Choose another model, or other days.' : 'Nothing was earned in these days. Choose others, or look whether the tracker is installed.'))];
}

const tile = (name, value, more) => el('div', { class: 'tile' }, el('dt', {}, name), el('dd', {}, value, el('small', {}, more)));

function leftOut(report) {
  const said = [];
  if (report.not_computed) said.push(`${number(report.not_computed)} conversions are not attributed by this model: they came before it was in use, or it cannot credit them yet.`);
  if (report.verdict?.reason) said.push(`What the site’s paths taught this model: ${report.verdict.reason}.`);
  for (const rate of report.missing_rates) {
    said.push(`${number(rate.conversions)} conversions worth ${money(rate.value_micros, rate.currency)} on ${rate.day} are left out: ${rate.currency} has no exchange rate for that day.`);
  }
  return said.map((text) => el('p', { class: 'notice warn' }, text));
}

function table({ by, rows, totals, currency }) {
  // A model that splits gives parts of conversions.
  const digits = rows.every((row) => Number.isInteger(row.conversions)) ? 0 : 2;
  const most = Math.max(...rows.map((row) => row.revenue_micros), 1);
  const head = el('tr', {}, el('th', { scope: 'col' }, DIMENSIONS[by]), el('th', { scope: 'col', class: 'number' }, 'Revenue'),
    el('th', { scope: 'col', class: 'number' }, 'Conversions'), el('th', { scope: 'col', class: 'share' }, 'Share of revenue'));
  const lines = rows.map((row) => el('tr', {}, el('th', { scope: 'row' }, row[by] || '(none)'),
    el('td', { class: 'number' }, money(row.revenue_micros, currency)),
    el('td', { class: 'number' }, number(row.conversions, digits)),
    el('td', { class: 'share' }, share(row.revenue_micros, totals.revenue_micros, most))));
  const foot = el('tr', {}, el('th', { scope: 'row' }, 'Total'), el('td', { class: 'number' }, money(totals.revenue_micros, currency)),
    el('td', { class: 'number' }, number(totals.conversions, digits)), el('td', { class: 'share' }));
  return el('table', { class: 'table-cards' }, el('caption', { class: 'quiet' }, `Revenue by ${DIMENSIONS[by].toLowerCase()}`),
    el('thead', {}, head), el('tbody', {}, ...lines), el('tfoot', {}, foot));
}

/** The bar is of the largest row, the figure of the total. */
function share(micros, total, most) {
  const width = `${Math.max(0, (100 * micros) / most)}%`;
  const bar = svg('svg', { class: 'bar', 'aria-hidden': 'true' },
    svg('rect', { width: '100%', height: '100%', rx: '5' }), svg('rect', { width, height: '100%', rx: '5' }));
  const part = total > 0 ? (micros / total).toLocaleString(undefined, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }) : '–';
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
