"""`optiq backup` and `optiq restore`: a system's folder into a backup, and back."""

from pathlib import Path

import click

from infra.local.cli_options import home_option, one_line_errors


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@home_option
@one_line_errors
def backup(folder: Path, home: str | None) -> None:
    """Copy the system on this machine into FOLDER, a new one, while it runs or while it is stopped.

    The backup has the system's secret in it: whoever reads it can read everything and sign any key.
    """
    from infra.local.backup import back_up
    from infra.local.home import home_at

    made = back_up(home_at(home), folder, _progress)
    click.echo(f"{folder}: {len(made.files)} files, {made.bytes / 1_000_000:.1f} MB, of Optiq {made.optiq}.")
    click.echo("The secret is in it: keep it as safe as the system itself.")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@home_option
@one_line_errors
def restore(folder: Path, home: str | None) -> None:
    """Make a system's folder (--home), a new or empty one, from the backup in FOLDER.

    Stop the system that the backup was made of before you start the restored one: both would send its mails and
    webhooks.
    """
    from infra.local.home import home_at
    from infra.local.restore import restore as restore_into

    target = home_at(home)
    restored = restore_into(folder, target, _progress)
    click.echo(
        f"{target.path}: {len(restored.files)} files, {restored.bytes / 1_000_000:.1f} MB. Start it by `optiq up`."
    )


def _progress(line: str) -> None:
    click.echo(line, err=True)
