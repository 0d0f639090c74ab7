/** Answers of the API in components: the last one stays, marked as old, while the next one loads. They are renewed when the browser is online again. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask } from './api';

export interface Asked<Answer> {
  answer: Answer | null;
  error: unknown;
  /** Another answer is on its way. */
  loading: boolean;
  again: () => void;
}

type Fetch<Answer> = (signal: AbortSignal) => Promise<Answer>;

/**
 * Calls `fetch` when `key` changes, and shows its answer; '' asks nothing.
 * A request that nobody waits for any more is ended.
 */
export function useAsked<Answer>(key: string, fetch: Fetch<Answer>): Asked<Answer> {
  const [state, setState] = useState<Omit<Asked<Answer>, 'again'>>({ answer: null, error: null, loading: Boolean(key) });
  const [round, setRound] = useState(0);
  const latest = useRef(fetch);
  latest.current = fetch;
  useEffect(() => {
    if (!key) return undefined;
    const end = new AbortController();
    setState(({ answer }) => ({ answer, error: null, loading: true }));
    latest.current(end.signal).then(
      (answer) => { if (!end.signal.aborted) setState({ answer, error: null, loading: false }); },
      (error: unknown) => { if (!end.signal.aborted) setState(({ answer }) => ({ answer, error, loading: false })); },
    );
    return () => end.abort();
  }, [key, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => {
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, []);
  return { ...state, again };
}

/** The answer of a GET route. */
export const useGet = <Answer>(path: string): Asked<Answer> => useAsked<Answer>(path, (signal) => ask('GET', path, undefined, signal));

/** The answer of a POST route that only reads. */
export function usePost<Answer>(path: string, body: unknown): Asked<Answer> {
  const key = path && body ? `${path} ${JSON.stringify(body)}` : '';
  return useAsked<Answer>(key, (signal) => ask('POST', path, body, signal));
}

/** Whether something has taken longer than `ms`: so a skeleton does not flash. */
export function useSlow(waiting: boolean, ms = 200): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!waiting) return undefined;
    const timer = setTimeout(() => setSlow(true), ms);
    return () => clearTimeout(timer);
  }, [waiting, ms]);
  return waiting && slow;
}
