"""Writes the pages of docs/ that are generated from the code."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from optiq.kernel.manifest import Item, contexts, subscriptions
from optiq.kernel.permissions import PERMISSIONS, ROLES
from optiq.kernel.routes import Route
from optiq.retention.api import CLASSES
from optiq.retention.contracts import Retention
from optiq.retention.mapping import entities_of, words_of

from infra.routes import routes
from scripts import command_line_page, docs_index

_ROOT = Path(__file__).parent.parent
_ACCESS_PATTERNS = """<!-- {"index": "Reference", "place": 40} -->
# Access patterns

One DynamoDB table, one index (`gsi1`). This page is generated from the contexts' manifests (`make docs`).

| context | entity | pk | sk | gsi1pk | gsi1sk | access pattern |
|---|---|---|---|---|---|---|
"""
_PERMISSIONS = """<!-- {"index": "Reference", "place": 30} -->
# Permissions

What may be done in an organization, and which role may do it. Custom roles and direct grants add permissions to a
role; an API key has the scopes that its owner has too. A change takes effect everywhere within a minute.
This page is generated from the contexts' manifests and the routes of `functions/` (`make docs`).

"""
_EVENTS = """<!-- {"index": "Reference", "place": 50} -->
# Events between contexts

A context publishes an event in the transaction of the change that it is about. A relay hands it on, and each
subscriber gets it at least once: on AWS by EventBridge, on one machine by a log of its own. Subscribers know an event
by its id and handle it once. [How to publish and subscribe](add-a-context.md#events-between-contexts);
[why so](decisions/0038-events-between-contexts.md).
They may get events late and in another order. `detail` of the EventBridge event has `event_id`, `name`, `publisher`,
`organization_id`, `at_ms` and `data`; the schema describes `data`.
This page is generated from the contexts' manifests (`make docs`).

| event | what | published by | subscribed by | schema |
|---|---|---|---|---|
"""
_DATA_MAP = """<!-- {"index": "Reference", "place": 45} -->
# Data map

What Optiq keeps, where, for how long, why, and whose personal data it is. Every entity of the table and every table of
the lake has a class of data; how long it is kept follows from that. An organization sees the days that it set, and
its owner changes them, on the page Data ([deletion](deletion.md)). What is in the lake is under
`<table>/org=<organization>/dt=<day>/`, everything else in the one table.
This page is generated from the contexts' manifests (`make docs`).

| class | what | why | kept | personal data | set |
|---|---|---|---|---|---|
"""
_ROUTES = """
## What each route needs

*Anybody* needs no credential of a person (collection has keys of its own); *any person* needs a session of a
person, and is about themselves; *any key* needs a session or any key. *The operator* needs
[the operator's key](operators.md), and has it alone.

"""


def access_patterns() -> str:
    """The page's text."""
    rows = (
        [context.name, item.entity, *(f"`{key}`" if key else "" for key in _keys(item)), item.access_pattern]
        for context in contexts()
        for item in context.items
    )
    return _ACCESS_PATTERNS + _rows(rows)


def data_map() -> str:
    """Every class of data, then its entities."""
    usual = Retention("")
    table = _rows(
        [
            data,
            one.what,
            one.why,
            words_of(one, usual),
            one.personal or "none",
            f"{one.least} to {one.most} days" if one.setting else "",
        ]
        for data, one in CLASSES.items()
    )
    lists = "".join(f"\n## {data}\n\n{', '.join(entities_of(data)) or 'Nothing yet'}.\n" for data in CLASSES)
    return _DATA_MAP + table + lists + _outliving()


def _outliving() -> str:
    """What stays when its owner is deleted."""
    rows = ([item.entity, item.outlives] for context in contexts() for item in context.items if item.outlives)
    return "\n## What stays after a deletion\n\n| entity | why |\n|---|---|\n" + _rows(rows)


def _keys(item: Item) -> tuple[str, ...]:
    return item.pk, item.sk, item.gsi1pk, item.gsi1sk


def events_page() -> str:
    """Every event, who publishes it, and which functions subscribe to it."""
    kinds = dict.fromkeys(kind for context in contexts() for kind in context.publishes)
    return _EVENTS + _rows(
        [
            f"`{kind.__name__}`",
            (inspect.getdoc(kind) or "").partition("\n")[0],
            ", ".join(context.name for context in contexts() if kind in context.publishes),
            ", ".join(f"`{one.subscriber}`" for one in subscriptions() if one.kind is kind),
            f"[schema](../events/schemas/{kind.__name__}.v1.json)",
        ]
        for kind in sorted(kinds, key=lambda kind: kind.__name__)
    )


def permissions_page() -> str:
    """Which role may do what, and what each route needs."""
    head = [["permission", "to", *ROLES], ["---"] * (2 + len(ROLES))]
    rows = (
        [f"`{name}`", said, *("yes" if name in allowed else "" for allowed in ROLES.values())]
        for name, said in PERMISSIONS.items()
    )
    needed = ([f"`{route.key}`", _needed(route)] for route in routes())
    return _PERMISSIONS + _rows([*head, *rows]) + _ROUTES + _rows([["route", "needs"], ["---"] * 2, *needed])


def _needed(route: Route) -> str:
    if route.needs:
        return f"`{route.needs}`"
    if route.operator:
        return "*the operator*"
    if route.personal:
        return "*any person*"
    return "*any key*" if route.any_key else "*anybody*"


def _rows(rows: Iterable[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


# The index is last: it reads the first lines of the others.
FILES: Mapping[Path, Callable[[], str]] = {
    _ROOT / "docs" / "access-patterns.md": access_patterns,
    _ROOT / "docs" / "data-map.md": data_map,
    _ROOT / "docs" / "command-line.md": command_line_page.page,
    _ROOT / "docs" / "events.md": events_page,
    _ROOT / "docs" / "permissions.md": permissions_page,
    _ROOT / "docs" / "README.md": docs_index.index,
}


if __name__ == "__main__":
    for path, text in FILES.items():
        path.write_text(text(), encoding="utf-8")
