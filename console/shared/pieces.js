/** What several pages are made of: cards, fields, lists, secrets that are shown once. */

import { inWords } from './api.js';
import { button, el, say } from './dom.js';

let cards = 0;

/** A card with a heading; what it shows is appended. */
export function card(title) {
  const id = `card-${(cards += 1)}`;
  return el('section', { class: 'card', 'aria-labelledby': id }, el('h2', { id, tabindex: '-1' }, title));
}

/** Puts other content under a card's heading, which keeps its place. */
export const fill = (section, ...content) => section.replaceChildren(section.firstElementChild, ...content.filter(Boolean));

/** A labelled input. `name` is also the id: give an id where a page has the name twice. */
export function field(name, label, attributes = {}, hint = '') {
  const id = attributes.id ?? name;
  return el('div', { class: 'field' }, el('label', { for: id }, label),
    el('input', { name, 'aria-describedby': hint ? `${id}-hint` : null, ...attributes, id }),
    hint && el('p', { class: 'hint', id: `${id}-hint` }, hint));
}

/** A labelled choice among [value, text] pairs. */
export function choice(name, label, options, value) {
  return el('div', { class: 'field' }, el('label', { for: name }, label), el('select', { id: name, name },
    ...options.map(([option, text]) => el('option', { value: option, selected: option === value }, text))));
}

/** A form that `onSubmit` of form.js sends; without its script it goes nowhere. */
export const formOf = (...parts) => el('form', { method: 'post' }, ...parts);

/** Fields side by side where there is room. */
export const row = (...fields) => el('div', { class: 'row' }, ...fields);

/** The button that sends a form. */
export const submit = (text, look = '') => el('div', { class: 'actions' }, el('button', { class: `button ${look}` }, text));

/** The current password; each form of a page needs its own id. */
export const currentPassword = (id, name = 'password', label = 'Password') => field(name, label, {
  id, type: 'password', autocomplete: 'current-password', required: true,
});

/** The reason why something did not load. */
export const problem = (error) => el('p', { class: 'error', role: 'alert' }, inWords(error));

export const badge = (text, look = '') => el('span', { class: `badge ${look}` }, text);

export const list = (lines) => el('ul', { class: 'lines' }, ...lines);

/** A line of a list: what it is, small print below, controls beside. */
export function line(what, small, ...controls) {
  return el('li', {}, el('div', { class: 'what' }, ...what, el('small', {}, ...small)), el('div', { class: 'actions' }, ...controls));
}

/** `VIEWER` as people write it. */
export const roleName = (role) => role[0] + role.slice(1).toLowerCase();

/** The tracker's script for a site's pages, to copy. */
export function trackerTag({ public_key: key }) {
  const tag = `<script defer src="${location.origin}/o.js" data-site="${key}"></script>`;
  return el('div', { class: 'tag' }, el('p', {}, 'Put this tag into the head of every page of the site.'),
    el('code', { class: 'secret' }, tag), copy(tag, 'tag'));
}

/** A button that puts a text on the clipboard. */
export const copy = (text, what, look = 'second') => button(`Copy the ${what}`, async () => {
  await navigator.clipboard.writeText(text);
  say('Copied.');
}, look);
