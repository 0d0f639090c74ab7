/** The panel beside a funnel: who reached a step, or stopped before the next; each leads to their journey. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { hrefOf, setParams } from '../shared/address';
import { ask } from '../shared/api';
import { usePost } from '../shared/asking';
import { count } from '../shared/format';
import { Badge, Button, Empty, Loaded, Term, When } from '../shared/pieces';
import { t } from '../shared/words';
import type { FunnelIn, FunnelPeopleIn, FunnelPeopleOut } from '../types';

/** Which people of which step: `REACHED.2`, `NOT_NEXT.1`. */
export interface Who { step: number; reached: 'REACHED' | 'NOT_NEXT' }

export function whoOf(text: string, steps: number): Who | null {
  const [reached = '', number = ''] = text.split('.');
  const step = Number(number);
  if ((reached !== 'REACHED' && reached !== 'NOT_NEXT') || !Number.isInteger(step) || step < 1 || step > steps) return null;
  return { step, reached };
}

export const showWho = ({ step, reached }: Who): void => setParams({ who: `${reached}.${step}` });

interface Props { site: string; body: FunnelIn; who: Who; names: readonly string[] }

export function StepPeople({ site, body, who, names }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const path = `/v1/sites/${site}/funnels/people`;
  const asked: FunnelPeopleIn = { ...body, ...who };
  const first = usePost<FunnelPeopleOut>(path, asked);
  const [more, setMore] = useState<Pick<FunnelPeopleOut, 'items' | 'cursor'>>({ items: [], cursor: null });
  useEffect(() => setMore({ items: [], cursor: first.answer?.cursor ?? null }), [first.answer]);
  const title = who.reached === 'REACHED'
    ? t('Reached {step}', { step: names[who.step - 1] ?? '' })
    : t('Stopped after {step}', { step: names[who.step - 1] ?? '' });
  return (
    <dialog ref={dialog} class="side" aria-label={title} onClose={() => setParams({ who: null })}>
      <div class="side-head"><h2>{title}</h2><button type="button" class="button second short" onClick={() => dialog.current?.close()}>Close</button></div>
      <Loaded of={first} rows={8}>{(found) => {
        const items = [...found.items, ...more.items];
        if (!items.length) return <Empty title="Nobody"><p>Nobody is in this part of the funnel.</p></Empty>;
        return (
          <>
            <p class="soft">{t('{shown} of {all}, the latest first.', { shown: count(items.length), all: count(found.units) })}</p>
            <div class="scroll" tabIndex={0} role="group" aria-label={title}>
              <table class="table-cards" role="table">
                <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Person</th><th role="columnheader" scope="col">Began</th><th role="columnheader" scope="col">Reached this step</th></tr></thead>
                <tbody role="rowgroup">{items.map((one) => (
                  <tr role="row" key={`${one.customer_id} ${one.session_id ?? ''} ${one.entered_at}`}>
                    <th role="rowheader" scope="row"><a class="row-link" href={hrefOf('journey', { customer: one.customer_id })}>{`…${one.customer_id.slice(-6)}`}</a>{' '}
                      {one.open && <Term about="The time for the next step has not ended."><Badge look="plain">may still convert</Badge></Term>}</th>
                    <td role="cell" data-label="Began"><When at={one.entered_at} /></td>
                    <td role="cell" data-label="Reached this step">{one.reached_at ? <When at={one.reached_at} /> : '–'}</td>
                  </tr>
                ))}</tbody>
              </table>
            </div>
            {more.cursor && <p class="more"><Button look="second" onPress={async () => {
              const next = await ask<FunnelPeopleOut>('POST', path, { ...asked, cursor: more.cursor });
              setMore({ items: [...more.items, ...next.items], cursor: next.cursor });
            }}>Show more</Button></p>}
          </>
        );
      }}</Loaded>
    </dialog>
  );
}
