/** Requests to the API of the same origin, and its refusals in words that say what to do. */

export class Refusal extends Error {
  /**
   * @param {number} status of the answer; 0 when there was none.
   * @param {string} detail what the API says is wrong, as `field: reason` where one field is.
   * @param {number} retrySeconds when to try again; 0 when it does not say.
   */
  constructor(status, detail, retrySeconds) {
    super(detail);
    this.status = status;
    this.retrySeconds = retrySeconds;
    const [, field, reason] = detail.match(/^(?:body\.)?(\w+): (.*)$/s) ?? [null, '', detail];
    this.field = field;
    this.reason = reason;
  }
}

/** The JSON a route answers with, null when with none. Throws Refusal. */
export async function ask(method, path, body) {
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { method, ...sent });
  } catch {
    throw new Refusal(0, '', 0);
  }
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Refusal(answer.status, String(said.detail ?? ''), Number(answer.headers.get('retry-after')) || 0);
}

/** All items of a list, page by page. Throws Refusal. */
export async function askAll(path) {
  const items = [];
  let cursor = null;
  do {
    const page = await ask('GET', cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor);
  return items;
}

/** An error as a sentence for a person. */
export function inWords(error) {
  if (!(error instanceof Refusal)) {
    console.error(error);
    return 'Something went wrong on this page. Reload it, then try again.';
  }
  if (error.status === 0) return 'Optiq cannot be reached. Check your connection, then try again.';
  if (error.status === 401) return 'You are signed out. Reload the page to sign in again.';
  if (error.status === 429) return `That was tried too often. Try again in ${duration(error.retrySeconds)}.`;
  if (error.status >= 500) return 'Something failed on our side. Try again in a moment.';
  return error.reason ? sentence(error.reason) : 'That was refused. Reload the page, then try again.';
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

function duration(seconds) {
  if (seconds < 90) return `${Math.max(seconds, 1)} seconds`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}
