/** A small choice with its name beside it. */

import { useId } from 'preact/hooks';

interface Props { name: string; value: string; options: readonly (readonly [value: string, text: string])[]; onPick: (value: string) => void }

export function Pick({ name, value, options, onPick }: Props) {
  const id = useId();
  return (
    <div class="pick"><label for={id}>{name}</label>
      <select id={id} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {value === '?' && <option value="?" selected>Choose one</option>}
        {options.map(([option, text]) => <option key={option} value={option} selected={option === value}>{text}</option>)}
      </select>
    </div>
  );
}
