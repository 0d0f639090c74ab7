"""What commands share: where the system is, with which key, how much to list, and in which form."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many to list at most."
)
organization_option = click.option(
    "--organization", "organization_id", metavar="ID", help="The organization, for the operator's key."
)


def connection_options(*, hidden: bool) -> Callable[[F], F]:
    """Adds --url, --api-key, --api-key-file and --home. Only the outermost command reads the environment."""

    def add(command: F) -> F:
        for option in reversed(_options(hidden=hidden)):
            command = option(command)
        return command

    return add


def given(name: str) -> tuple[str | None, bool]:
    """What was given for `url`, `api_key`, `api_key_file` or `home`, and whether on the command line."""
    value: str | None
    value, typed = click.get_current_context().meta.get(_place(name), (None, False))
    return value, typed


def command_in_use() -> str:
    """The words of the command that runs, such as `site show`, for the organization's audit log."""
    context = click.get_current_context()
    return context.command_path.removeprefix(context.find_root().command_path).strip()


def _options(*, hidden: bool) -> list[Callable[[F], F]]:
    def option(flag: str, envvar: str, help_: str) -> Callable[[F], F]:
        return click.option(
            flag,
            envvar=None if hidden else envvar,
            show_envvar=not hidden,
            help=help_,
            hidden=hidden,
            expose_value=False,
            callback=_keep,
        )

    return [
        option("--url", "OPTIQ_URL", "Address of the system.  [default: the one that runs on this machine]"),
        option("--api-key", "OPTIQ_API_KEY", "Key to send. Other users of this machine see it here: prefer a file."),
        option("--api-key-file", "OPTIQ_API_KEY_FILE", "File with the key in it."),
        option("--home", "OPTIQ_HOME", "Folder of the system on this machine."),
    ]


def _keep(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """What is typed goes before the environment, and what is typed later before what is typed earlier."""
    name = str(parameter.name)
    typed = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    if value is not None and (typed or _place(name) not in context.meta):
        context.meta[_place(name)] = (value, typed)


def _place(name: str) -> str:
    return f"optiq_cli.{name}"
