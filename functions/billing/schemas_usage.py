"""Usage as the API writes it."""

from optiq.billing.usage.contracts import (
    AdSpendUsage,
    DayUsage,
    HeldUsage,
    InvoiceUsage,
    LineUsage,
    OverageUsage,
    SimulatedMonth,
    Simulation,
    SiteUsage,
    TokenUsage,
    Usage,
    UsageForecast,
    WorkspaceUsage,
)
from optiq.kernel.schemas import Out, shows


@shows(DayUsage)
class DayUsageOut(Out):
    """A day in the reader's timezone. `hours` has 23 or 25 numbers where clocks change."""

    hours: list[int]


@shows(SiteUsage)
class SiteUsageOut(Out):
    """Events of a site, which may be archived by now; an empty `site_id` is all beyond the first 1,000 of a day."""


@shows(WorkspaceUsage)
class WorkspaceUsageOut(Out):
    """Events of the sites of a workspace; an empty `workspace_id` is all of sites in none that you may see."""


@shows(TokenUsage)
class TokenUsageOut(Out):
    """Events that came by an ingestion token; an empty `token_id` is all that came by public keys."""


@shows(UsageForecast)
class UsageForecastOut(Out):
    """What the month is expected to end with. Four of five months end between `low` and `high`."""


@shows(HeldUsage)
class HeldUsageOut(Out):
    """Events that are held. They are removed from `ends_at` on, or taken in once the plan has room for them."""


@shows(AdSpendUsage)
class AdSpendUsageOut(Out):
    """Ad spend that is tracked this month, in US dollars at each day's rate; summed each night."""


@shows(OverageUsage)
class OverageUsageOut(Out):
    """Events beyond the limit that are paid for. `cap_micros` is null where there is no spend cap."""


@shows(Usage)
class UsageOut(Out):
    """Stored events of the month so far. Duplicates and failed ones are free. `limit` is null where there is none.

    `intake` says what becomes of events that come now: OPEN, they are stored; HELD, they are kept for 30 days and are
    in no report; STOPPED, they are refused. From `holds_at` stored events on they are held.
    """

    held: HeldUsageOut | None
    overage: OverageUsageOut | None
    ad_spend: AdSpendUsageOut

    forecast: UsageForecastOut | None
    days: list[DayUsageOut]
    sites: list[SiteUsageOut]
    workspaces: list[WorkspaceUsageOut]
    tokens: list[TokenUsageOut]


@shows(LineUsage)
class LineUsageOut(Out):
    """A line of a plan. `days`, `sites`, `workspaces` and `tokens` have the same sum.

    `monthly_events` is null for no limit.
    """

    days: list[DayUsageOut]
    sites: list[SiteUsageOut]
    workspaces: list[WorkspaceUsageOut]
    tokens: list[TokenUsageOut]


@shows(InvoiceUsage)
class InvoiceUsageOut(Out):
    """What was stored in the times that an invoice's lines are for, so far."""

    lines: list[LineUsageOut]


@shows(SimulatedMonth)
class SimulatedMonthOut(Out):
    """A month that is over. `beyond` are events beyond the plan's limit; `paid_micros` is what was really paid."""


@shows(Simulation)
class SimulationOut(Out):
    """What a plan would have cost for the events of the last twelve months, beside what was paid for plans.

    `holds` are months whose events beyond the limit the plan would have held, since it sells none.
    """

    months: list[SimulatedMonthOut]
