"""Every command that opens what belongs to a tenant enters it under its own name, and stops when it may not."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from optiq_cli.main import main

from tests.functional.cli.bad_server import BadServer
from tests.functional.cli.runner import optiq

_NAMES_A_TENANT = {"site_id", "organization_id"}
_OPERATORS = {"site create", "user create", "credits adjust"}
"""They create something for an organization, or change it, and read nothing of it."""


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        elif command is not None:
            yield (*path, name), command


OPENING = [
    pytest.param(path, command, id=" ".join(path))
    for path, command in _commands(main)
    if _NAMES_A_TENANT & {parameter.name for parameter in command.params} and " ".join(path) not in _OPERATORS
]


@pytest.mark.parametrize(("path", "command"), OPENING)
def test_nothing_of_a_tenant_is_opened_unnoted(path: tuple[str, ...], command: click.Command, tmp_path: Path) -> None:
    # GIVEN a system that answers the operator's request to enter with an error
    problem = {"type": "about:blank", "status": 404, "code": "NOT_FOUND", "detail": "there is no such thing"}
    health = (200, {}, {"status": "ok", "version": "1"})
    counted = (200, {}, {"items": [{"day": "2026-01-01", "failed": 0, "not_kept": 0}]})
    with BadServer((404, {}, problem)) as server:
        server.at("/health", health)
        server.at("/v1/operator/unclaimed", counted)

        # WHEN the command is called with all it must have
        required = [each for each in command.params if each.required or each.name in _NAMES_A_TENANT]
        arguments = [part for each in required for part in _given(each, tmp_path)]
        done = optiq(*path, *arguments, OPTIQ_URL=server.url, OPTIQ_API_KEY="op_1..x")

    # THEN it named itself, and came no further
    assert "there is no such thing (NOT_FOUND" in done.stderr
    opened = [each for each in server.requests if not each.path.startswith(("/health", "/v1/operator/unclaimed"))]
    assert [(each.method, each.path) for each in opened] == [("POST", "/v1/operator/access")]
    assert opened[0].json()["purpose"] == " ".join(path)


def _given(parameter: click.Parameter, folder: Path) -> list[str]:
    value = "site_01JB0000000000000000000000" if parameter.name in _NAMES_A_TENANT else "2026-01-01"
    if isinstance(parameter.type, click.types.IntParamType):
        value = "7"
    if isinstance(parameter.type, click.Path):
        file = folder / "given"
        file.touch()
        value = str(file)
    return [parameter.opts[0], value] if isinstance(parameter, click.Option) else [value]


def test_there_are_such_commands() -> None:
    assert len(OPENING) > 10
