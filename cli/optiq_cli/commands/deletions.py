"""`optiq deletion`: what is being deleted and what was; `optiq site delete` and `optiq org delete` ask for it."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from optiq_cli.client import Client, segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option, organization_option
from optiq_cli.output import print_fields, print_json, print_list

F = TypeVar("F", bound=Callable[..., Any])
_PATH = "/v1/deletions"


@click.group()
def deletion() -> None:
    """What is being deleted, and the proof of what was."""


@deletion.command("list")
@organization_option
@limit_option
@json_option
@connection_options(hidden=True)
def list_(organization_id: str | None, limit: int, as_json: bool) -> None:
    """List an organization's deletions, newest first."""
    listed = System().of_organization(organization_id).listed(_PATH, limit)
    columns = {"deletion": "deletion_id", "what": "kind", "name": "name", "status": "status", "due": "due_at"}
    print_list(listed, columns | {"left": "remaining"}, as_json=as_json)


@deletion.command()
@click.argument("deletion_id")
@organization_option
@connection_options(hidden=True)
def cancel(deletion_id: str, organization_id: str | None) -> None:
    """Cancel a deletion that has not begun."""
    System().of_organization(organization_id).delete(f"{_PATH}/{segment(deletion_id)}")


def confirmed(command: F) -> F:
    """Adds --name, which confirms what is meant, and --wait-days."""
    wait = click.option(
        "--wait-days", type=click.IntRange(1, 90), default=14, show_default=True, help="Until it begins."
    )
    return click.option("--name", required=True, help="Its name, to confirm.")(wait(command))


def ask_for(client: Client, kind: str, target_id: str, name: str, wait_days: int, *, as_json: bool) -> None:
    """Asks for a deletion, and prints it."""
    body = {"kind": kind, "target_id": target_id, "name": name, "wait_days": wait_days}
    asked = client.post(_PATH, body)
    if as_json:
        print_json(asked)
    else:
        print_fields(asked)
