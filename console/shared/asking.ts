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
 *
 * @param shape what the page takes an answer for, such as its columns: an old answer of another shape is not shown.
 */
export function useAsked<Answer>(key: string, fetch: Fetch<Answer>, shape = ''): Asked<Answer> {
  const [state, setState] = useState<State<Answer>>({ answer: null, error: null, loading: Boolean(key), shape });
  const [round, setRound] = useState(0);
  const latest = useRef(fetch);
  latest.current = fetch;
  useEffect(() => {
    if (!key) return undefined;
    const end = new AbortController();
    setState((last) => ({ ...last, error: null, loading: true }));
    latest.current(end.signal).then(
      (answer) => { if (!end.signal.aborted) setState({ answer, error: null, loading: false, shape }); },
      (error: unknown) => { if (!end.signal.aborted) setState((last) => ({ ...last, error, loading: false })); },
    );
    return () => end.abort();
  }, [key, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => {
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, []);
  const { shape: shown, ...asked } = state;
  return { ...asked, answer: shown === shape ? asked.answer : null, again };
}

interface State<Answer> extends Omit<Asked<Answer>, 'again'> { shape: string }

/** The answer of a GET route. */
export const useGet = <Answer>(path: string, shape = ''): Asked<Answer> => useAsked<Answer>(path, (signal) => ask('GET', path, undefined, signal), shape);

/** The answer of a POST route that only reads. */
export function usePost<Answer>(path: string, body: unknown, shape = ''): Asked<Answer> {
  const key = path && body ? `${path} ${JSON.stringify(body)}` : '';
  return useAsked<Answer>(key, (signal) => ask('POST', path, body, signal), shape);
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
