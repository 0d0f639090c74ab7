"""Commands of `optiq` that run the system, or work on its folder whether it runs or not.

Each imports what it needs when it runs.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.local.cli_options import home_option, one_line_errors

if TYPE_CHECKING:
    from infra.local.system import Running


@click.command()
@click.option("--port", envvar="PORT", type=click.IntRange(0, 65535), default=8080, show_default=True, show_envvar=True)
@home_option
@click.option(
    "--sample/--no-sample",
    envvar="SAMPLE",
    default=True,
    show_default=True,
    show_envvar=True,
    help="Load the sample data at the first start.",
)
@one_line_errors
def up(port: int, home: str | None, sample: bool) -> None:
    """Run the whole system on this machine until Ctrl-C."""
    from infra.local.home import home_at
    from infra.local.system import serve

    def ready(running: "Running") -> None:
        from infra.local.first_look import show

        show(running.url, running.home, sample=sample)

    serve(home_at(home), port, ready, sample=sample)


@click.group()
def rates() -> None:
    """Exchange rates."""


@rates.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
@one_line_errors
def import_(file: Path, home: str | None) -> None:
    """Import the ECB's daily reference rates (its CSV file)."""
    from infra.local.system import attach

    with attach(home, create=True):
        from optiq.rates import api as exchange_rates

        from infra.local.data_version import require_current

        require_current()
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                imported = exchange_rates.import_rates(lines)
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{file} is not a text file in UTF-8") from error
    click.echo(f"{imported.rates} rates of {imported.days} days, {imported.first_day} to {imported.last_day}.")


@click.command("failed-batches")
@click.option("--replay", is_flag=True, help="Deliver them again, after you fix the cause.")
@home_option
@one_line_errors
def failed_batches(replay: bool, home: str | None) -> None:
    """Show the batches that consumers failed to handle, or deliver them again. None is lost meanwhile."""
    from optiq.ports.log_file import LogFile

    from infra.local.failed_batches import failed, replay_failed
    from infra.local.home import home_at

    found = home_at(home)
    if not found.stream_file.exists():
        raise click.ClickException(f"there is no Optiq data in {found.path}; name its folder with --home")
    for file in found.logs:
        log = LogFile(str(file))
        for consumer, batches, error in failed(log):
            if replay:
                click.echo(f"{consumer}: {replay_failed(log, consumer)} records delivered again.")
            else:
                click.echo(f"{consumer}: {batches} batches; latest error: {error}")
        log.close()
