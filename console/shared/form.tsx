/** Forms that send to the API: busy meanwhile, with the reason at the wrong field if it is rejected. */

import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks';
import { Refusal, inWords } from './api';
import { t } from './words';

export type Fields = Record<string, string>;
interface Fault { field: string; text: string }
interface State { fault: Fault | null; busy: boolean }

const Sending = createContext<State>({ fault: null, busy: false });

interface FormProps {
  /** Gets the fields, the form, and the value of the button that sent it. */
  onSend: (fields: Fields, form: HTMLFormElement, pressed: string) => Promise<unknown> | unknown;
  /** Texts by status that replace the API's reason. */
  words?: Record<number, string>;
  class?: string;
  label?: string;
  children: ComponentChildren;
}

export function Form({ onSend, words = {}, children, label, class: look }: FormProps) {
  const [state, setState] = useState<State>({ fault: null, busy: false });
  const place = useRef<HTMLFormElement>(null);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  useEffect(() => {
    if (!state.fault) return;
    const field = place.current?.elements.namedItem(state.fault.field || 'password');
    if (field instanceof HTMLElement) field.focus();
  }, [state.fault]);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = place.current;
    if (!form || state.busy) return;
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : '';
    setState({ fault: null, busy: true });
    let fault: Fault | null = null;
    try {
      await onSend(Object.fromEntries(new FormData(form)) as Fields, form, pressed);
    } catch (error) {
      fault = faultOf(form, error, words);
    }
    if (alive.current) setState({ fault, busy: false });
  };
  return (
    <form method="post" ref={place} class={look} aria-label={label} onSubmit={send}>
      <Sending.Provider value={state}>{children}</Sending.Provider>
    </form>
  );
}

function faultOf(form: HTMLFormElement, error: unknown, words: Record<number, string>): Fault {
  if (error instanceof Refusal && error.status < 429) {
    const field = form.elements.namedItem(error.field);
    if ((field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.type !== 'hidden') {
      return { field: error.field, text: inWords(error) };
    }
  }
  return { field: '', text: (error instanceof Refusal && words[error.status]) || inWords(error) };
}

interface Input {
  id?: string;
  type?: string;
  required?: boolean;
  disabled?: boolean;
  autocomplete?: string;
  autocapitalize?: string;
  spellcheck?: boolean;
  inputMode?: string;
  placeholder?: string;
  defaultValue?: string | number;
  maxLength?: number;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  list?: string;
}
interface FieldProps extends Input { name: string; label: string; hint?: string }

/** A labelled input. */
export function Field({ name, label, hint, ...input }: FieldProps) {
  const made = useId();
  const id = input.id ?? made;
  const { fault } = useContext(Sending);
  const wrong = fault?.field === name;
  const attributes = {
    ...input, id, name,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    'aria-invalid': wrong ? true as const : undefined,
    'aria-errormessage': wrong ? `${id}-error` : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {input.type === 'password' ? <Password {...attributes} label={label} /> : <input {...(attributes as object)} />}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {wrong && <p class="error" id={`${id}-error`} role="alert">{fault.text}</p>}
    </div>
  );
}

/** A password with a button that shows it, so that people can type long ones. */
function Password({ label, ...input }: Input & { name: string; label: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div class="with-button">
      <input {...{ ...input, type: shown ? 'text' : 'password' } as object} />
      <button type="button" class="button second" aria-label={t(shown ? 'Hide the {what}' : 'Show the {what}', { what: label.toLowerCase() })}
        onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</button>
    </div>
  );
}

/** The current password. */
export const CurrentPassword = ({ name = 'password', label = 'Password' }: { name?: string; label?: string }) => (
  <Field name={name} label={label} type="password" autocomplete="current-password" required />
);

export type Option = readonly [value: string, text: string];

/** A labelled choice among [value, text] pairs. */
export function Choice({ name, label, options, hint, value, onPick }: {
  name: string; label: string; options: readonly Option[]; hint?: string; value?: string; onPick?: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onPick?.(event.currentTarget.value)}>
        {options.map(([option, text]) => <option key={option} value={option} selected={option === value}>{text}</option>)}
      </select>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

export function Check({ name, label, checked, value, hint }: { name: string; label: string; checked?: boolean; value?: string; hint?: string }) {
  return (
    <div class="field check">
      <label><input type="checkbox" name={name} value={value ?? 'on'} defaultChecked={checked ?? false} /> {label}</label>
      {hint && <p class="hint">{hint}</p>}
    </div>
  );
}

/** A labelled text of several lines. */
export function Area({ name, label, hint, value, rows = 4 }: { name: string; label: string; hint?: string; value?: string; rows?: number }) {
  const id = useId();
  const { fault } = useContext(Sending);
  const wrong = fault?.field === name;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} name={name} rows={rows} defaultValue={value ?? ''} spellcheck={false} aria-describedby={hint ? `${id}-hint` : undefined}
        aria-invalid={wrong ? true : undefined} aria-errormessage={wrong ? `${id}-error` : undefined} />
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {wrong && <p class="error" id={`${id}-error`} role="alert">{fault.text}</p>}
    </div>
  );
}

/** Fields side by side where there is room. */
export const Row = ({ children }: { children: ComponentChildren }) => <div class="row">{children}</div>;

/** The buttons of a form; a reason that concerns no field is above them. */
export function Actions({ children }: { children: ComponentChildren }) {
  const { fault } = useContext(Sending);
  return (
    <>
      {fault && !fault.field && <p class="error" role="alert" tabIndex={-1}>{fault.text}</p>}
      <div class="actions">{children}</div>
    </>
  );
}

/** The button that sends a form. */
export function Submit({ children, look = '', value }: { children: ComponentChildren; look?: string; value?: string }) {
  const { busy } = useContext(Sending);
  return <button class={`button ${look}`} value={value} aria-disabled={busy ? 'true' : undefined}>{children}</button>;
}

/** The values of all checked boxes of a name. */
export const checkedOf = (form: HTMLFormElement, name: string): string[] => (
  [...form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]:checked`)].map((box) => box.value)
);
