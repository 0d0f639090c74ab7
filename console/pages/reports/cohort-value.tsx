// {"title": "Cohort value", "menu": "People", "order": 30, "needs": "reports:read", "bar": ["period", "conversion"], "usual": "last365d", "params": {"by": ["MONTH", "CHANNEL"], "show": ["PERSON", "ALL"]}, "words": "LTV lifetime value payback CAC customer acquisition cost cohorts"}
/** What customers are worth over time, by when or by what channel they were won, and when they paid back. */

import { BehaviourEdge } from '../../parts/behaviour';
import { ValueCurve, ValueTable } from '../../parts/cohort-value';
import { SaveView } from '../../parts/save-view';
import { setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { Pick } from '../../shared/pick';
import { Card, Loaded, Notice, Term } from '../../shared/pieces';
import { NothingHere, PageHead } from '../../shared/report';
import { periodOf, useView } from '../../shared/view';
import { plural } from '../../shared/words';
import type { CohortsIn, CohortsOut } from '../../types';

export default function CohortValue() {
  const view = useView('last365d');
  const url = useAddress();
  const by = (url.searchParams.get('by') || 'MONTH') as 'MONTH' | 'CHANNEL';
  const show = (url.searchParams.get('show') || 'PERSON') as 'PERSON' | 'ALL';
  const body: CohortsIn = { by, conversion: view.conversion, period: periodOf(view) };
  const found = usePost<CohortsOut>(`/v1/sites/${view.site.site_id}/cohort-value/query`, body, by);
  return (
    <>
      <PageHead title="Cohort value" about="What customers are worth since their first conversion, and how long until they paid back what it cost to win them.">
        <SaveView site={view.site.site_id} kind="COHORT_VALUE" question={body} />
      </PageHead>
      <div class="actions picks">
        <Pick name="Customers by" value={by} options={[['MONTH', 'Month of their first conversion'], ['CHANNEL', 'Channel that won them']]} onPick={(name) => setParams({ by: name === 'MONTH' ? null : name })} />
        <Pick name="Show" value={show} options={[['PERSON', 'Revenue a customer'], ['ALL', 'Revenue together']]} onPick={(name) => setParams({ show: name === 'PERSON' ? null : name })} />
      </div>
      <Loaded of={found} rows={8}>{(answer) => (answer.cohorts.length ? (
        <>
          <BehaviourEdge found={answer} />
          {answer.no_rate > 0 && <Notice look="warn">{plural(answer.no_rate, { one: '{n} conversion is left out: no exchange rate of its day is known.', other: '{n} conversions are left out: no exchange rate of their day is known.' })}</Notice>}
          <Card title="A customer over time"><ValueCurve answer={answer} /></Card>
          <Card title={by === 'MONTH' ? 'By month' : 'By channel'} aside={<Term about="A hatched cell has not ended yet: it can still grow. The average leaves such cells out. A framed cell is the month in which the revenue reached the spend.">How to read it</Term>}>
            <ValueTable answer={answer} shown={show} file="optiq-cohort-value" />
          </Card>
        </>
      ) : <Card><NothingHere view={view} what="first conversions" /></Card>)}</Loaded>
    </>
  );
}
