/** Requests to the API of the same origin, and its errors in words that name the fix. */

import { plural, t } from './words';

export class Refusal extends Error {
  readonly field: string;
  readonly reason: string;

  /**
   * @param status of the answer; 0 when there was none.
   * @param detail the API's reason, as `field: reason` if it concerns one field.
   * @param retrySeconds seconds to wait before another try; 0 if unknown.
   */
  constructor(readonly status: number, detail: string, readonly retrySeconds: number) {
    super(detail);
    const found = /^(?:body\.)?(\w+): (.*)$/s.exec(detail);
    this.field = found?.[1] ?? '';
    this.reason = found?.[2] ?? detail;
  }
}

export interface Page<Item> { items: Item[]; cursor: string | null }

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The JSON answer of a route; null when it has none. Throws Refusal. */
export async function ask<Answer>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const answer = await answered(method, path, body, signal);
  return answer.status === 204 ? null as Answer : await answer.json() as Answer;
}

/** The file that a POST route answers with. Throws Refusal. */
export const askFile = async (path: string, body: unknown): Promise<Blob> => (await answered('POST', path, body)).blob();

/** The bytes that a route answers with. Throws Refusal. */
export const askBytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await (await answered('GET', path)).arrayBuffer());

/** The key by which a signed-in member of the staff asks the operator's routes: no cookie opens them. It is kept in memory alone. */
let staffKey = { key: '', until: 0 };

async function keyOfStaff(): Promise<string> {
  if (staffKey.until < Date.now() + 30_000) {
    const made = await ask<{ key: string; expires_at: string }>('POST', '/v1/me/staff-key');
    staffKey = { key: made.key, until: Date.parse(made.expires_at) };
  }
  return staffKey.key;
}

async function answered(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  if (path.startsWith('/v1/operator/')) headers.authorization = `Bearer ${await keyOfStaff()}`;
  const sent: RequestInit = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
  let answer: Response;
  try {
    answer = await fetch(path, { method, ...sent, signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(0, '', 0);
  }
  if (answer.ok) return answer;
  const content = await answer.json().catch(() => ({})) as { detail?: unknown };
  throw new Refusal(answer.status, String(content.detail ?? ''), Number(answer.headers.get('retry-after')) || 0);
}

/** All items of a list, page by page. Throws Refusal. */
export async function askAll<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await ask('GET', cursor ? withParams(path, { cursor }) : path);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor);
  return items;
}

/** A path with query parameters; empty ones are left out. */
export function withParams(path: string, params: Record<string, string | number | null | undefined>): string {
  const kept = Object.entries(params).filter(([, value]) => value !== '' && value != null);
  const query = new URLSearchParams(kept.map(([name, value]) => [name, String(value)]));
  if (!kept.length) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** An error as a sentence for a person. */
export function inWords(error: unknown): string {
  if (!(error instanceof Refusal)) {
    console.error(error);
    return 'Something went wrong on this page. Reload it, then try again.';
  }
  if (error.status === 0) return 'Optiq does not answer. Check your connection, then try again.';
  if (error.status === 401) return 'You are signed out. Reload the page to sign in again.';
  if (error.status === 429) return t('Too many tries. Try again in {time}.', { time: waiting(error.retrySeconds) });
  if (error.status >= 500) return 'The server failed. Try again in a moment.';
  return error.reason ? sentence(error.reason) : 'The request was rejected. Reload the page, then try again.';
}

/** A reason of the API with a capital letter and a full stop. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

function waiting(seconds: number): string {
  if (seconds < 90) return plural(Math.max(seconds, 1), { one: '{n} second', other: '{n} seconds' });
  if (seconds < 5400) return plural(Math.ceil(seconds / 60), { one: '{n} minute', other: '{n} minutes' });
  return plural(Math.ceil(seconds / 3600), { one: '{n} hour', other: '{n} hours' });
}
