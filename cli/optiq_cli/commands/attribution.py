"""`optiq attribution`: a site's attribution settings and fits."""

from typing import Any

import click

from optiq_cli.client import Document, segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option
from optiq_cli.output import print_fields, print_json


@click.group()
def attribution() -> None:
    """Attribution settings and fits of a site."""


@attribution.command()
@click.argument("site_id")
@json_option
@connection_options(hidden=True)
def show(site_id: str, as_json: bool) -> None:
    """Show a site's attribution settings."""
    _print(System().of_site(site_id).get(_path(site_id, "settings"))["current"], as_json=as_json)


@attribution.command()
@click.argument("site_id")
@json_option
@connection_options(hidden=True)
def fit(site_id: str, as_json: bool) -> None:
    """Show the fits of MARKOV and SHAPLEY to a site's paths, with their intervals."""
    found = System().of_site(site_id).get(_path(site_id, "fit"))
    if as_json:
        print_json(found)
        return
    from optiq_cli.printing_conversions import print_fit

    print_fit(found)


@attribution.command("set")
@click.argument("site_id")
@click.option("--default-model", metavar="MODEL", help="The model of reports that name none.")
@click.option("--half-life-days", type=float, help="TIME_DECAY's half-life.")
@click.option("--custom", type=float, nargs=3, metavar="FIRST MIDDLE LAST", help="CUSTOM's weights.")
@click.option("--custom-half-life-days", type=float, help="CUSTOM's half-life; 0 for none.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="EVENT=DAYS[:MODEL,…]",
    help="A conversion event's own window (may be empty) and models. Repeatable: give all; '' for none.",
)
@click.option("--milestone", "milestone_event", help="W_SHAPED's lead event, such as Lead; '' for the middle touch.")
@click.option("--collapse-repeats/--keep-repeats", default=None, help="Count consecutive equal touches as one.")
@click.option("--markov-order", type=int, help="Order of MARKOV, 1 to 3.")
@json_option
@connection_options(hidden=True)
def change(site_id: str, as_json: bool, **options: Any) -> None:
    """Change attribution settings of a site, all together. Settings that you don't give stay."""
    client = System().of_site(site_id)
    before = client.get(_path(site_id, "settings"))["current"]
    wanted = _changed(before, {name: value for name, value in options.items() if value not in (None, ())})
    after = client.put(_path(site_id, "settings"), wanted)
    _print(after["current"], as_json=as_json)
    if after["recompute"]:
        click.echo("This takes effect for new credits. For past days, run `optiq recompute`.", err=True)


def _changed(before: Document, options: dict[str, Any]) -> Document:
    """All settings, with the options in them. Raises UsageError."""
    wanted = {name: value for name, value in before.items() if name != "created_at"}
    if "default_model" in options:
        wanted["default_model"] = options["default_model"].upper()
    if "types" in options:
        wanted["conversion_types"] = [_type(text) for text in options["types"] if text]
    if "custom" in options:
        weights = dict(zip(("first", "middle", "last"), options["custom"], strict=True))
        wanted["custom"] = {"half_life_days": None, **(before["custom"] or {}), **weights}
    if "custom_half_life_days" in options:
        if not wanted["custom"]:
            raise click.UsageError("--custom-half-life-days: there are no weights yet; give --custom")
        wanted["custom"] = {**wanted["custom"], "half_life_days": options["custom_half_life_days"] or None}
    same = ("half_life_days", "milestone_event", "collapse_repeats", "markov_order")
    return wanted | {name: options[name] for name in same if name in options}


def _type(text: str) -> Document:
    name, _, meaning = text.rpartition("=") if "=" in text else (text, "", "")
    days, _, models = meaning.partition(":")
    if days and not days.isdecimal():
        raise click.UsageError(f"--type: '{text}' must be EVENT=DAYS:MODEL,… such as Lead=30:LINEAR")
    named = [model.upper() for model in models.split(",") if model]
    return {"name": name, "lookback_days": int(days) if days else None, "models": named}


def _path(site_id: str, what: str) -> str:
    return f"/v1/sites/{segment(site_id)}/attribution/{what}"


def _print(settings: Document, *, as_json: bool) -> None:
    if as_json:
        print_json(settings)
        return
    types = settings["conversion_types"]
    custom = {name: value for name, value in (settings["custom"] or {}).items() if value is not None}
    shown = {name: value for name, value in settings.items() if name != "conversion_types"}
    shown["custom"] = ", ".join(f"{name} {value:g}" for name, value in custom.items())
    for each in types:
        window = f"{each['lookback_days']} days" if each["lookback_days"] else "the site's window"
        shown[each["name"]] = f"{window}, {', '.join(each['models']) or 'all models'}"
    print_fields(shown)
