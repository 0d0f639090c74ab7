"""Google's token endpoint and the Google Ads API, as the client meets them (design: shapes of ads.md, section 2)."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from infra.local.ad_platforms import consent, google_events
from infra.local.ad_platforms.world import Account, Click, DayRow, Heard, Reply, World

_ALL_SCOPES = "https://www.googleapis.com/auth/adwords https://www.googleapis.com/auth/datamanager"
_FAILURE = "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure"


def failure(status: int, kind: str, code: str, **details: Any) -> Reply:
    """An error of the API, in the array of a stream."""
    error = {"errorCode": {kind: code}, "message": "…", **({"details": details} if details else {})}
    detail = {"@type": _FAILURE, "errors": [error], "requestId": "rq3"}
    return Reply(status, [{"error": {"code": status, "message": "…", "status": code, "details": [detail]}}])


def throttled(seconds: int) -> Reply:
    quota = {"rateScope": "ACCOUNT", "rateName": "Requests per minute", "retryDelay": f"{seconds}s"}
    return failure(429, "quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", quotaErrorDetails=quota)


def answer(world: World, heard: Heard, path: str) -> Reply:
    if path == "/o/oauth2/v2/auth":
        return consent.answer(world, heard, "Google Ads")
    if path == "/token":
        return _token(world, heard.body)
    if path == "/revoke":
        known = heard.body["token"] in world.refresh_tokens
        world.revoked.append(heard.body["token"])
        world.revoke()
        return Reply(200, {}) if known else Reply(400, {"error": "invalid_token"})
    if not world.accepts(heard.headers.get("authorization", "").removeprefix("Bearer ")):
        return failure(401, "authenticationError", "OAUTH_TOKEN_EXPIRED")
    if path in (google_events.INGEST, google_events.STATUS):
        return google_events.answer(world, heard, path)
    if path.endswith("customers:listAccessibleCustomers"):
        return Reply(200, {"resourceNames": [f"customers/{one.external_id}" for one in world.accounts]})
    found = re.fullmatch(r"/v\d+/customers/(\d+)/googleAds:searchStream", path)
    assert found, path
    account = next(one for one in world.accounts if one.external_id == found[1])
    if account.denied:
        return failure(403, "authorizationError", "USER_PERMISSION_DENIED")
    if account.status != "ENABLED":
        return failure(403, "authorizationError", "CUSTOMER_NOT_ENABLED")
    query = str(heard.body["query"])
    rows = [_selected(query, row) for row in _rows(world, account, query)]
    return Reply(200, _batches(rows, world.rows_of_batch))


def _token(world: World, form: dict[str, str]) -> Reply:
    if (form.get("client_id"), form.get("client_secret")) != (world.client_id, world.client_secret):
        return Reply(401, {"error": "invalid_client"})
    if form["grant_type"] == "refresh_token":
        if form["refresh_token"] not in world.refresh_tokens:
            return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        return Reply(200, _granted(world, _ALL_SCOPES))
    asked = world.codes.pop(form["code"], None)
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
        return Reply(400, {"error": "invalid_grant"})
    granted = _granted(world, asked["scope"])
    if world.refreshes:
        granted["refresh_token"] = f"1//refresh-secret-{world.issued}"
        world.refresh_tokens.add(granted["refresh_token"])
    return Reply(200, granted)


def _granted(world: World, scope: str) -> dict[str, Any]:
    token = world.issue("ya29", world.lifetime_s)
    return {
        "access_token": token,
        "expires_in": world.lifetime_s,
        "scope": world.scope or scope,
        "token_type": "Bearer",
    }


def _batches(rows: Sequence[Any], size: int) -> list[Any]:
    return [
        {"results": list(rows[at : at + size]), "fieldMask": "…", "requestId": "rq"} for at in range(0, len(rows), size)
    ]


def _selected(query: str, row: Any) -> Any:
    """What the query selects of a row, and the names of those resources, which come in any case."""
    chosen: dict[str, Any] = {}
    for field in query.removeprefix("SELECT ").split(" FROM ")[0].split(", "):
        *resources, name = map(_camel, field.split("."))
        found, into = row, chosen
        for one in resources:
            found = found.get(one, {})
            into = into.setdefault(one, {key: found[key] for key in ("resourceName",) if key in found})
        if name in found:
            into[name] = found[name]
    return {name: part for name, part in chosen.items() if part}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def _rows(world: World, account: Account, query: str) -> list[Any]:
    table = query.split(" FROM ")[1].split()[0]
    rows = world.by_account.get(account.external_id, [])
    if table == "customer_client":
        return [_client(account)]
    if table == "click_view":
        (day,) = re.findall(r"'(\d{4}-\d\d-\d\d)'", query)
        return [_click(account, one) for one in world.clicks if (one.account, one.day) == (account.external_id, day)]
    if "segments.date" not in query:
        listed = world.listed(account.external_id)
        if table == "ad_group_ad":
            return [_ad_of(world, account, row) for row in listed if row.ad]
        return [{"campaign": _campaign(world, account, row)} for row in {row.campaign: row for row in listed}.values()]
    first, last = re.findall(r"'(\d{4}-\d\d-\d\d)'", query)
    shown = [row for row in rows if first <= row.day <= last]
    if table == "customer":
        return [_total(account, day, [row for row in shown if row.day == day]) for day in _days(shown)]
    if "segments.hour" in query:
        return [_hour(account, row, hour) for row in shown for hour, cost in enumerate(row.by_hour) if cost]
    if table == "campaign":
        keys = {(row.day, row.campaign): row for row in shown if row.campaign}
        return [
            {
                "campaign": _campaign(world, account, one),
                **_total(account, day, [r for r in shown if (r.day, r.campaign) == (day, of)]),
            }
            for (day, of), one in keys.items()
        ]
    assert table == "ad_group_ad", table
    return [{**_ad_of(world, account, row), **_total(account, row.day, [row])} for row in shown if row.ad]


def _client(account: Account) -> Any:
    return {
        "customerClient": {
            "id": account.external_id,
            "manager": False,
            "currencyCode": account.currency,
            "timeZone": account.timezone,
            "status": account.status,
            "descriptiveName": account.name,
        }
    }


def _campaign(world: World, account: Account, row: DayRow) -> Any:
    return {
        "resourceName": f"customers/{account.external_id}/campaigns/{row.campaign}",
        "id": row.campaign,
        "name": world.name("Campaign", row.campaign),
        "status": world.statuses.get(row.campaign, "ENABLED"),
        "advertisingChannelType": row.kind,
    }


def _ad_of(world: World, account: Account, row: DayRow) -> Any:
    of = f"customers/{account.external_id}"
    group = {"id": row.group, "name": world.name("Group", row.group), "status": "ENABLED"}
    ad = {"resourceName": f"{of}/ads/{row.ad}", "id": row.ad, "name": world.name("Ad", row.ad)}
    return {
        "campaign": _campaign(world, account, row),
        "adGroup": {"resourceName": f"{of}/adGroups/{row.group}", **group},
        "adGroupAd": {
            "resourceName": f"{of}/adGroupAds/{row.group}~{row.ad}",
            "ad": ad,
            "status": world.statuses.get(row.ad, "ENABLED"),
        },
    }


def _click(account: Account, click: Click) -> Any:
    """An App campaign's click has no id."""
    view = {"resourceName": f"customers/{account.external_id}/clickViews/{click.day}~{click.click_id}"}
    if click.click_id:
        view["gclid"] = click.click_id
    if click.ad:
        view["adGroupAd"] = f"customers/{account.external_id}/adGroupAds/7{click.campaign}~{click.ad}"
    group = {"adGroup": {"id": f"7{click.campaign}"}} if click.ad else {}
    return {"clickView": view, "campaign": {"id": click.campaign}, **group, "segments": {"date": click.day}}


def _hour(account: Account, row: DayRow, hour: int) -> Any:
    total = _total(account, row.day, [replace(row, cost_micros=row.by_hour[hour], clicks=0, impressions=0)])
    return {"campaign": {"id": row.campaign}, **total, "segments": {"date": row.day, "hour": hour}}


def _days(rows: Sequence[DayRow]) -> list[str]:
    return sorted({row.day for row in rows})


def _total(account: Account, day: str, rows: Sequence[DayRow]) -> Any:
    """Whole numbers are texts and conversions are floats, as Google writes them."""
    return {
        "customer": {"resourceName": f"customers/{account.external_id}", "id": account.external_id},
        "metrics": {
            "costMicros": str(sum(row.cost_micros for row in rows)),
            "impressions": str(sum(row.impressions for row in rows)),
            "clicks": str(sum(row.clicks for row in rows)),
            "conversions": float(sum(row.claimed for row in rows)),
            "conversionsValue": float(sum(row.claimed_value for row in rows)),
            "viewThroughConversions": "0",
            "conversionsByConversionDate": float(sum(row.claimed_then for row in rows)),
        },
        "segments": {"date": day},
    }
