/** Sentences for people. A sentence with changing parts is one text with places such as {name}, never joined from pieces. */

export type Values = Record<string, string | number>;

/** The text with its places filled. */
export function t(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export interface Forms { one: string; other: string }

/** The form of a text for a number, by the language's own rules; `{n}` is the number. */
export function plural(n: number, forms: Forms, values: Values = {}): string {
  const rule = new Intl.PluralRules('en').select(n);
  return t(rule === 'one' ? forms.one : forms.other, { n: n.toLocaleString(undefined, { maximumFractionDigits: 1 }), ...values });
}
