"""What a newcomer sees once the system answers: the sample being loaded, its report, and where to go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING

import click
from optiq.kernel.errors import OptiqError, UpstreamError
from optiq.kernel.settings import settings
from optiq.ports.log_file import LogFile
from optiq_cli.client import ApiError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from infra.local.failed_batches import failed
from infra.local.home import Home

if TYPE_CHECKING:
    from infra.local.sample.load import Progress as Report
    from infra.local.sample.load import Sample


def show(url: str, home: Home, *, sample: bool) -> None:
    """Loads the sample when asked to and absent, and prints where everything is."""
    if sample:
        try:
            _show_sample(url, home)
        except OptiqError as error:
            click.echo(f"Error: {error}", err=True)
        except ApiError as error:
            click.echo(f"Error: {error.message}", err=True)
        except (OSError, HTTPException) as error:
            # Mostly the gateway went away: Ctrl-C came first.
            why = str(error) or type(error).__name__
            click.echo(f"The sample is not complete: {why}. The next start continues with it.", err=True)
            return
    else:
        click.echo(_first_account(home))
    for consumer, batches, _ in (each for file in home.logs for each in failed(LogFile(str(file)))):
        click.echo(f"{consumer} failed on {batches} batches: see `optiq failed-batches`.", err=True)
    _warn_of_mail()
    behind = "" if settings().public_url == url else f", and people reach it at {settings().public_url}"
    click.echo(f"Optiq answers at {url}{behind}; its data is in {home.path}. Ctrl-C ends it.")


def _warn_of_mail() -> None:
    """Says when the mail server does not work: else nobody hears of it before an invitation does not come."""
    if not settings().smtp:
        return
    from optiq.ports.mail_smtp import SmtpMailer

    try:
        SmtpMailer(settings().mail_sender, settings().smtp, settings().smtp_password).check()
    except (UpstreamError, ValueError, OSError) as error:
        click.echo(f"No mail leaves: {error}. Check OPTIQ_SMTP, and start again. Mails wait meanwhile.", err=True)


def _first_account(home: Home) -> str:
    """How to come by an account."""
    if settings().sign_up_domains is not None:
        return "Sign-up is not open: create the first user with `optiq user create`."
    mail = "your mail" if settings().smtp else f"your mail in {home.path / 'outbox'}"
    return f"Sign up at {settings().public_url}/console/sign-up; {mail} has the link."


def _show_sample(url: str, home: Home) -> None:
    from optiq.attribution.contracts import DATA_DRIVEN_MODELS, STANDARD_MODELS
    from optiq_cli.client import Client
    from optiq_cli.printing_reports import print_models

    from infra.local.disagreement import disagreement
    from infra.local.sample.load import load

    with _progress() as report:
        loaded = load(url, home, report)
    home.update_run(shop_site_key=loaded.public_key)
    client, site = Client(url, lambda: loaded.api_key), f"/v1/sites/{loaded.site_id}"
    days = {"from": loaded.days[0], "to": loaded.days[-1]}
    models = ",".join((*STANDARD_MODELS, *DATA_DRIVEN_MODELS))
    found = client.get(f"{site}/attribution/compare", models=models, **days)
    print_models(found, client.get(f"{site}/spend", by="channel", **days))
    if sentences := disagreement(found):
        click.echo(sentences)
    if home.read_run().get("sample_platforms"):
        click.echo(
            "Meta and TikTok are connected, to stand-ins. Connect Google Ads: in the console, Advertising accounts."
        )
    click.echo("The sample's exchange rates are invented. `optiq rates import` imports the ECB's.")
    click.echo(f"The shop sold nothing on a Tuesday. The console's bell says so, and a mail in {home.path / 'outbox'}.")
    _print_keys(url, loaded)


def _print_keys(url: str, loaded: "Sample") -> None:
    for name, value in (
        ("shop", f"{url}/shop/"),
        ("organization", loaded.organization_id),
        ("site", loaded.site_id),
        ("site key", loaded.public_key),
        ("write key", loaded.write_key),
        ("API key", loaded.api_key),
        ("console", f"{url}/console"),
        ("sign in", loaded.email),
        ("password", loaded.password),
    ):
        click.echo(f"{name:<12} {value}")


@contextmanager
def _progress() -> Iterator["Report"]:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=total)
            progress.update(bars[what], completed=done, total=total)

        yield report
