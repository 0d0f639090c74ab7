/** Requests to the API of the same origin, and its errors in words that name the fix. */

export class Refusal extends Error {
  /**
   * @param {number} status of the answer; 0 when there was none.
   * @param {string} detail the API's reason, as `field: reason` if it concerns one field.
   * @param {number} retrySeconds seconds to wait before another try; 0 if unknown.
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

/** The JSON answer of a route; null when it has none. Throws Refusal. */
export async function ask(method, path, body) {
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { method, ...sent });
  } catch {
    throw new Refusal(0, '', 0);
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  throw new Refusal(answer.status, String(content.detail ?? ''), Number(answer.headers.get('retry-after')) || 0);
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
  if (error.status === 0) return 'Optiq does not answer. Check your connection, then try again.';
  if (error.status === 401) return 'You are signed out. Reload the page to sign in again.';
  if (error.status === 429) return `Too many tries. Try again in ${duration(error.retrySeconds)}.`;
  if (error.status >= 500) return 'The server failed. Try again in a moment.';
  return error.reason ? sentence(error.reason) : 'The request was rejected. Reload the page, then try again.';
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

function duration(seconds) {
  if (seconds < 90) return `${Math.max(seconds, 1)} seconds`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}
