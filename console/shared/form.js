/** Forms that send to the API: busy meanwhile, with the reason at the wrong field if it is rejected. */

import { Refusal, inWords } from './api.js';
import { busyWhile, el } from './dom.js';

/**
 * Calls `act` with the form's fields when it is sent.
 * @param {Object<number, string>} words texts by status that replace the API's reason.
 */
export function onSubmit(form, act, words = {}) {
  form.addEventListener('submit', (submission) => {
    submission.preventDefault();
    const pressed = submission.submitter ?? form.querySelector('button:not([type=button])');
    clear(form);
    busyWhile(pressed, () => act(Object.fromEntries(new FormData(form)))).catch((error) => explain(form, error, words));
  });
}

/** Shows the reason at the wrong field, else above the buttons, and moves the focus there. */
export function explain(form, error, words = {}) {
  clear(form);
  const field = error instanceof Refusal && error.status < 429 && form.elements.namedItem(error.field);
  if (field instanceof HTMLInputElement && field.type !== 'hidden') {
    const reason = el('p', { class: 'error', id: `${field.id}-error`, role: 'alert' }, inWords(error));
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-errormessage', reason.id);
    field.closest('.field').append(reason);
    field.focus();
    return;
  }
  const reason = el('p', { class: 'error', role: 'alert', tabindex: '-1' }, words[error.status] ?? inWords(error));
  (form.querySelector('.actions') ?? form.lastElementChild).before(reason);
  if (form.elements.namedItem('password')) form.elements.namedItem('password').focus();
}

function clear(form) {
  form.querySelectorAll('.error').forEach((reason) => reason.remove());
  form.querySelectorAll('[aria-invalid]').forEach((field) => {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-errormessage');
  });
}

/** Adds a button beside each password that shows it, so that people can type long ones. */
export function letPasswordsBeSeen(within = document) {
  for (const input of within.querySelectorAll('input[type=password]')) {
    const name = within.querySelector(`label[for=${input.id}]`).textContent.toLowerCase();
    const attributes = { 'aria-pressed': 'false', 'aria-label': `Show ${name}` };
    const toggle = el('button', { type: 'button', class: 'button second', ...attributes }, 'Show');
    toggle.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      toggle.setAttribute('aria-pressed', String(shown));
      toggle.textContent = shown ? 'Hide' : 'Show';
    });
    const pair = el('div', { class: 'with-button' });
    input.before(pair);
    pair.append(input, toggle);
  }
}
