"""`optiq status` and `optiq unclaimed`: the state of a system, and its events."""

from typing import Any

import click

from optiq_cli.client import ApiError, Client, Document, segment
from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option
from optiq_cli.output import for_people, print_fields, print_json

_MOST_SITES = 20


@click.command()
@click.argument("site_id", required=False)
@json_option
@connection_options(hidden=True)
def status(site_id: str | None, as_json: bool) -> None:
    """Show whether the system works, its delay, and today's events.

    With a site, or an API key, it also shows how many of today's events were stored, repeated or failed. Exit code 1
    when something is wrong.
    """
    system = System()
    found = _health(system.anybody())
    if found["health"] == "ok":
        found |= _counts(system, site_id)
    if as_json:
        print_json(found)
    else:
        _print(for_people(found))
    if found["health"] != "ok":
        raise SystemExit(1)


@click.command()
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True)
@json_option
@connection_options(hidden=True)
def unclaimed(days: int, as_json: bool) -> None:
    """Count events without a known site, by day in UTC: unknown keys, unreadable bodies."""
    found = System().operator().get("/v1/operator/unclaimed", days=days)
    if as_json:
        print_json(found)
        return
    for each in found["items"]:
        click.echo(f"{each['day']}: {each['failed']}, {each['not_kept']} of them only counted")


def _health(client: Client) -> Document:
    """Raises ApiError if something else answers."""
    try:
        answer = client.get("/health")
    except ApiError as error:
        if error.code != "NOT_READY":
            raise
        return {"url": client.url, "version": None, "health": error.detail, "lag_seconds": None}
    return {
        "url": client.url,
        "version": answer["version"],
        "health": answer["status"],
        "lag_seconds": answer.get("lag_seconds"),
    }


def _counts(system: System, site_id: str | None) -> Document:
    """Today's events, as far as the key may read them."""
    found: Document = {}
    if system.is_operator:
        (today,) = system.operator().get("/v1/operator/unclaimed", days=1)["items"]
        found["unclaimed_today"] = today["failed"]
    if site_id:
        found["sites"] = [_site(system.of_site(site_id), site_id)]
    elif system.has_key and not system.is_operator:
        client = system.of_organization(None)
        listed = client.listed("/v1/sites", _MOST_SITES)
        found["sites"] = [_site(client, each["site_id"]) | {"name": each["name"]} for each in listed.items]
    return found


def _site(client: Client, site_id: str) -> Document:
    path = f"/v1/sites/{segment(site_id)}"
    counts = client.get(f"{path}/ingest")
    newest = client.listed(f"{path}/failed-events", 1).items
    failure = {"newest_failure": f"{newest[0]['received_at']} {newest[0]['reason']}"} if newest else {}
    return {"site_id": site_id, **counts, **failure}


def _print(found: dict[str, Any]) -> None:
    lag = found["lag_seconds"]
    shown = {"system": found["url"], "version": found["version"], "health": found["health"]}
    shown["lag"] = "unknown; see the system's alarms" if lag is None else f"{lag} s"
    if "unclaimed_today" in found:
        shown["unclaimed"] = f"{found['unclaimed_today']} events today name no known site"
    print_fields(shown)
    for site in found.get("sites", ()):
        click.echo()
        left_out = [f"{reason} {number}" for reason, number in site["left_out"].items()]
        print_fields(site | {"left_out": left_out})
