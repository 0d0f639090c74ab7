"""Meta's Graph API, as the client meets it."""

import hashlib
import hmac

from tests.support.ad_platforms.world import Account, Heard, Reply, World

_STATUSES = {"ENABLED": 1, "DISABLED": 2, "CLOSED": 101}
_PAGE = 2
_LONG_LIVED_S = 5_183_944


def answer(world: World, heard: Heard, path: str) -> Reply:
    path = "/" + path.removeprefix("/").partition("/")[2]  # without the version
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
    assert path == "/me/adaccounts", path
    return _accounts(world, int(heard.query.get("after", "0")))


def throttled(minutes: int) -> Reply:
    usage = f'{{"900":[{{"type":"ads_insights","call_count":100,"estimated_time_to_regain_access":{minutes}}}]}}'
    reply = _error(17, 2446079, "User request limit reached")
    return Reply(reply.status, reply.body, {"x-business-use-case-usage": usage})


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


def _accounts(world: World, start: int) -> Reply:
    shown = [_account(one) for one in world.accounts[start : start + _PAGE]]
    paging: dict[str, object] = {"cursors": {"before": "MA", "after": str(start + _PAGE)}}
    if start + _PAGE < len(world.accounts):
        paging["next"] = "https://elsewhere.example/steal?access_token=in-the-address"
    return Reply(200, {"data": shown, "paging": paging})


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
