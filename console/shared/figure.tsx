/** What all charts share: a sentence about them, a table a key away, their width, and the point one looks at. */

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface FigureProps {
  /** What the chart shows, in one sentence. */
  summary: string;
  /** The same as a table. */
  table: ComponentChildren;
  /** The sentence stands above the chart already: it is only read aloud. */
  quiet?: boolean;
  children: ComponentChildren;
}

export function Figure({ summary, table, children, quiet = false }: FigureProps) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure class="chart" aria-labelledby={id}>
      {asTable ? <div class="scroll chart-table" tabIndex={0} role="group" aria-label="Table of the chart">{table}</div> : children}
      <figcaption>
        <span id={id} class={quiet ? 'quiet' : ''}>{summary}</span>
        <button type="button" class="link small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{asTable ? 'Show the chart' : 'Show as a table'}</button>
      </figcaption>
    </figure>
  );
}

/** The width of an element, kept up to date. */
export function useWidth<Place extends HTMLElement>(first = 640) {
  const place = useRef<Place>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const measure = () => setWidth(Math.max(200, Math.floor(element.clientWidth)));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [place, width] as const;
}

/** The point that the pointer or the arrow keys are at; null for none. A click or Enter chooses it. */
export function usePoint(points: number, placeOf: (x: number) => number, choose?: (at: number) => void) {
  const [at, setAt] = useState<number | null>(null);
  const clamp = (place: number) => Math.min(Math.max(place, 0), points - 1);
  const handlers = {
    onPointerMove: (event: PointerEvent) => {
      const box = (event.currentTarget as Element).getBoundingClientRect();
      setAt(clamp(placeOf(event.clientX - box.left)));
    },
    onPointerLeave: () => setAt(null),
    onBlur: () => setAt(null),
    onClick: () => { if (at != null) choose?.(at); },
    onKeyDown: (event: KeyboardEvent) => {
      const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -points, End: points };
      const step = steps[event.key];
      if (event.key === 'Escape') setAt(null);
      if (event.key === 'Enter' && at != null) choose?.(at);
      if (step === undefined) return;
      event.preventDefault();
      setAt(clamp((at ?? (step > 0 ? -1 : points)) + step));
    },
  };
  return [at != null && at < points ? at : null, handlers] as const;
}
