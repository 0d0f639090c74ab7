"""Every command that opens what belongs to a tenant says so in the tenant's book, under its own name."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import click
import pytest
from click.testing import CliRunner
from optiq.kernel.errors import NotFoundError
from optiq.tenancy import api as tenancy

from infra.local import system
from infra.local.cli import main

_NAMES_A_TENANT = {"site_id", "organization_id"}


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


OPENING = [
    pytest.param(path, command, id=" ".join(path))
    for path, command in _commands(main)
    if _NAMES_A_TENANT & {parameter.name for parameter in command.params}
]


@pytest.mark.parametrize(("path", "command"), OPENING)
def test_nothing_of_a_tenant_is_opened_unnoted(
    path: tuple[str, ...], command: click.Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN that noting it is the last thing a command does
    def note(_: object, __: str, command: str) -> Any:
        raise NotFoundError(f"noted as: {command}.")

    monkeypatch.setattr(system, "attach", lambda *_, **__: nullcontext())
    monkeypatch.setattr(tenancy, "find_site", note)
    monkeypatch.setattr(tenancy, "open_organization", note)

    # WHEN it is called with all it must have
    required = [parameter for parameter in command.params if parameter.required]
    options = [f"{each.opts[0]}=2026-01-01" for each in required if isinstance(each, click.Option)]
    arguments = ["site_01JB0000000000000000000000" for each in required if isinstance(each, click.Argument)]
    done = CliRunner().invoke(main, [*path, *options, *arguments])

    # THEN it came no further
    assert done.output == f"Error: noted as: {' '.join(path)}.\n"


def test_there_are_such_commands() -> None:
    assert OPENING
