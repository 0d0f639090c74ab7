/** What pages are made of: cards, lists, notices, buttons, secrets that are shown once. */

import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { inWords } from './api';
import { useSlow, type Asked } from './asking';
import { isolated, t } from './words';
import { say } from './toast';

interface CardProps { title?: string; about?: ComponentChildren; aside?: ComponentChildren; class?: string; children: ComponentChildren }

/** A card with a heading. */
export function Card({ title, about, aside, class: look = '', children }: CardProps) {
  const id = useId();
  return (
    <section class={`card ${look}`} aria-labelledby={title ? id : undefined}>
      {(title || aside) && <div class="card-head">{title && <h2 id={id} tabIndex={-1}>{title}</h2>}{aside}</div>}
      {about && <p class="soft small">{about}</p>}
      {children}
    </section>
  );
}

/** A heading that gets the focus when it appears. */
export function FocusedHeading({ level = 1, children }: { level?: 1 | 2 | 3; children: ComponentChildren }) {
  const place = useRef<HTMLHeadingElement>(null);
  useEffect(() => place.current?.focus(), []);
  const Heading = `h${level}` as 'h1';
  return <Heading ref={place} tabIndex={-1}>{children}</Heading>;
}

interface ButtonProps { onPress: () => Promise<unknown> | unknown; look?: string; label?: string; children: ComponentChildren; type?: string }

/** A button that acts once, however often it is pressed meanwhile, and shows the reason if that fails. */
export function Button({ onPress, look = 'second short', label, children }: ButtonProps) {
  const [busy, setBusy] = useState(false);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await onPress();
    } catch (error) {
      say(inWords(error));
    }
    if (alive.current) setBusy(false);
  };
  return <button type="button" class={`button ${look}`} aria-label={label} aria-disabled={busy ? 'true' : undefined} onClick={press}>{children}</button>;
}

/** A button that puts a text on the clipboard. */
export const Copy = ({ text, what, look = 'second' }: { text: string; what: string; look?: string }) => (
  <Button look={look} onPress={async () => {
    await navigator.clipboard.writeText(text);
    say('Copied.');
  }}>{t('Copy the {what}', { what })}</Button>
);

export const Notice = ({ look = '', children, role = 'status' }: { look?: string; children: ComponentChildren; role?: 'status' | 'alert' }) => (
  <p class={`notice ${look}`} role={role}>{children}</p>
);

/** A name that people typed: marks of direction in it turn nothing beside it. */
export const Name = ({ children }: { children: string }) => <bdi>{isolated(children)}</bdi>;

export const Badge = ({ look = '', children }: { look?: string; children: ComponentChildren }) => <span class={`badge ${look}`}>{children}</span>;

export const Lines = ({ children }: { children: ComponentChildren }) => <ul class="lines">{children}</ul>;

/** A line of a list: what it is, small print below, controls beside. */
export const Line = ({ what, small, children }: { what: ComponentChildren; small?: ComponentChildren; children?: ComponentChildren }) => (
  <li>
    <div class="what">{what}<small>{small}</small></div>
    {children && <div class="actions">{children}</div>}
  </li>
);

export const Facts = ({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
);

/** Why there is nothing here, and what to do next. */
export const Empty = ({ title, children }: { title?: string; children: ComponentChildren }) => (
  <div class="empty">{title && <h3>{title}</h3>}{children}</div>
);

/** The reason why something did not load, with another try. */
export const Problem = ({ error, again }: { error: unknown; again?: () => void }) => (
  <div class="error" role="alert">
    <p>{inWords(error)}</p>
    {again && <button type="button" class="button second short" onClick={again}>Try again</button>}
  </div>
);

/** Grey bars in the place of what loads; they appear only if it takes a while. */
export function Skeleton({ rows = 4, tall = false }: { rows?: number; tall?: boolean }) {
  const slow = useSlow(true);
  return (
    <div class={`skeleton ${tall ? 'tall' : ''}`} data-slow={slow}>
      <p class="quiet" role="status">{slow ? 'Loading …' : ''}</p>
      {Array.from({ length: rows }, (_, row) => <span key={row} />)}
    </div>
  );
}

interface LoadedProps<Answer> { of: Asked<Answer>; rows?: number; tall?: boolean; children: (answer: Answer) => ComponentChildren }

/** What is made of an answer: a skeleton before it, the old one dimmed while the next loads, the reason if there is none. */
export function Loaded<Answer>({ of: asked, rows, tall, children }: LoadedProps<Answer>) {
  if (asked.error) return <Problem error={asked.error} again={asked.again} />;
  if (asked.answer === null) return <Skeleton rows={rows} tall={tall} />;
  return <div class={asked.loading ? 'busy' : ''} aria-busy={asked.loading}>{children(asked.answer)}</div>;
}

/** The timezone of a page about a site: all its times are of that clock. Without a site, times are of the reader's. */
export const Zone = createContext<string | undefined>(undefined);

/** An instant of the API for people. */
export function When({ at }: { at: string }) {
  const zone = useContext(Zone);
  return <time dateTime={at} title={zone}>{new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })}</time>;
}

/** A term with its explanation a click away. */
export function Term({ children, about }: { children: ComponentChildren; about: string }) {
  const id = useId().replace(/\W/g, '');
  return (
    <span class="term">
      {children}
      <Popover id={`about-${id}`} look="term-mark" label="What is this?" opener="?">{about}</Popover>
    </span>
  );
}

interface PopoverProps { id: string; look?: string; label?: string; opener: ComponentChildren; children: ComponentChildren }

/** A button that opens a small panel beside it. Escape or a click elsewhere closes it. */
export function Popover({ id, look = '', label, opener, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [turned, setTurned] = useState(false);
  // A panel that would leave the window opens to the other side.
  useLayoutEffect(() => {
    const { right = 0 } = open ? panel.current?.getBoundingClientRect() ?? {} : {};
    setTurned(right > innerWidth - 8);
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    const leave = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      place.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <span class="popover" ref={place}>
      <button type="button" class={look} aria-expanded={open} aria-controls={open ? id : undefined} aria-label={label} onClick={() => setOpen(!open)}>{opener}</button>
      {open && <div class={`popover-panel ${turned ? 'turned' : ''}`} id={id} ref={panel} onClick={(event) => (event.target as Element).closest('a') && setOpen(false)}>{children}</div>}
    </span>
  );
}

export type Svg = JSX.IntrinsicElements['svg'];

/** `VIEWER` as people write it. */
export const roleName = (role: string): string => role.charAt(0) + role.slice(1).toLowerCase();
