"""The command line, thin over the same code as the handlers. Each command imports what it needs when it runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.local.cli_attribute import attribute
from infra.local.cli_attribution import attribution
from infra.local.cli_audit import audit
from infra.local.cli_options import command_in_use, home_option, one_line_errors
from infra.local.cli_recompute import recompute
from infra.local.cli_reports import compare, report
from infra.local.cli_sites import site
from infra.local.cli_tokens import token

if TYPE_CHECKING:
    from infra.local.system import Running


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="optiq")
def main() -> None:
    """Optiq tells marketers which of their efforts earned their revenue."""


main.add_command(attribute)
main.add_command(audit)
main.add_command(attribution)
main.add_command(compare)
main.add_command(recompute)
main.add_command(report)
main.add_command(site)
main.add_command(token)


@main.command()
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
def up(port: int, home: str, sample: bool) -> None:
    """Run the whole system on this machine until Ctrl-C."""
    from infra.local.home import home_at
    from infra.local.system import serve

    def ready(running: "Running") -> None:
        from infra.local.first_look import show

        show(running.url, running.home, sample=sample)

    serve(home_at(home), port, ready)


@main.command()
@click.argument("site_id")
@click.argument("conversion_id", required=False)
@home_option
@one_line_errors
def explain(site_id: str, conversion_id: str | None, home: str) -> None:
    """Show what earned a conversion (by default the latest): its path, and every model's credits."""
    from infra.local.system import attach

    with attach(home):
        from optiq.attribution import api as attribution
        from optiq.journeys import api as journeys
        from optiq.tenancy import api as tenancy

        from infra.local.printing import print_explanation

        organization_id = tenancy.find_site(site_id, command_in_use()).organization_id
        if conversion_id is None:
            latest = journeys.list_conversions(organization_id, site_id, 1, None).items
            if not latest:
                raise click.ClickException("this site has no conversion yet")
            conversion_id = latest[0].conversion_id
        print_explanation(attribution.explain_conversion(organization_id, site_id, conversion_id))


@main.group()
def rates() -> None:
    """Exchange rates."""


@rates.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
@one_line_errors
def import_(file: Path, home: str) -> None:
    """Take in the ECB's daily reference rates (its CSV file)."""
    from infra.local.system import attach

    with attach(home, create=True):
        from optiq.rates import api as exchange_rates

        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                imported = exchange_rates.import_rates(lines)
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{file} is not a text file in UTF-8") from error
    click.echo(f"{imported.rates} rates of {imported.days} days, {imported.first_day} to {imported.last_day}.")


@main.command("failed-batches")
@click.option("--replay", is_flag=True, help="Put them on the stream again, once their cause is mended.")
@home_option
@one_line_errors
def failed_batches(replay: bool, home: str) -> None:
    """Show what consumers gave up on, or deliver it again. Nothing of it is lost meanwhile."""
    from optiq.ports.log_file import LogFile

    from infra.local.home import home_at
    from infra.local.pump import failed, replay_failed

    found = home_at(home)
    if not found.stream_file.exists():
        raise click.ClickException(f"there is no Optiq data in {found.path}; say where it is with --home")
    for file in found.logs:
        log = LogFile(str(file))
        for consumer, batches, error in failed(log):
            if replay:
                click.echo(f"{consumer}: {replay_failed(log, consumer)} records are delivered again.")
            else:
                click.echo(f"{consumer}: {batches} batches; the latest because of {error}")
        log.close()


@main.command()
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True)
@home_option
@one_line_errors
def unclaimed(days: int, home: str) -> None:
    """Count what came and named no known site, by day in UTC: unknown keys, unreadable bodies."""
    from infra.local.system import attach

    with attach(home):
        from datetime import UTC, datetime, timedelta

        from optiq.collect.ingest import api as ingest

        today = datetime.now(UTC).date()
        for day in (today - timedelta(days=ago) for ago in range(days)):
            counts = ingest.unclaimed_counts(day)
            click.echo(f"{day}: {counts.failed}, {counts.not_kept} of them only counted")


if __name__ == "__main__":
    main()
