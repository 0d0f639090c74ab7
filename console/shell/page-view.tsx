/** A page's component, loaded when it is first shown. */

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem, Skeleton } from '../shared/pieces';
import { Refusal } from '../shared/api';
import { load } from './pages';

export function PageView({ page }: { page: string }) {
  const [shown, setShown] = useState<{ page: string; Page: ComponentType } | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    load(page).then((Page) => { if (wanted) setShown({ page, Page }); }, () => { if (wanted) setFailed(true); });
    return () => { wanted = false; };
  }, [page, round]);
  if (failed) return <Problem error={new Refusal(0, '', 0)} again={() => setRound(round + 1)} />;
  if (shown?.page !== page) return <Skeleton rows={6} tall />;
  return <shown.Page key={page} />;
}
