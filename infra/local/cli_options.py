"""Shared options of the commands that work on this machine."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from optiq_cli.options import given

P = ParamSpec("P")


def _home(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """What is given after the command's name, or before it, or by OPTIQ_HOME."""
    return value or given("home")[0]


home_option = click.option(
    "--home",
    callback=_home,
    help="Folder of all data; also OPTIQ_HOME.  [default: .optiq in a clone of the repository, ~/.optiq elsewhere]",
)


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turns the errors we raise on purpose into one line and exit code 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        from optiq.kernel.errors import OptiqError

        from infra.local.home import StartError

        try:
            command(*args, **kwargs)
        except (OptiqError, StartError) as error:
            raise click.ClickException(str(error)) from error

    return wrapped
