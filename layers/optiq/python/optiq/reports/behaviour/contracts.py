"""What can be asked of behaviour: funnels, retention and paths; and the answers."""

from dataclasses import dataclass
from typing import Literal

from optiq.reports.behaviour.funnel import BreakdownAt, Order
from optiq.reports.behaviour.retention_sql import Mode
from optiq.reports.questions.contracts import Framed, Number
from optiq.reports.questions.filters import Filters
from optiq.reports.questions.periods import DEFAULT_PERIOD
from optiq.reports.site_clock import Bucket

Unit = Literal["CUSTOMER", "SESSION"]
First = Literal["EVER", "IN_PERIOD"]
Direction = Literal["FORWARD", "BACKWARD"]
WEEK_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Matcher:
    """Events of a name, or any for "", that the filters match."""

    event: str = ""
    filters: Filters = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Events that end an attempt where they lie between step `after` and step `before`, counted from 1."""

    matcher: Matcher
    after: int
    before: int


@dataclass(frozen=True, slots=True)
class FunnelAsk:
    """
    Attributes:
        window_minutes: from step 1, its end included; 0 for no limit.
        step_order: LOOSE lets other events lie between two steps, STRICT none; ANY counts how many were done.
        filters: of all events. segments: ids of views of the kind SEGMENT, whose filters are of all events too.
        breakdown: a dimension of events, or "". breakdown_event: tells its value.
        interval: of the series.
        period: of the entries; later steps may lie after it, within the window.
    """

    steps: tuple[Matcher, ...]
    window_minutes: int = WEEK_MINUTES
    step_order: Order = "LOOSE"
    unit: Unit = "CUSTOMER"
    exclusions: tuple[Exclusion, ...] = ()
    filters: Filters = ()
    segments: tuple[str, ...] = ()
    breakdown: str = ""
    breakdown_event: BreakdownAt = "ENTRY"
    interval: Bucket = "DAY"
    period: str = DEFAULT_PERIOD


@dataclass(frozen=True, slots=True)
class RetentionAsk:
    """
    Attributes:
        start: a person's cohort is the interval of the first such event, EVER or IN_PERIOD.
        back: what counts as coming back, later than the start.
        mode: ON counts who came back in a bucket, ON_OR_AFTER in it or later.
        period: of the cohorts, from the beginning of its first bucket.
    """

    start: Matcher
    back: Matcher
    interval: Bucket = "WEEK"
    mode: Mode = "ON"
    first: First = "EVER"
    filters: Filters = ()
    segments: tuple[str, ...] = ()
    period: str = "last90d"


@dataclass(frozen=True, slots=True)
class PathsAsk:
    """
    Attributes:
        dimension: what is followed, of events; `page` follows views of pages only.
        anchor: paths begin at the first such value, or, BACKWARD, end at the last; "" for the visit's.
        depth: how many steps. most_nodes: so many nodes of a step keep their name.
    """

    dimension: str = "page"
    unit: Unit = "SESSION"
    anchor: str = ""
    direction: Direction = "FORWARD"
    depth: int = 5
    most_nodes: int = 10
    filters: Filters = ()
    segments: tuple[str, ...] = ()
    period: str = DEFAULT_PERIOD


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """
    Attributes:
        units: people, or visits, that reached the step.
        from_first, from_previous: units over those of step 1, and of the step before; None of none.
        p50_ms, p90_ms: of the time from step 1: nearest rank; None where it is not known.
    """

    units: int
    from_first: Number
    from_previous: Number
    p50_ms: Number
    p90_ms: Number


@dataclass(frozen=True, slots=True)
class FunnelValue:
    """The units of one value of the breakdown: each unit has one value, so values add up. "Other" for the rare."""

    value: str
    steps: tuple[FunnelStep, ...]
    open: int


@dataclass(frozen=True, slots=True)
class FunnelBucket:
    """The units that entered in a bucket, by how many reached each step; those that may still go on are `open`."""

    bucket: str
    units: tuple[int, ...]
    open: int


@dataclass(frozen=True, slots=True)
class FunnelAnswer(Framed):
    """
    Attributes:
        open: units that may still reach the last step.
        stopped: by step, how many units more would have reached it without the exclusions; empty without exclusions.
        values: of the breakdown, most entries first; empty without one.
    """

    steps: tuple[FunnelStep, ...]
    open: int
    stopped: tuple[int, ...]
    values: tuple[FunnelValue, ...]
    series: tuple[FunnelBucket, ...]

    @property
    def is_empty(self) -> bool:
        return not self.steps[0].units


Reached = Literal["NOT_NEXT", "REACHED"]


@dataclass(frozen=True, slots=True)
class FunnelPeopleAsk:
    """
    Attributes:
        funnel: a FunnelAsk, as it is counted.
        step: from 1. reached: REACHED lists who reached it, NOT_NEXT who did and not the next one.
        value: only of this value of the breakdown; None for all.
    """

    funnel: FunnelAsk
    step: int
    reached: Reached = "NOT_NEXT"
    value: str | None = None


@dataclass(frozen=True, slots=True)
class FunnelPerson:
    """A unit by its counted attempt.

    Attributes:
        session_id: where the unit is a visit; None for people.
        reached_ms: when it reached the step; None where that is not known, in ANY order.
        value: of the breakdown. open: it may still reach the last step.
    """

    customer_id: str
    session_id: str | None
    entered_ms: int
    reached_ms: int | None
    value: str
    open: bool


@dataclass(frozen=True, slots=True)
class FunnelPeople(Framed):
    """A page of units, the one that entered last first; `units` is of all pages."""

    units: int
    items: tuple[FunnelPerson, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of a cohort came back in the n-th bucket after; not `complete` while the bucket lasts."""

    people: int
    share: Number
    complete: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """People by their first start; `cells[0]` is the cohort itself."""

    bucket: str
    people: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RetentionAnswer(Framed):
    """`average` is the share of all people by bucket, over complete cells only; None where there are none."""

    cohorts: tuple[Cohort, ...]
    average: tuple[Number, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cohort.people for cohort in self.cohorts)


@dataclass(frozen=True, slots=True)
class Edge:
    """How many paths went from a node to the next at a step; `next` is "" at the end of a path."""

    step: int
    node: str
    next: str
    paths: int


@dataclass(frozen=True, slots=True)
class PathsAnswer(Framed):
    """Edges of each step, most paths first. Those out of a step's nodes add up to the paths that got there."""

    paths: int
    edges: tuple[Edge, ...]

    @property
    def is_empty(self) -> bool:
        return not self.paths
