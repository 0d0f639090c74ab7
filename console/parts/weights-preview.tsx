/** What own weights give the touches of a path, drawn for paths of two to five touches a week apart. */

import { percent } from '../shared/format';

const DAY_APART = 7;
const LENGTHS = [2, 3, 5];

interface Props { first: number; middle: number; last: number; halfLife: number }

/** The weights of a path of `count` touches, oldest first: they sum to 1 (docs/attribution-models.md). */
export function customWeights({ first, middle, last, halfLife }: Props, count: number): number[] {
  if (count === 1) return [1];
  const raw = Array.from({ length: count }, (_, at) => {
    const share = at === 0 ? first : at === count - 1 ? last : middle / (count - 2);
    return share * (halfLife > 0 ? 2 ** (-((count - 1 - at) * DAY_APART) / halfLife) : 1);
  });
  const sum = raw.reduce((total, each) => total + each, 0);
  return raw.map((each) => (sum > 0 ? each / sum : 1 / count));
}

export function WeightsPreview(props: Props) {
  const { first, middle, last } = props;
  if (![first, middle, last].every((each) => Number.isFinite(each) && each >= 0) || first + middle + last <= 0) {
    return <p class="soft small">Enter three weights of 0 or more to see what they give.</p>;
  }
  return (
    <figure class="chart">
      <div class="weights">{LENGTHS.map((count) => (
        <div key={count}>
          <span class="soft small">{`${count} touches`}</span>
          <ol>{customWeights(props, count).map((weight, at) => (
            <li key={at} style={{ '--part': String(weight.toFixed(4)) }}><span>{percent(weight, 0)}</span></li>
          ))}</ol>
        </div>
      ))}</div>
      <figcaption>Preview: the share of each touch, oldest first, on paths whose touches are a week apart.</figcaption>
    </figure>
  );
}
