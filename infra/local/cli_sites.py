"""`optiq site`: what is tracked, and how."""

import json
from typing import TYPE_CHECKING, Any

import click

from infra.local.cli_options import command_in_use, home_option, json_option, one_line_errors

if TYPE_CHECKING:
    from optiq.tenancy.contracts import Site


@click.group()
def site() -> None:
    """Sites: what is tracked."""


@site.command("create")
@click.option("--name", required=True, help="What people call the site.")
@click.option("--domain", "domains", required=True, multiple=True, help="A host of it, such as shop.example.com.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA timezone of its days.")
@click.option("--currency", default="EUR", show_default=True, help="Currency of its reports.")
@click.option(
    "--conversion", "conversions", multiple=True, help='A conversion event, such as "Order Completed"; repeatable.'
)
@click.option("--lookback-days", type=int, default=None, help="How far back touches count. [default: 30 or 90]")
@click.option("--excluded-referrer", "excluded_referrers", multiple=True, help="Coming back from it is no touch.")
@click.option("--split-at-midnight", is_flag=True, help="End sessions at midnight in the site's timezone.")
@click.option("--organization", default=None, help="An organization's id, to add the site to it. [default: a new one]")
@home_option
@json_option
@one_line_errors
def create(
    name: str,
    domains: tuple[str, ...],
    timezone: str,
    currency: str,
    conversions: tuple[str, ...],
    lookback_days: int | None,
    excluded_referrers: tuple[str, ...],
    split_at_midnight: bool,
    organization: str | None,
    home: str,
    as_json: bool,
) -> None:
    """Create a site. The write key and the API key are shown this once."""
    from infra.local.system import attach

    with attach(home, create=True):
        from optiq.tenancy import api as tenancy
        from optiq.tenancy.contracts import DEFAULT_CONVERSION_EVENTS

        created = tenancy.create_site(
            name=name,
            domains=domains,
            timezone=timezone,
            currency=currency,
            conversion_events=conversions or DEFAULT_CONVERSION_EVENTS,
            lookback_days=lookback_days,
            excluded_referrers=excluded_referrers,
            split_sessions_at_midnight=split_at_midnight,
            organization_id=organization,
        )
    fields = {"organization_id": created.site.organization_id, "site_id": created.site.site_id}
    fields |= {name: getattr(created, name) for name in ("public_key", "write_key", "api_key")}
    click.echo(json.dumps(fields) if as_json else "\n".join(f"{name:<16} {fields[name]}" for name in fields))


@site.command()
@click.argument("site_id")
@home_option
@json_option
@one_line_errors
def show(site_id: str, home: str, as_json: bool) -> None:
    """Show a site's public key and settings."""
    from infra.local.system import attach

    with attach(home):
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        _print(tenancy.find_site(Caller.system(""), site_id, command_in_use()), as_json=as_json)


@site.command("set")
@click.argument("site_id")
@click.option("--name", help="What people call the site.")
@click.option("--domain", "domains", multiple=True, help="A host of it; repeatable, all of them.")
@click.option("--timezone", help="IANA timezone of its days.")
@click.option("--conversion", "conversion_events", multiple=True, help="A conversion event; repeatable, all of them.")
@click.option("--lookback-days", help="How far back touches count; '' for the models' own.")
@click.option(
    "--excluded-referrer",
    "excluded_referrers",
    multiple=True,
    help="Coming back from it is no touch; repeatable, all of them, '' for none.",
)
@click.option("--split-at-midnight/--no-split-at-midnight", "split_sessions_at_midnight", default=None)
@click.option("--credit-guard/--no-credit-guard", default=None, help="Returns from payment pages are no touches.")
@click.option(
    "--click-id",
    "click_ids",
    multiple=True,
    metavar="PARAMETER=SOURCE/MEDIUM",
    help="An advertiser's click id and what it stands for; repeatable, all of them, '' for none.",
)
@click.option("--journey-window-days", type=int, help="A journey is abandoned after so long without activity.")
@click.option(
    "--privacy-signals", help="IGNORE or LEAVE_OUT: what Do Not Track and Global Privacy Control mean for reports."
)
@click.option("--unverified-conversions", help="COUNT or LEAVE_OUT: what pages report and no server confirms.")
@click.option("--status", help="ACTIVE, PAUSED or ARCHIVED; only an active site takes events in.")
@click.option("--workspace", "workspace_id", help="The id of a workspace it belongs to; '' for none.")
@home_option
@json_option
@one_line_errors
def change(site_id: str, home: str, as_json: bool, **settings: Any) -> None:
    """Change settings of a site, all together; what is not named stays. It holds everywhere within half a minute."""
    from infra.local.system import attach

    with attach(home):
        from optiq.kernel.caller import Caller
        from optiq.tenancy import api as tenancy

        # An option that may be repeated is () when it is not given.
        said = {name: _setting(name, value) for name, value in settings.items() if value not in (None, ())}
        found = tenancy.find_site(Caller.system(""), site_id, command_in_use())
        _print(tenancy.change_site(found.organization_id, site_id, said), as_json=as_json)  # type: ignore[arg-type]


def _setting(name: str, value: Any) -> object:
    """What an option says, as tenancy takes it."""
    from optiq.kernel.errors import InvalidError
    from optiq.tenancy.contracts import ClickId

    if name == "lookback_days":
        if value and not value.isdecimal():
            raise InvalidError("lookback_days: a number of days, or '' for the models' own")
        return int(value) if value else None
    if name == "workspace_id":
        return value or None
    if value == ("",):
        return ()
    if name != "click_ids":
        return value
    parts = [(parameter, *meaning.partition("/")) for parameter, _, meaning in (text.partition("=") for text in value)]
    return tuple(ClickId(parameter, source, medium) for parameter, source, _, medium in parts)


def _print(found: "Site", *, as_json: bool) -> None:
    from functions.tenancy.payloads import SiteDocument

    document = SiteDocument.of(found)
    if as_json:
        click.echo(document.model_dump_json())
        return
    for name, value in document.model_dump(mode="json").items():
        if name == "click_ids":
            value = [f"{c['parameter']}={c['source']}/{c['medium']}" for c in value]
        click.echo(f"{name:<27} {', '.join(value) if isinstance(value, list) else '' if value is None else value}")
