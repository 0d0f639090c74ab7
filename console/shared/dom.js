/** Elements made of text and of one another: what people typed never becomes markup. */

import { inWords } from './api.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element; true attributes have no value, false and null ones are left out, functions are listeners. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** The value of `#name=` in the address. Browsers never send it to a server. */
export const fragment = (name) => new URLSearchParams(location.hash.slice(1)).get(name) ?? '';

/** A button that calls `act`, and shows the reason if that fails. */
export function button(text, act, look = 'second short', label = null) {
  const made = el('button', { type: 'button', class: `button ${look}`, 'aria-label': label }, text);
  made.addEventListener('click', () => busyWhile(made, act).catch((error) => say(inWords(error))));
  return made;
}

/** Does something once, however often its button is pressed meanwhile. */
export async function busyWhile(pressed, act) {
  if (pressed.getAttribute('aria-disabled') === 'true') return;
  pressed.setAttribute('aria-disabled', 'true');
  try {
    await act();
  } finally {
    pressed.removeAttribute('aria-disabled');
  }
}

let silence;

/** Shows a message for some seconds; screen readers read it aloud. */
export function say(text) {
  let place = document.querySelector('.toast');
  if (!place) document.body.append((place = el('p', { class: 'toast', role: 'status' })));
  place.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { place.textContent = ''; }, 8000);
}

/** Asks before something that cannot be undone. */
export function isSure(question, yes) {
  return new Promise((resolve) => {
    const cancel = el('button', { type: 'button', class: 'button second', click: () => dialog.close('') }, 'Cancel');
    const confirm = el('button', { type: 'button', class: 'button bad', click: () => dialog.close('yes') }, yes);
    const buttons = el('div', { class: 'actions' }, confirm, cancel);
    const dialog = el('dialog', { 'aria-label': question }, el('p', {}, question), buttons);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}

/** An instant of the API for people, in their own timezone. */
export function when(instant) {
  const shown = new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return el('time', { datetime: instant }, shown);
}

addEventListener('unhandledrejection', ({ reason }) => say(inWords(reason)));
