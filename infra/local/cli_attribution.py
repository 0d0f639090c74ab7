"""`optiq attribution`: how a site's conversions are credited, and what was learnt of its paths."""

from typing import TYPE_CHECKING, Any

import click

from infra.local.cli_options import command_in_use, home_option, json_option, one_line_errors

if TYPE_CHECKING:
    from optiq.attribution.contracts import AttributionSettings


@click.group()
def attribution() -> None:
    """How a site's conversions are credited."""


@attribution.command()
@click.argument("site_id")
@home_option
@json_option
@one_line_errors
def show(site_id: str, home: str, as_json: bool) -> None:
    """Show a site's attribution settings."""
    from infra.local.system import attach

    with attach(home):
        from optiq.attribution import api
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        _print(
            api.get_settings(tenancy.find_site(Caller.system(""), site_id, command_in_use()).organization_id, site_id),
            as_json=as_json,
        )


@attribution.command()
@click.argument("site_id")
@home_option
@json_option
@one_line_errors
def fit(site_id: str, home: str, as_json: bool) -> None:
    """Show what MARKOV and SHAPLEY learned of a site's paths, and how sure that is."""
    from infra.local.system import attach

    with attach(home):
        from optiq.attribution import api
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        from functions.attribution.fit_payloads import FitDocument
        from infra.local.printing import print_fit

        found = FitDocument.of(
            api.get_fit(tenancy.find_site(Caller.system(""), site_id, command_in_use()).organization_id, site_id)
        )
        if as_json:
            click.echo(found.model_dump_json())
        else:
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
    help="A conversion event's own window (may be empty) and models; repeatable, all of them, '' for none.",
)
@click.option("--milestone", "milestone_event", help="W_SHAPED's lead event, such as Lead; '' for the middle touch.")
@click.option("--collapse-repeats/--keep-repeats", default=None, help="Touches in a row that are alike are one.")
@click.option("--markov-order", type=int, help="How many channels MARKOV remembers, 1 to 3.")
@home_option
@json_option
@one_line_errors
def change(site_id: str, home: str, as_json: bool, **options: Any) -> None:
    """Change attribution settings of a site, all together; what is not named stays."""
    from infra.local.system import attach

    with attach(home):
        from optiq.attribution import api
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        organization_id = tenancy.find_site(Caller.system(""), site_id, command_in_use()).organization_id
        before = api.get_settings(organization_id, site_id)
        wanted = _changed(before, {name: value for name, value in options.items() if value not in (None, ())})
        after, differs = api.set_settings(organization_id, site_id, wanted, expected_version=before.version)
        _print(after, as_json=as_json)
        if differs:
            click.echo("Holds for what is credited from now on; `optiq recompute` credits past days so too.", err=True)


def _changed(before: "AttributionSettings", said: dict[str, Any]) -> "AttributionSettings":
    from dataclasses import replace

    from optiq.attribution.contracts import CustomWeights
    from optiq.kernel.errors import InvalidError

    if "default_model" in said:
        said["default_model"] = _model("default_model", said["default_model"])
    if "types" in said:
        said["conversion_types"] = tuple(_type(text) for text in said.pop("types") if text)
    if "custom" in said:
        first, middle, last = said["custom"]
        half_life_days = before.custom.half_life_days if before.custom else None
        said["custom"] = CustomWeights(first, middle, last, half_life_days)
    if (half_life_days := said.pop("custom_half_life_days", None)) is not None:
        weights = said.get("custom", before.custom)
        if weights is None:
            raise InvalidError("custom: there are no weights yet")
        said["custom"] = replace(weights, half_life_days=half_life_days or None)
    return replace(before, **said)


def _type(text: str) -> Any:
    from optiq.attribution.contracts import ConversionType
    from optiq.kernel.errors import InvalidError

    name, _, said = text.rpartition("=") if "=" in text else (text, "", "")
    days, _, models = said.partition(":")
    if days and not days.isdecimal():
        raise InvalidError(f"conversion_types: '{text}' is not EVENT=DAYS:MODEL,…")
    return ConversionType(
        name, int(days) if days else None, tuple(_model("models", model) for model in models.split(",") if model)
    )


def _model(field: str, name: str) -> Any:
    from optiq.attribution.contracts import Model
    from optiq.kernel.errors import InvalidError

    if name.upper() not in Model.__members__:
        raise InvalidError(f"{field}: must be one of {', '.join(Model)}")
    return Model(name.upper())


def _print(settings: "AttributionSettings", *, as_json: bool) -> None:
    from functions.attribution.settings_payloads import SettingsVersion

    document = SettingsVersion.of(settings)
    if as_json:
        click.echo(document.model_dump_json())
        return
    said = document.model_dump(mode="json")
    types = {each.pop("name"): each for each in said.pop("conversion_types")}
    custom = {name: value for name, value in (said.pop("custom") or {}).items() if value is not None}
    said["custom"] = ", ".join(f"{name} {value:g}" for name, value in custom.items())
    for name, value in said.items():
        click.echo(f"{name:<17} {'' if value is None else value}")
    for name, each in types.items():
        window = f"{each['lookback_days']} days" if each["lookback_days"] else "the site's window"
        click.echo(f"{name:<17} {window}, {', '.join(each['models']) or 'all models'}")
