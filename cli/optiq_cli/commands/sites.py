"""`optiq site`: the sites and their settings."""

from typing import Any

import click

from optiq_cli.client import Document, segment
from optiq_cli.commands.deletions import ask_for, confirmed
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option, limit_option, organization_option
from optiq_cli.output import print_fields, print_json, print_list


@click.group()
def site() -> None:
    """Sites and their settings."""


@site.command("list")
@organization_option
@click.option("--status", help="ACTIVE, PAUSED or ARCHIVED.  [default: ACTIVE]")
@click.option("--workspace", "workspace_id", help="Only sites of this workspace.")
@limit_option
@json_option
@connection_options(hidden=True)
def list_(organization_id: str | None, status: str | None, workspace_id: str | None, limit: int, as_json: bool) -> None:
    """List the sites of an organization, oldest first."""
    client = System().of_organization(organization_id)
    listed = client.listed("/v1/sites", limit, status=status, workspace_id=workspace_id)
    columns = {"site": "site_id", "name": "name", "domains": "domains", "timezone": "timezone", "currency": "currency"}
    print_list(listed, columns | {"status": "status"}, as_json=as_json)


@site.command()
@click.option("--name", required=True, help="The site's name.")
@click.option("--domain", "domains", required=True, multiple=True, help="A host of it, such as shop.example.com.")
@click.option("--timezone", help="IANA timezone of its days.  [default: the organization's, or UTC]")
@click.option("--currency", help="Currency of its reports.  [default: the organization's, or EUR]")
@click.option(
    "--conversion",
    "conversion_events",
    multiple=True,
    help='A conversion event, such as "Order Completed"; repeatable.',
)
@click.option("--lookback-days", type=int, help="How far back touches count. [default: 30 or 90]")
@click.option("--excluded-referrer", "excluded_referrers", multiple=True, help="A return from this domain is no touch.")
@click.option("--split-at-midnight", is_flag=True, help="End sessions at midnight in the site's timezone.")
@click.option("--organization", "organization_id", metavar="ID", help="Organization of the site.  [default: a new one]")
@json_option
@connection_options(hidden=True)
def create(organization_id: str | None, split_at_midnight: bool, as_json: bool, **settings: Any) -> None:
    """Create a site. Its keys are shown only now.

    The operator gets a write key and an API key with it. With an API key, create a write key with `optiq token create`.
    """
    body = {name: value for name, value in settings.items() if value not in (None, ())}
    if split_at_midnight:
        body["split_sessions_at_midnight"] = True
    system = System()
    if system.is_operator:
        created = system.operator().post("/v1/operator/sites", body | _named(organization_id))
    else:
        client = system.of_organization(organization_id)
        made = client.post("/v1/sites", body)
        created = {"site_id": made["site"]["site_id"], "public_key": made["public_key"]}
    if as_json:
        print_json(created)
    else:
        print_fields(created)


@site.command()
@click.argument("site_id")
@json_option
@connection_options(hidden=True)
def show(site_id: str, as_json: bool) -> None:
    """Show a site's public key and settings."""
    _print(System().of_site(site_id).get(_path(site_id)), as_json=as_json)


@site.command("set")
@click.argument("site_id")
@click.option("--name", help="The site's name.")
@click.option("--domain", "domains", multiple=True, help="A host of it. Repeatable: give all.")
@click.option("--timezone", help="IANA timezone of its days.")
@click.option("--conversion", "conversion_events", multiple=True, help="A conversion event. Repeatable: give all.")
@click.option("--lookback-days", help="How far back touches count; '' for the models' own.")
@click.option(
    "--excluded-referrer",
    "excluded_referrers",
    multiple=True,
    help="A return from this domain is no touch. Repeatable: give all; '' for none.",
)
@click.option("--split-at-midnight/--no-split-at-midnight", "split_sessions_at_midnight", default=None)
@click.option("--credit-guard/--no-credit-guard", default=None, help="Returns from payment pages are no touches.")
@click.option(
    "--click-id",
    "click_ids",
    multiple=True,
    metavar="PARAMETER=SOURCE/MEDIUM",
    help="An advertiser's click id with its source and medium. Repeatable: give all; '' for none.",
)
@click.option("--journey-window-days", type=int, help="Days without activity after which a journey is abandoned.")
@click.option(
    "--privacy-signals", help="IGNORE or LEAVE_OUT: the effect of Do Not Track and Global Privacy Control on reports."
)
@click.option("--conversion-feedback", help="OFF or ON: conversions told to advertising platforms, with consent.")
@click.option("--match-key-days", type=int, help="Days for which is kept what platforms recognise buyers by.")
@click.option(
    "--visitor-storage",
    help="COOKIES, COOKIELESS_UNTIL_CONSENT or COOKIELESS: whether pages keep a visitor id; the site's tag carries it.",
)
@click.option("--unverified-conversions", help="COUNT or LEAVE_OUT: conversions that no server confirms.")
@click.option(
    "--custom-dimension",
    "custom_dimensions",
    multiple=True,
    metavar="NAME=PROPERTY",
    help="A property of events that reports can be by, as custom.NAME. Repeatable: give all; '' for none.",
)
@click.option("--status", help="ACTIVE, PAUSED or ARCHIVED; only an active site accepts events.")
@click.option("--workspace", "workspace_id", help="The id of a workspace it belongs to; '' for none.")
@json_option
@connection_options(hidden=True)
def change(site_id: str, as_json: bool, **settings: Any) -> None:
    """Change settings of a site, all together. Others stay. It takes effect within half a minute."""
    # An option that may be repeated is () when it is not given.
    changes = {name: _setting(name, value) for name, value in settings.items() if value not in (None, ())}
    _print(System().of_site(site_id).patch(_path(site_id), changes), as_json=as_json)


@site.command()
@click.argument("site_id")
@confirmed
@json_option
@connection_options(hidden=True)
def delete(site_id: str, name: str, wait_days: int, as_json: bool) -> None:
    """Delete a site with all that is its own, after a wait. This needs the operator's key."""
    ask_for(System().of_site(site_id), "SITE", site_id, name, wait_days, as_json=as_json)


def _setting(name: str, value: Any) -> object:
    """An option as the API's field. Raises UsageError."""
    if name == "lookback_days":
        if value and not value.isdecimal():
            raise click.UsageError("--lookback-days: must be a number of days such as 30, or '' for the models' own")
        return int(value) if value else None
    if name == "workspace_id":
        return value or None
    if value == ("",):
        return []
    if name == "custom_dimensions":
        pairs = (text.partition("=") for text in value)
        return [{"name": name, "property": of_events} for name, _, of_events in pairs]
    if name != "click_ids":
        return value
    parts = [(parameter, *meaning.partition("/")) for parameter, _, meaning in (text.partition("=") for text in value)]
    return [{"parameter": parameter, "source": source, "medium": medium} for parameter, source, _, medium in parts]


def _named(organization_id: str | None) -> dict[str, str]:
    return {"organization_id": organization_id} if organization_id else {}


def _path(site_id: str) -> str:
    return f"/v1/sites/{segment(site_id)}"


def _print(found: Document, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    click_ids = [f"{each['parameter']}={each['source']}/{each['medium']}" for each in found["click_ids"]]
    dimensions = [f"{each['name']}={each['property']}" for each in found["custom_dimensions"]]
    print_fields(found | {"click_ids": click_ids, "custom_dimensions": dimensions})
