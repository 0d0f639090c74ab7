"""`optiq operator-key`: the operator's key, from the system's secret."""

import time

import click

from infra.local.cli_options import home_option, one_line_errors


@click.command("operator-key")
@click.option("--secret", metavar="ARN", help="The platform's secret on AWS.  [default: that of the folder]")
@click.option("--hours", type=click.IntRange(1, 168), default=1, show_default=True, help="Hours until it expires.")
@home_option
@one_line_errors
def operator_key(secret: str | None, hours: int, home: str | None) -> None:
    """Print a key that creates organizations and users, and opens any organization. It can't be revoked.

    On this machine no command needs it. On AWS, give it with OPTIQ_API_KEY; reading the secret takes credentials of the
    account, as the `aws` command has them.
    """
    from optiq.kernel import operator_key as keys

    found = _of_account(secret) if secret else _of_folder(home)
    click.echo(keys.sign(found, keys.OperatorKey(int(time.time()) + hours * 3_600)))


def _of_account(arn: str) -> bytes:
    from optiq.ports.secret_manager import read_secret

    return read_secret(arn)


def _of_folder(home: str | None) -> bytes:
    from infra.local.home import home_at

    file = home_at(home).secret_file
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}; name the system's folder with --home") from error
