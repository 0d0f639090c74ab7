"""Meta's Graph API, as the client meets it."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from infra.local.ad_platforms import consent, meta_events
from infra.local.ad_platforms.meta_insights import insights, page, progress
from infra.local.ad_platforms.world import Account, DayRow, Heard, Reply, World

_STATUSES = {"ENABLED": 1, "DISABLED": 2, "CLOSED": 101}
_LONG_LIVED_S = 5_183_944


def answer(world: World, heard: Heard, path: str) -> Reply:
    path = "/" + path.removeprefix("/").partition("/")[2]  # without the version
    if path == "/dialog/oauth":
        return consent.answer(world, heard, "Meta")
    if path == "/oauth/access_token":
        return _token(world, heard.query)
    token = heard.headers.get("authorization", "").removeprefix("Bearer ")
    proof = hmac.new(world.client_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if heard.query.get("appsecret_proof") != proof:
        return _error(100, 0, "Invalid appsecret_proof provided in the API argument")
    if not world.accepts(token):
        return _error(190, 463, "Error validating access token: Session has expired")
    if path == "/me/permissions" and heard.method == "DELETE":
        world.revoked.append(token)
        world.revoke()
        return Reply(200, {"success": True})
    assert "access_token" not in heard.query, "addresses are kept in logs"
    if path == "/me/adaccounts":
        return page(world, [_account(one) for one in world.accounts], heard)
    if path == "/":
        return _by_ids(world, heard)
    if (run := world.runs.get(path.split("/")[1])) and path.endswith("/insights"):
        return _counted(world, run.account, page(world, run.rows, heard))
    return _of_account(world, heard, path)


def _of_account(world: World, heard: Heard, path: str) -> Reply:
    if told := meta_events.PATH.fullmatch(path):
        return meta_events.answer(world, heard, told[1])
    found = re.fullmatch(r"/act_(\d+)/(insights|campaigns|adsets|ads)", path)
    if not found:
        return _error(100, 33, f"Object with ID '{path[1:]}' does not exist")
    account = next(one for one in world.accounts if one.external_id == found[1])
    if account.denied:
        return _error(200, 0, "Ad account owner has NOT granted ads_management or ads_read permission")
    if found[2] == "insights":
        return _counted(world, account.external_id, insights(world, account, heard))
    return _counted(world, account.external_id, page(world, _entities(world, account, found[2]), heard))


def throttled(minutes: int) -> Reply:
    reply = _error(17, 2446079, "User request limit reached")
    return replace(reply, headers=_usage("900", 100, minutes))


def used(reply: Reply, account: str, percent: int) -> Reply:
    """An answer that says how much of the hour's quota it leaves."""
    return replace(reply, headers=_usage(account, percent, 0))


def _usage(account: str, percent: int, minutes: int) -> dict[str, str]:
    use = {"type": "ads_insights", "call_count": percent, "total_cputime": 40, "total_time": 40}
    return {"x-business-use-case-usage": json.dumps({account: [use | {"estimated_time_to_regain_access": minutes}]})}


def _counted(world: World, account: str, reply: Reply) -> Reply:
    """The answer with what it leaves of the hour's calls, or, without any left, none."""
    hour, into_ms = divmod(world.now_ms, 3_600_000)
    world.calls[account, hour] += 1
    if world.hourly_calls is None:
        return reply
    percent = world.calls[account, hour] * 100 // world.hourly_calls
    if percent > 100:
        refused = _error(
            80000, 2446079, "There have been too many calls from this ad-account. Wait a bit and try again."
        )
        return replace(refused, headers=_usage(account, percent, 60 - into_ms // 60_000))
    return used(reply, account, percent)


def _by_ids(world: World, heard: Heard) -> Reply:
    """Runs, and campaigns, groups and ads, archived and deleted ones too; one id that is unknown fails all."""
    asked = heard.query["ids"].split(",")
    if runs := [world.runs[one] for one in asked if one in world.runs]:
        reply = Reply(200, {run.run_id: progress(run) for run in runs})
        return _counted(world, runs[0].account, reply) if len(runs) == len(asked) else _unknown(asked)
    rows = [row for rows in world.by_account.values() for row in rows]
    known = {one["id"]: one for row in rows for one in _all_of(world, row)}
    if not set(asked) <= set(known):
        return _unknown(asked)
    return Reply(200, {one: _shown(known[one], heard) for one in asked})


def _unknown(asked: Sequence[str]) -> Reply:
    return _error(803, 0, f"Some of the aliases you requested do not exist: {','.join(asked)}")


def _entities(world: World, account: Account, edge: str) -> list[dict[str, str]]:
    place = ("campaigns", "adsets", "ads").index(edge)
    found = [_all_of(world, row) for row in world.listed(account.external_id)]
    return list({one[place]["id"]: one[place] for one in found if len(one) > place}.values())


def _all_of(world: World, row: DayRow) -> list[dict[str, str]]:
    """The campaign of a row, and its ad set and ad if it has one."""
    above = {"campaign_id": row.campaign}
    campaign = _entity(world, "Campaign", row.campaign) | {"objective": "OUTCOME_SALES"}
    group = _entity(world, "Group", row.group) | above
    ad = _entity(world, "Ad", row.ad) | above | {"adset_id": row.group}
    return [campaign, group, ad] if row.ad else [campaign]


def _entity(world: World, usual: str, own: str) -> dict[str, str]:
    status = "DELETED" if own in world.unlisted else world.statuses.get(own, "ACTIVE")
    return {"id": own, "name": world.name(usual, own), "effective_status": status}


def _shown(one: dict[str, Any], heard: Heard) -> dict[str, Any]:
    return {name: one[name] for name in heard.query["fields"].split(",") if name in one}


def _token(world: World, query: dict[str, str]) -> Reply:
    if (query["client_id"], query["client_secret"]) != (world.client_id, world.client_secret):
        return _error(101, 0, "Error validating application")
    if query.get("grant_type") == "fb_exchange_token":
        if not world.accepts(query["fb_exchange_token"]):
            return _error(190, 463, "Error validating access token: Session has expired")
        token = world.issue("EAA-long", _LONG_LIVED_S)
        return Reply(200, {"access_token": token, "token_type": "bearer", "expires_in": _LONG_LIVED_S})
    asked = world.codes.pop(query["code"], None)
    if asked is None or asked["redirect_uri"] != query["redirect_uri"]:
        return _error(100, 36009, "This authorization code has been used.")
    return Reply(200, {"access_token": world.issue("EAA-short", 3_600), "token_type": "bearer", "expires_in": 3_600})


def _account(account: Account) -> dict[str, object]:
    return {
        "id": f"act_{account.external_id}",
        "account_id": account.external_id,
        "name": account.name,
        "currency": account.currency,
        "timezone_name": account.timezone,
        "account_status": _STATUSES[account.status],
        "disable_reason": 0,
    }


def _error(code: int, subcode: int, message: str) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Ac"}
    return Reply(400, {"error": error | ({"error_subcode": subcode} if subcode else {})})
