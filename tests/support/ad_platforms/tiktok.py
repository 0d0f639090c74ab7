"""TikTok's Business API, as the client meets it: HTTP 200 whatever happens."""

import json

from tests.support.ad_platforms.world import Account, Heard, Reply, World


def answer(world: World, heard: Heard, path: str) -> Reply:
    path = path.removeprefix("/open_api/v1.3")
    if path in ("/oauth2/access_token/", "/oauth2/refresh_token/"):
        return _token(world, path, heard.body)
    if path == "/oauth2/revoke_token/":
        world.revoked.append(heard.body["access_token"])
        world.revoke()
        return _ok({})
    if not world.accepts(heard.headers.get("access-token", "")):
        return _no(40105, "Access token is incorrect or has been revoked.")
    if path == "/oauth2/advertiser/get/":
        listed = [{"advertiser_id": one.external_id, "advertiser_name": one.name} for one in world.accounts]
        return _ok({"list": listed})
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
