"""TikTok's Business API, as the client meets it: HTTP 200 whatever happens."""

import json
from collections.abc import Sequence
from datetime import date

from infra.local.ad_platforms import consent, tiktok_events
from infra.local.ad_platforms.world import Account, DayRow, Heard, Reply, World

_LEVELS = {
    "AUCTION_ADVERTISER": ("advertiser_id", ()),
    "AUCTION_CAMPAIGN": ("campaign_id", ()),
    "AUCTION_AD": ("ad_id", ("campaign_id", "adgroup_id")),
}
_METRICS = {"spend", "impressions", "clicks", "conversion", "complete_payment", "total_complete_payment_rate"}
_LISTS = {
    "/campaign/get/": ("campaign", ()),
    "/adgroup/get/": ("adgroup", ("campaign_id",)),
    "/ad/get/": ("ad", ("campaign_id", "adgroup_id")),
}
_MOST_DAYS, _MOST_ROWS = 30, 1_000


def answer(world: World, heard: Heard, path: str) -> Reply:
    if path == "/portal/auth":
        return consent.answer(world, heard, "TikTok", "auth_code")
    path = path.removeprefix("/open_api/v1.3")
    if path in ("/oauth2/access_token/", "/oauth2/refresh_token/"):
        return _token(world, path, heard.body)
    if path == "/oauth2/revoke_token/":
        world.revoked.append(heard.body["access_token"])
        world.revoke()
        return _ok({})
    if not world.accepts(heard.headers.get("access-token", "")):
        return _no(40105, "Access token is incorrect or has been revoked.")
    if path == tiktok_events.PATH:
        return tiktok_events.answer(world, heard)
    if path == "/oauth2/advertiser/get/":
        listed = [{"advertiser_id": one.external_id, "advertiser_name": one.name} for one in world.accounts]
        return _ok({"list": listed})
    if path == "/report/integrated/get/":
        return _report(world, heard.query)
    if path in _LISTS:
        return _list(world, heard.query, *_LISTS[path])
    assert path == "/advertiser/info/", path
    wanted = json.loads(heard.query["advertiser_ids"])
    found = [one for one in world.accounts if one.external_id in wanted]
    if any(one.denied for one in found):
        return _no(40001, "No permission to operate advertiser.")
    return _ok({"list": [_account(one) for one in found]})


def _token(world: World, path: str, body: dict[str, str]) -> Reply:
    if (body["app_id"], body["secret"]) != (world.client_id, world.client_secret):
        return _no(40002, "Invalid app.")
    if path.endswith("refresh_token/"):
        if body["refresh_token"] not in world.refresh_tokens:
            return _no(40103, "The refresh token has expired.")
    elif world.codes.pop(body["auth_code"], None) is None:
        return _no(40110, "Auth_code is used or expired.")
    data: dict[str, object] = {
        "access_token": world.issue("tt", world.lifetime_s if world.refreshes else None),
        "advertiser_ids": [one.external_id for one in world.accounts],
        "scope": [4, 5],
    }
    if world.refreshes:
        renewal = f"tt-refresh-secret-{world.issued}"
        world.refresh_tokens.add(renewal)
        data |= {
            "refresh_token": renewal,
            "access_token_expire_in": world.lifetime_s,
            "refresh_token_expire_in": 31_536_000,
        }
    return _ok(data)


def throttled(of: str) -> Reply:
    """Too many requests of a minute (`QPM`) or of a day (`QPD`)."""
    return _no(40100, f"Too many requests. Please retry in some time. {of} limit reached.")


def _report(world: World, query: dict[str, str]) -> Reply:
    """A page. What is not documented is refused, as TikTok does."""
    account = next(one for one in world.accounts if one.external_id == query["advertiser_id"])
    if account.denied:
        return _no(40001, "No permission to operate advertiser.")
    of, above = _LEVELS[query["data_level"]]
    days = date.fromisoformat(query["end_date"]) - date.fromisoformat(query["start_date"])
    metrics = set(json.loads(query["metrics"]))
    if days.days >= _MOST_DAYS or int(query["page_size"]) > _MOST_ROWS:
        return _no(40002, "The time range or the page is too large.")
    if json.loads(query["dimensions"]) != [of, "stat_time_day"] or not metrics <= {*_METRICS, *above}:
        return _no(40002, "Invalid metric fields or dimensions.")
    rows = world.by_account.get(account.external_id, [])
    shown = [row for row in rows if query["start_date"] <= row.day <= query["end_date"]]
    entities: dict[tuple[str, str], list[DayRow]] = {}
    for row in shown:
        ids = {"advertiser_id": account.external_id, "campaign_id": row.campaign, "ad_id": row.ad}
        if ids[of]:
            entities.setdefault((row.day, ids[of]), []).append(row)
    listed = [_reported(of, key, entities[key], metrics) for key in sorted(entities)]
    return _page(listed, query)


def _list(world: World, query: dict[str, str], of: str, above: Sequence[str]) -> Reply:
    """Everything but what was deleted; that alone for whoever filters by its status."""
    filtering = json.loads(query.get("filtering", "{}"))
    rows = {row.campaign: row for row in world.by_account.get(query["advertiser_id"], ()) if row.campaign}
    if of == "ad":
        rows = {row.ad: row for row in world.by_account.get(query["advertiser_id"], ()) if row.ad}
    found = []
    for row in rows.values():
        ids = {"campaign_id": row.campaign, "adgroup_id": row.group, "ad_id": row.ad}
        entity_id = ids[f"{of}_id"]
        is_deleted = bool(world.unlisted & {row.campaign, row.ad})
        if is_deleted != (filtering.get("primary_status") == "STATUS_DELETE"):
            continue
        if filtering and entity_id not in filtering[f"{of}_ids"]:
            continue
        usual = "STATUS_DELETE" if is_deleted else "STATUS_ENABLE"
        one = {
            f"{of}_id": entity_id,
            f"{of}_name": world.name({"campaign": "Campaign", "adgroup": "Group", "ad": "Ad"}[of], entity_id),
            "secondary_status": world.statuses.get(entity_id, f"{of.upper()}_{usual}"),
            **{name: ids[name] for name in above},
        }
        found.append(one | ({"objective_type": "WEB_CONVERSIONS"} if of == "campaign" else {}))
    return _page(found, query)


def _page(listed: Sequence[object], query: dict[str, str]) -> Reply:
    page, size = int(query["page"]), int(query["page_size"])
    info = {
        "page": page,
        "page_size": size,
        "total_number": len(listed),
        "total_page": -(-len(listed) // size),
    }
    return _ok({"list": listed[(page - 1) * size : page * size], "page_info": info})


def _reported(of: str, key: tuple[str, str], rows: Sequence[DayRow], metrics: set[str]) -> dict[str, object]:
    """Every number is a text, and money has two decimals."""
    day, entity_id = key
    found = {
        "spend": f"{sum(row.cost_micros for row in rows) / 1_000_000:.2f}",
        "impressions": str(sum(row.impressions for row in rows)),
        "clicks": str(sum(row.clicks for row in rows)),
        "conversion": f"{sum(row.claimed for row in rows):g}",
        "complete_payment": f"{sum(row.claimed for row in rows):g}",
        "total_complete_payment_rate": f"{sum(row.claimed_value for row in rows):.2f}",
        "campaign_id": rows[0].campaign,
        "adgroup_id": rows[0].group,
    }
    dimensions = {of: entity_id, "stat_time_day": f"{day} 00:00:00"}
    return {"dimensions": dimensions, "metrics": {name: found[name] for name in sorted(metrics)}}


def _account(account: Account) -> dict[str, str]:
    return {
        "advertiser_id": account.external_id,
        "name": account.name,
        "currency": account.currency,
        "timezone": "Etc/GMT-1",
        "display_timezone": account.timezone,
        "status": "STATUS_ENABLE" if account.status == "ENABLED" else "STATUS_DISABLE",
    }


def _ok(data: object) -> Reply:
    return Reply(200, {"code": 0, "message": "OK", "request_id": "20261001A", "data": data})


def _no(code: int, message: str) -> Reply:
    return Reply(200, {"code": code, "message": message, "request_id": "20261001C", "data": {}})
