/** What the address of the report asks for and does not exist: said instead of showing other figures. */

import { DIMENSIONS, MODELS } from './models.js';

export const FILTERS = ['site', 'model', 'by', 'from', 'to'];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The faults of an address, by parameter: a sentence each. An empty value asks for nothing. */
export function faultsOf(address, sites) {
  const faults = new Map();
  for (const name of new Set(address.keys())) {
    const values = address.getAll(name);
    const said = values.length > 1 ? `This link gives “${name}” more than once.` : faultOf(name, values[0], sites);
    if (said) faults.set(name, said);
  }
  return faults;
}

function faultOf(name, value, sites) {
  if (name === 'site') {
    const isHere = !value || sites.some((site) => site.site_id === value);
    return isHere ? '' : 'The site in this link is not here: it may be another organization’s, archived, or closed to you.';
  }
  if (name === 'model') return !value || Object.hasOwn(MODELS, value) ? '' : `There is no model “${value}”.`;
  if (name === 'by') return !value || Object.hasOwn(DIMENSIONS, value) ? '' : `There is no report by “${value}”.`;
  if (name === 'from' || name === 'to') return !value || isDay(value) ? '' : `“${value}” is not a day such as 2026-01-31.`;
  return `The report does not know “${name}”, which this link asks for.`;
}

function isDay(text) {
  const moment = new Date(text);
  return DAY.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
