"""`optiq report` and `optiq compare`: what was earned, under one model or several."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from infra.local.cli_options import command_in_use, home_option, json_option, one_line_errors

if TYPE_CHECKING:
    from optiq.reports.contracts import Question

MODELS = (
    *("FIRST_TOUCH", "LAST_TOUCH", "LAST_NON_DIRECT", "LINEAR", "TIME_DECAY", "POSITION_BASED", "W_SHAPED"),
    *("CUSTOM", "MARKOV", "SHAPLEY"),
)
DIMENSIONS = ("channel", "source", "medium", "campaign", "ad", "landing_page")
_STANDARD = MODELS[:6]

_OPTIONS = (
    click.option("--by", type=click.Choice(DIMENSIONS), default="channel", show_default=True),
    click.option("--from", "from_day", default="", help="First day, such as 2026-01-01. [default: 29 before --to]"),
    click.option("--to", "to_day", default="", help="Last day, included. [default: today]"),
    click.option("--conversion", default="", help='Only conversions of this name, such as "Order Completed".'),
    click.option("--as-of", default="", help="A day or an instant: what the ledger held then. [default: now]"),
)


def _question_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("site_id")
@click.option("--model", type=click.Choice(MODELS, case_sensitive=False), help="[default: the site's own]")
@_question_options
@home_option
@json_option
@one_line_errors
def report(site_id: str, model: str | None, home: str, as_json: bool, **options: Any) -> None:
    """Show what each channel (or source, medium, …) of a site earned."""
    with _asked(site_id, home, options) as (organization_id, question):
        from optiq.reports import api as reports

        from functions.reports.schemas import AttributionDocument

        found = reports.attribution_report(organization_id, site_id, model or "", question)
        if as_json:
            click.echo(AttributionDocument.of(found).model_dump_json())
            return
        from infra.local.printing_reports import print_report

        print_report(found)


@click.command()
@click.argument("site_id")
@click.option(
    "--model",
    "models",
    multiple=True,
    type=click.Choice(MODELS, case_sensitive=False),
    help="Repeatable. [default: the six that need no settings]",
)
@_question_options
@home_option
@json_option
@one_line_errors
def compare(site_id: str, models: tuple[str, ...], home: str, as_json: bool, **options: Any) -> None:
    """Show several models side by side; with --as-of, what each said then too."""
    with _asked(site_id, home, options) as (organization_id, question):
        from optiq.reports import api as reports

        from functions.reports.schemas import ComparisonDocument

        found = reports.compare_models(organization_id, site_id, models or _STANDARD, question)
        if as_json:
            click.echo(ComparisonDocument.of(found).model_dump_json())
            return
        from infra.local.printing_reports import print_comparison

        print_comparison(found)


@contextmanager
def _asked(site_id: str, home: str, options: dict[str, Any]) -> Iterator[tuple[str, "Question"]]:
    """The site's organization and the question, while the system is at hand."""
    from infra.local.system import attach

    with attach(home):
        from optiq.kernel.caller import Caller
        from optiq.kernel.clock import system_clock
        from optiq.reports import api as reports
        from optiq.reports.contracts import Question
        from optiq.tenancy import api as tenancy

        organization_id = tenancy.find_site(Caller.system(""), site_id, command_in_use()).organization_id
        days = reports.days_or_recent(organization_id, site_id, options["from_day"], options["to_day"], system_clock())
        yield organization_id, Question(*days, options["by"], options["conversion"], options["as_of"])
