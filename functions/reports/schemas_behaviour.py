"""Funnels, retention and paths as the API writes them."""

from typing import Annotated

from optiq.kernel.schemas import Day, In, Instant, Out, shows
from optiq.reports.behaviour.api import BreakdownAt, Bucket, Mode, Order
from optiq.reports.behaviour.contracts import (
    WEEK_MINUTES,
    Cell,
    Direction,
    Edge,
    Exclusion,
    First,
    FunnelAsk,
    FunnelPeopleAsk,
    Matcher,
    PathsAsk,
    Reached,
    RetentionAsk,
    Unit,
)
from optiq.reports.questions.api import CATALOGUE, DEFAULT_PERIOD
from optiq.reports.questions.contracts import Number
from pydantic import Field

from functions.reports.schemas_questions import FiltersIn, FramedOut, Period, SegmentsIn, filters_of, one_of_or_custom

EventDimension = Annotated[
    str, one_of_or_custom(*(one.name for one in CATALOGUE.dimensions.values() if "events" in one.columns))
]


class MatcherIn(In):
    """Events of a name, any for "", that all filters match."""

    event: str = Field("", examples=["page_view"])
    filters: FiltersIn = Field([])

    def matcher(self) -> Matcher:
        return Matcher(self.event, filters_of(self.filters))


class ExclusionIn(In):
    """An event that ends an attempt where it lies between two steps, counted from 1."""

    event: MatcherIn
    after: int = Field(examples=[1])
    before: int = Field(examples=[2])

    def exclusion(self) -> Exclusion:
        return Exclusion(self.event.matcher(), self.after, self.before)


class FunnelIn(In):
    """A funnel to count. Every event that matches step 1 on a day of the period opens an attempt; of each person, or
    visit, the deepest counts, and of equally deep ones the earliest.
    """

    steps: list[MatcherIn] = Field(
        description="2 to 10", examples=[[{"event": "page_view"}, {"event": "Order Completed"}]]
    )
    window_minutes: int = Field(WEEK_MINUTES, description="from step 1, its end included; 0 for no limit")
    step_order: Order = Field(
        "LOOSE", description="LOOSE lets other events lie between, STRICT none; ANY counts how many were done"
    )
    unit: Unit = "CUSTOMER"
    exclusions: list[ExclusionIn] = Field([], description="at most 5", examples=[[]])
    filters: FiltersIn = Field([])
    segments: SegmentsIn = Field([])
    breakdown: EventDimension | None = Field(None, description="counts each unit under one value of the dimension")
    breakdown_event: BreakdownAt = Field("ENTRY", description="tells the value: of step 1, or of the deepest")
    interval: Bucket = Field("DAY", description="of the series")
    period: Period = DEFAULT_PERIOD

    def ask(self) -> FunnelAsk:
        return FunnelAsk(
            steps=tuple(one.matcher() for one in self.steps),
            window_minutes=self.window_minutes,
            step_order=self.step_order,
            unit=self.unit,
            exclusions=tuple(one.exclusion() for one in self.exclusions),
            filters=filters_of(self.filters),
            segments=tuple(self.segments),
            breakdown=self.breakdown or "",
            breakdown_event=self.breakdown_event,
            interval=self.interval,
            period=self.period,
        )


class FunnelPeopleIn(FunnelIn):
    """Who got as far as a step of a funnel: by the attempt that counts."""

    step: int = Field(description="from 1", examples=[1])
    reached: Reached = Field("NOT_NEXT", description="who reached the step and not the next one, or all who reached it")
    value: str | None = Field(None, description='only of this value of the breakdown; "" is none')
    limit: int = Field(50, ge=1, le=100, description="the most items of a page")
    cursor: str | None = Field(None, description="of the page before; by default the first page")

    def people(self) -> FunnelPeopleAsk:
        return FunnelPeopleAsk(self.ask(), self.step, self.reached, self.value)


class RetentionIn(In):
    """People by when they began, and how many came back in each bucket after: a day, a week from Monday, or a month of
    the site's clock.
    """

    start: MatcherIn = Field(description="a person's cohort is the interval of the first such event")
    back: MatcherIn = Field(description="what counts as coming back, later than the start")
    interval: Bucket = "WEEK"
    mode: Mode = Field("ON", description="ON: came back in that bucket; ON_OR_AFTER: in it or later")
    first: First = Field("EVER", description="the first start ever, or the first one in the period")
    filters: FiltersIn = Field([])
    segments: SegmentsIn = Field([])
    period: Period = Field("last90d", description="of the cohorts, from the beginning of its first bucket")

    def ask(self) -> RetentionAsk:
        return RetentionAsk(
            start=self.start.matcher(),
            back=self.back.matcher(),
            interval=self.interval,
            mode=self.mode,
            first=self.first,
            filters=filters_of(self.filters),
            segments=tuple(self.segments),
            period=self.period,
        )


class PathsIn(In):
    """Where paths go. Repeats in a row are one."""

    dimension: EventDimension = Field("page", description="what is followed; `page` follows views of pages only")
    unit: Unit = "SESSION"
    anchor: str | None = Field(
        None, description="paths begin at the first such value or, BACKWARD, end at the last", examples=["/pricing"]
    )
    direction: Direction = "FORWARD"
    depth: int = Field(5, description="how many steps: 1 to 10")
    most_nodes: int = Field(10, description="so many nodes of a step keep their name: 1 to 50; the rest are Other")
    filters: FiltersIn = Field([])
    segments: SegmentsIn = Field([])
    period: Period = DEFAULT_PERIOD

    def ask(self) -> PathsAsk:
        return PathsAsk(
            dimension=self.dimension,
            unit=self.unit,
            anchor=self.anchor or "",
            direction=self.direction,
            depth=self.depth,
            most_nodes=self.most_nodes,
            filters=filters_of(self.filters),
            segments=tuple(self.segments),
            period=self.period,
        )


class FunnelStepOut(Out):
    """`from_first` and `from_previous` are quotients of units, null of none. `p50_ms` and `p90_ms` are of the time from
    step 1; null where it is not known.
    """

    units: int
    from_first: Number
    from_previous: Number
    p50_ms: Number
    p90_ms: Number


class FunnelValueOut(Out):
    """The rare values are one, "Other"; "" is none."""

    value: str
    steps: list[FunnelStepOut]
    open: int


class FunnelBucketOut(Out):
    bucket: Day
    units: list[int]
    open: int


class FunnelOut(FramedOut):
    """`open` units may still reach the last step. `stopped`: how many more would have reached each step without the
    exclusions; empty without any. `series` puts a unit on the bucket of its entry.
    """

    steps: list[FunnelStepOut]
    open: int
    stopped: list[int]
    values: list[FunnelValueOut]
    series: list[FunnelBucketOut]


class FunnelPersonOut(Out):
    """`session_id` is null where people are counted. `reached_at` is of the step; null where it is not known, in ANY
    order. `open`: may still reach the last step.
    """

    customer_id: str
    session_id: str | None
    entered_at: Instant
    reached_at: Instant | None
    value: str
    open: bool


class FunnelPeopleOut(FramedOut):
    """Who entered last comes first. `units` is of all pages; `cursor` asks for the next page, null at the end."""

    units: int
    items: list[FunnelPersonOut]
    cursor: str | None


@shows(Cell)
class CellOut(Out):
    """Not `complete` while its bucket lasts: more may come back."""


class CohortOut(Out):
    """`cells[0]` is the cohort itself, `cells[n]` the n-th bucket after."""

    bucket: Day
    people: int
    cells: list[CellOut]


class RetentionOut(FramedOut):
    """`average` is the share of all people of the complete cells; null where there are none."""

    cohorts: list[CohortOut]
    average: list[Number]


@shows(Edge)
class EdgeOut(Out):
    """`next` is "" where the path ends."""


class PathsOut(FramedOut):
    """Edges of each step, most paths first. Those out of a step's nodes add up to the paths that got there."""

    paths: int
    edges: list[EdgeOut]
