"""What several commands of the command line share."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

P = ParamSpec("P")

home_option = click.option(
    "--home", envvar="OPTIQ_HOME", default=".optiq", show_default=True, show_envvar=True, help="Folder of all data."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def command_in_use() -> str:
    """The words of the command that runs, such as `site show`, for the organization's book."""
    context = click.get_current_context()
    return context.command_path.removeprefix(context.find_root().command_path).strip()


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
