/** Sentences for people. A sentence with changing parts is one text with places such as {name}, never joined from pieces. */

export type Values = Record<string, string | number>;

/** The text with its places filled; a name in it does not turn the words around it. */
export function t(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return typeof value === 'string' ? isolated(value) : String(value ?? place);
  });
}

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A text that people typed, to stand in a sentence: marks of direction in it end with it. */
export function isolated(text: string): string {
  if (!TURNS.test(text)) return text;
  const shown = text.replace(/[\u202a-\u202e\u2066\u2067]/g, '');
  return `${FIRST_STRONG_ISOLATE}${areBalanced(shown) ? shown : shown.replace(/[\u2068\u2069]/g, '')}${POP_ISOLATE}`;
}

/** Whether every isolate in a text ends in it, and it ends no other. */
function areBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === FIRST_STRONG_ISOLATE) depth += 1;
    if (sign === POP_ISOLATE) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

export interface Forms { one: string; other: string }

/** The form of a text for a number, by the language's own rules; `{n}` is the number. */
export function plural(n: number, forms: Forms, values: Values = {}): string {
  const rule = new Intl.PluralRules('en').select(n);
  return t(rule === 'one' ? forms.one : forms.other, { n: n.toLocaleString(undefined, { maximumFractionDigits: 1 }), ...values });
}
