/** Faults in the report's address: the page shows them instead of other figures. */

import { DIMENSIONS, MODELS } from './models.js';

export const FILTERS = ['site', 'model', 'by', 'from', 'to'];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The faults of an address, by parameter: a sentence each. An empty value asks for nothing. */
export function faultsOf(address, sites) {
  const faults = new Map();
  for (const name of new Set(address.keys())) {
    const values = address.getAll(name);
    const fault = values.length > 1 ? `This link has “${name}” more than once.` : faultOf(name, values[0], sites);
    if (fault) faults.set(name, fault);
  }
  return faults;
}

function faultOf(name, value, sites) {
  if (name === 'site') {
    const isHere = !value || sites.some((site) => site.site_id === value);
    return isHere ? '' : 'This link names a site that you cannot see here. It may be archived, or belong to another organization.';
  }
  if (name === 'model') return !value || Object.hasOwn(MODELS, value) ? '' : `There is no model “${value}”.`;
  if (name === 'by') return !value || Object.hasOwn(DIMENSIONS, value) ? '' : `There is no report by “${value}”.`;
  if (name === 'from' || name === 'to') return !value || isDay(value) ? '' : `“${value}” is not a day such as 2026-01-31.`;
  return `This link has an unknown filter, “${name}”.`;
}

function isDay(text) {
  const moment = new Date(text);
  return DAY.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
