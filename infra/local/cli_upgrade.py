"""`optiq upgrade`: brings data that an older version wrote to this one."""

import click

from infra.local.cli_options import home_option, one_line_errors


@click.command()
@click.option("--aws", is_flag=True, help="Upgrade the system in the AWS account whose credentials the shell has.")
@home_option
@one_line_errors
def upgrade(home: str | None, aws: bool) -> None:
    """Upgrade data of an older version, while the system is stopped. `optiq up` does it by itself.

    An upgrade that was interrupted goes on. Make a backup before: an older version cannot use the data afterwards.
    """
    from infra.local.aws_environment import pointed_at_account
    from infra.local.system import attach

    pointing = pointed_at_account() if aws else attach(home)
    with pointing as running:
        if running is not None:
            raise click.ClickException("the system runs, so its data is of its version: stop it to upgrade")
        from infra.local.data_version import upgrade as upgrade_data

        upgrade_data(lambda line: click.echo(line, err=True))
