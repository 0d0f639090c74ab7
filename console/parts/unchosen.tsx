/** A page of one thing whose address names none: where to choose one. */

import type { ComponentChildren } from 'preact';
import { Card, Empty } from '../shared/pieces';
import { PageHead } from '../shared/report';

export function Unchosen({ page, title, children }: { page: string; title: string; children: ComponentChildren }) {
  return <><PageHead title={page} /><Card><Empty title={title}><p>{children}</p></Empty></Card></>;
}
