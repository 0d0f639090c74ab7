"""Writes the files of a new context with one entity and two routes: `make context NAME=coupons ENTITY=coupon`."""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_NAME = re.compile(r"[a-z][a-z0-9]{2,30}")

_MANIFEST = '''"""{Name}: describe its business here in one line."""

from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="{name}",
    what="describe its business here in one line",
    permissions=(
        Permission("{name}:read", "VIEWER", "see {name}"),
        Permission("{name}:write", "MEMBER", "create {name}"),
    ),
    audits=("{entity}",),
    items=(
        Item(
            "{entity}",
            "ORG#<org>",
            "{KEY}#<{entity}>",
            "one {entity}; an organization's {name} by time",
            gsi1pk="ORG#<org>#{LIST}",
            gsi1sk="<{entity}>",
        ),
    ),
    functions=(
        Function("routes", table=("GetItem", "PutItem", "UpdateItem", "Query"), may=("index", "secret")),
    ),
)
'''
_CONTRACTS = '''"""What {name} tells other contexts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class {Entity}:
    """One {entity}. `version` grows by one with every change."""

    organization_id: str
    {entity}_id: str
    name: str
    created_ms: int
    version: int = 0
'''
_API = '''"""The {name} context."""

from optiq.{name}.contracts import {Entity}
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page
from optiq.store.api import Store

_LONGEST_NAME = 200


def _key(organization_id: str, {entity}_id: str) -> Key:
    return Key(f"ORG#{{organization_id}}", f"{KEY}#{{{entity}_id}}")


def _list_of(organization_id: str) -> str:
    return f"ORG#{{organization_id}}#{LIST}"


def _listed({entity}: {Entity}) -> tuple[str, str]:
    return _list_of({entity}.organization_id), {entity}.{entity}_id


_STORE = Store({Entity}, "{entity}", _key, _listed)


def create_{entity}(caller: Caller, *, name: str, clock: Clock = system_clock) -> {Entity}:
    """Raises InvalidError."""
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise InvalidError(f"name: must have 1 to {{_LONGEST_NAME}} characters")
    now_ms = clock()
    return _STORE.add(caller, {Entity}(caller.organization_id, new_id("{entity}", now_ms), name.strip(), now_ms))


def list_{name}(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[{Entity}]:
    """A page of the organization's {name}, newest first. Raises InvalidError for another list's cursor."""
    return _STORE.page(_list_of(caller.organization_id), limit, cursor)
'''
_SCHEMAS = '''"""{Name} as the API writes them."""

from optiq.kernel.schemas import In, Instant, Out, PageOut


class {Entity}In(In):
    name: str


class {Entity}Out(Out):
    """`version` grows by one with every change."""

    {entity}_id: str
    name: str
    created_at: Instant
    version: int


class {Name}Out(PageOut[{Entity}Out]):
    """Newest first."""
'''
_ROUTES = '''"""{Name} over HTTP."""

from optiq.{name} import api as {name}
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import Limit

from functions.{name}.schemas import {Entity}In, {Entity}Out, {Name}Out

app = make_resolver("{name}")


@app.get("/v1/{name}", needs="{name}:read", summary="The organization's {name}, newest first")
def list_{name}(limit: Limit = 50, cursor: Cursor = None) -> {Name}Out:
    return {Name}Out.model_validate({name}.list_{name}(caller_of(app), limit=limit, cursor=cursor))


@app.post("/v1/{name}", needs="{name}:write", summary="Create a {entity}", status_code=201)
def create_{entity}(request: {Entity}In) -> tuple[{Entity}Out, int]:
    return {Entity}Out.model_validate({name}.create_{entity}(caller_of(app), **request.given())), 201


handler = app
'''
_TEST = '''"""{Name}: what users can do with them."""

import json
from typing import Any

from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id

from functions.{name} import routes
from tests.functional.reports.http import request


def ask(organization_id: str, method: str = "GET", body: object = None) -> tuple[int, Any]:
    said = "" if body is None else json.dumps(body)
    answer = routes.app(request("/v1/{name}", organization_id, method=method, body=said), None)
    return answer["statusCode"], json.loads(answer["body"])


def test_{entity}_is_created_and_listed_in_its_organization_alone(table: object) -> None:
    ours, theirs = (new_id("org", system_clock()) for _ in range(2))

    status, created = ask(ours, "POST", {{"name": "First"}})

    assert status == 201
    assert ask(ours)[1] == {{"items": [created], "cursor": None}}
    assert ask(theirs)[1] == {{"items": [], "cursor": None}}


def test_{entity}_without_a_name_is_refused(table: object) -> None:
    status, problem = ask(new_id("org", system_clock()), "POST", {{"name": " "}})

    assert status == 400
    assert problem["detail"].startswith("name: ")
'''
_DOCS = "# {Name}\n\nSay here what a user can do with {name}, and show a request.\n"
_FILES = {
    "layers/optiq/python/optiq/{name}/__init__.py": "",
    "layers/optiq/python/optiq/{name}/context.py": _MANIFEST,
    "layers/optiq/python/optiq/{name}/contracts.py": _CONTRACTS,
    "layers/optiq/python/optiq/{name}/api.py": _API,
    "functions/{name}/__init__.py": "",
    "functions/{name}/routes.py": _ROUTES,
    "functions/{name}/schemas.py": _SCHEMAS,
    "tests/functional/{name}/test_{name}.py": _TEST,
    "docs/{name}.md": _DOCS,
}


def files_of(name: str, entity: str) -> dict[str, str]:
    """The files of a context, by their paths.

    Raises:
        ValueError: a name that is none for a folder and a class.
    """
    for text in (name, entity):
        if not _NAME.fullmatch(text):
            raise ValueError(f"{text!r}: must have 3 to 31 small letters and digits, and begin with a letter")
    words = {
        "name": name,
        "entity": entity,
        "Name": name.title(),
        "Entity": entity.title(),
        "KEY": entity.upper(),
        "LIST": name.upper(),
    }
    return {path.format(**words): text.format(**words) for path, text in _FILES.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the files of a new context.")
    parser.add_argument("name", help="plural, such as coupons")
    parser.add_argument("entity", help="what one is called, such as coupon")
    arguments = parser.parse_args()
    files = files_of(arguments.name, arguments.entity)
    if existing := [path for path in files if (ROOT / path).exists()]:
        parser.error(f"{existing[0]} is there already: choose another name")
    for path, text in files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
