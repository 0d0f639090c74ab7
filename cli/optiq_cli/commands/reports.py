"""`optiq report` and `optiq compare`: revenue under one model or several."""

from collections.abc import Callable
from typing import Any

import click

from optiq_cli.client import Document, segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option
from optiq_cli.output import print_json

MODELS = (
    *("FIRST_TOUCH", "LAST_TOUCH", "LAST_NON_DIRECT", "LINEAR", "TIME_DECAY", "POSITION_BASED", "W_SHAPED"),
    *("CUSTOM", "MARKOV", "SHAPLEY"),
)
DIMENSIONS = ("channel", "source", "medium", "campaign", "ad", "landing_page")

_OPTIONS = (
    click.option("--by", type=click.Choice(DIMENSIONS), default="channel", show_default=True),
    click.option("--from", "from_day", default="", help="First day, such as 2026-01-01. [default: 29 before --to]"),
    click.option("--to", "to_day", default="", help="Last day, included. [default: today]"),
    click.option("--conversion", default="", help='Only conversions of this name, such as "Order Completed".'),
    click.option("--as-of", default="", help="A day or an instant: the ledger at that time. [default: now]"),
)


def _question_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("site_id")
@click.option("--model", type=click.Choice(MODELS, case_sensitive=False), help="[default: the site's own]")
@_question_options
@json_option
@connection_options(hidden=True)
def report(site_id: str, model: str | None, as_json: bool, **options: Any) -> None:
    """Show the revenue of each channel (or source, medium, …) of a site."""
    found = _asked(site_id, "attribution", options, model=model)
    if as_json:
        print_json(found)
        return
    from optiq_cli.printing_reports import print_report

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
@json_option
@connection_options(hidden=True)
def compare(site_id: str, models: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Show several models side by side; with --as-of, also their values at that time."""
    found = _asked(site_id, "attribution/compare", options, models=",".join(models))
    if as_json:
        print_json(found)
        return
    from optiq_cli.printing_reports import print_comparison

    print_comparison(found)


def _asked(site_id: str, route: str, options: dict[str, Any], **models: object) -> Document:
    query = {name: options[name] for name in ("by", "conversion", "as_of")} | models
    query |= {"from": options["from_day"], "to": options["to_day"]}
    return System().of_site(site_id).get(f"/v1/sites/{segment(site_id)}/{route}", **query)
