"""What a context says of itself, once, in `optiq/<context>/context.py`. All that needs to know it is made from this.

CDK makes functions and their permissions of it, one machine its consumers, schedules and workflows, resolvers what each
role may do, and `make docs` the pages. A context is found by its manifest: no list of contexts is kept.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import optiq
from optiq.kernel.clock import DAY_MS
from optiq.kernel.lake_tables import DataClass, LakeTable

Role = Literal["OWNER", "ADMIN", "MEMBER", "VIEWER"]
TableAction = Literal[
    "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query", "Scan", "BatchWriteItem", "DeleteItem"
]
Grant = Literal[
    "index",
    "secret",
    "stream",
    "lake",
    "upkeep",
    "mail",
    "oauth",
    "bus",
    "address",
    "roles",
    "stripe",
    "limits",
    "reads_limits",
    "shards",
    "status",
]


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may be done in an organization.

    Attributes:
        role: the lowest role that has it.
        what: completes "may ".
    """

    name: str
    role: Role
    what: str


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of item in the table: its keys as templates, and which questions they answer.

    Attributes:
        tenantless: its partition does not begin with an organization, because it is looked up before that is known, or
            is a person's or nobody's.
        owned_by: attributes with ids of its owners, beside the owners that its keys name (kernel/item_owners.py).
        part_of: the entity of the same partition whose owners are its own.
        nobodys: why it has no owner.
        outlives: why it stays when its owner is deleted; "" where it goes with any of them.
        data: the class of what it holds, where that is not the context's.
    """

    entity: str
    pk: str
    sk: str
    access_pattern: str
    gsi1pk: str = ""
    gsi1sk: str = ""
    tenantless: bool = False
    owned_by: tuple[str, ...] = ()
    part_of: str = ""
    nobodys: str = ""
    outlives: str = ""
    data: DataClass | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the clock invokes a function.

    Attributes:
        what: what it does then, for people.
        minute: of each turn, from which it is due: of the UTC day, of the hour.
        every_ms: DAY_MS, HOUR_MS or some minutes, such as 5 * MINUTE_MS.
        retries: how often a failed run is tried again before the next turn.
    """

    what: str
    minute: int = 0
    every_ms: int = DAY_MS
    retries: int = 3


@dataclass(frozen=True, slots=True)
class Function:
    """One handler, `functions/<context>/<module>.py`, and all it may touch.

    Attributes:
        table: what it may do with items by their own keys.
        may: `index` queries by the second key; `secret` reads the platform's secret; `stream` puts records; `lake`
            runs queries; `upkeep` reads, writes and removes the lake's files; `mail` sends mail; `oauth` reads our
            clients at providers; `bus` hands on events; `address` learns where people reach the API, for links; `roles`
            takes on roles of other accounts that are made for it; `stripe` reads our account at Stripe; `limits` says
            whose events are refused, and `reads_limits` reads it; `shards` lists those of the stream; `status`
            reads and writes the status page.
        appends: names of the lake's tables that it may add files to.
        columns: it works on Arrow columns, so it has the packages for them.
        asks_stripe: it has the package that asks Stripe.
        consumes: the types of the stream's messages that it is invoked with.
        reserved: instances kept for it alone, where a deployment asks for that.
        subscribes: the events that it is invoked with, one at a time and at least once (optiq/events/handling.py).
        gets_webhooks: it is invoked with every published fact that some context lets integrators have.
        new_items: it is invoked with new items of the table whose sort key begins so.
        hears: a source on EventBridge, and which of its detail types the function is invoked with.
        at_edge: it stands before every context, with the API.
        places: it works out countries and cities, where the operator gave a GeoIP database.
        starts: the workflow that it starts, if any.
        shares: other contexts of `functions/` whose modules it imports.
    """

    module: str
    memory_mb: int = 512
    timeout_seconds: int = 10
    table: tuple[TableAction, ...] = ()
    may: tuple[Grant, ...] = ()
    appends: tuple[str, ...] = ()
    columns: bool = False
    asks_stripe: bool = False
    consumes: tuple[str, ...] = ()
    schedule: Schedule | None = None
    reserved: int = 0
    subscribes: tuple[type, ...] = ()
    gets_webhooks: bool = False
    new_items: str = ""
    hears: tuple[str, tuple[str, ...]] | None = None
    at_edge: bool = False
    places: bool = False
    starts: str = ""
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """A state machine, `statemachines/<name>.asl.json`.

    Attributes:
        tasks: the module behind each function that the definition names: ${PlanFunctionArn} is `Plan`'s.
        setting: the variable of the environment that tells who starts it where it is (kernel/settings.py).
        hours: after which an execution is stopped.
    """

    name: str
    tasks: Mapping[str, str]
    setting: str
    hours: int = 6


@dataclass(frozen=True, slots=True)
class JobKind:
    """Work in the background that staff see, run again and stop.

    Attributes:
        what: completes "a job that ".
        door: import path of the module that does so (kernel/background_jobs.py).
    """

    name: str
    what: str
    door: str


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What people are notified of, and choose how.

    Attributes:
        what: completes "you are notified of ".
        mandatory: nobody may turn it off. shared: channels of Slack may take it, too.
    """

    name: str
    what: str
    mandatory: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """A fact that an organization's own programs may get.

    Attributes:
        name: its type, such as `alert.triggered`. what: when it is sent, in a few words.
        fact: a class that the context publishes, or a message of the stream.
        field, value: it is sent of facts whose field has that value; of all where `field` is "".
    """

    name: str
    what: str
    fact: type
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Attributes:
    name: that of its folders. what: its business in one line.
    audits: the nouns that its actions in the audit log begin with, such as `link` of `link.created`.
    publishes: the facts that it tells other contexts: classes of `contracts.py`, its own or those of a context below.
    data: the class of what its items hold, but for those that say another.
    webhooks: those facts, and messages of the stream, that integrators may get. notices: what people are notified of.
    """

    name: str
    what: str
    data: DataClass = "SETTINGS"
    permissions: tuple[Permission, ...] = ()
    audits: tuple[str, ...] = ()
    publishes: tuple[type, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    items: tuple[Item, ...] = ()
    lake: tuple[LakeTable, ...] = ()
    functions: tuple[Function, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    jobs: tuple[JobKind, ...] = ()

    def handler(self, function: Function | str) -> str:
        """The import path of a function, by itself or by its module."""
        module = function if isinstance(function, str) else function.module
        return f"functions.{self.name}.{module}.handler"


@cache
def contexts() -> tuple[Context, ...]:
    """Every context that has a manifest, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(optiq.__path__) if module.ispkg)
    found = []
    for name in names:
        path = f"{optiq.__name__}.{name}.context"
        if importlib.util.find_spec(path):
            found.append(importlib.import_module(path).CONTEXT)
    return tuple(found)


@cache
def lake_tables() -> dict[str, LakeTable]:
    """Every table of the lake, by name."""
    return {table.name: table for context in contexts() for table in context.lake}


@cache
def _contexts_of_nouns() -> dict[str, str]:
    found: dict[str, str] = {}
    for context in contexts():
        for noun in context.audits:
            if found.setdefault(noun, context.name) != context.name:
                raise ValueError(f"{context.name} and {found[noun]} both audit '{noun}'")
    return found


def context_of_action(action: str) -> str:
    """The context of an action in the audit log, by its noun. Raises ValueError for a noun that no manifest names."""
    noun = action.partition(".")[0]
    if noun not in _contexts_of_nouns():
        raise ValueError(f"no context's manifest has '{noun}' in `audits`")
    return _contexts_of_nouns()[noun]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A function that is invoked with the events of one kind."""

    context: Context
    function: Function
    kind: type

    @property
    def subscriber(self) -> str:
        return f"{self.context.name}.{self.function.module}"


@cache
def subscriptions() -> tuple[Subscription, ...]:
    """Every subscription of every context."""
    return tuple(
        Subscription(context, function, kind)
        for context in contexts()
        for function in context.functions
        for kind in subscribed(function)
    )


def subscribed(function: Function) -> tuple[type, ...]:
    """The facts that a function is invoked with."""
    if not function.gets_webhooks:
        return function.subscribes
    published = {kind for context in contexts() for kind in context.publishes}
    shown = (one.fact for one in webhooks().values() if one.fact in published)
    return tuple(dict.fromkeys((*function.subscribes, *shown)))


@cache
def webhooks() -> dict[str, Webhook]:
    """Every fact that integrators may get, by its type."""
    return {one.name: one for context in contexts() for one in context.webhooks}


@cache
def notice_kinds() -> dict[str, NoticeKind]:
    """Everything that people are notified of, by its name."""
    return {one.name: one for context in contexts() for one in context.notices}


@cache
def job_kinds() -> dict[str, JobKind]:
    """Every kind of work in the background, by its name."""
    return {one.name: one for context in contexts() for one in context.jobs}


@cache
def published_by(name: str) -> frozenset[type]:
    """The facts that a context publishes."""
    return frozenset(kind for context in contexts() if context.name == name for kind in context.publishes)
