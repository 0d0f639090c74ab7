"""Meta: Facebook's and Instagram's advertising, by the Graph API.

There is no refresh token: a token of about 60 days is exchanged for another while it is good, and for none afterwards.
A week before its end may be one outage, so it is renewed at half of its life.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from optiq.ads.platforms.asking import RETRY_SECONDS, Answered, Asked, ask, by_status
from optiq.ads.platforms.contract import (
    Capabilities,
    ClientSettings,
    Handshake,
    Json,
    Landing,
    Tokens,
    VendorAccount,
    Verdict,
)
from optiq.kernel.clock import SECOND_MS

_SCOPES = "ads_read,business_management"
_FIELDS = "account_id,name,currency,timezone_name,account_status,disable_reason"
_ACTIVE = {1: "ACTIVE", 9: "IN_GRACE_PERIOD"}
_STATUSES = {2: "DISABLED", 3: "UNSETTLED", 7: "PENDING_RISK_REVIEW", 101: "CLOSED", **_ACTIVE}
_MOST_PAGES = 200
_TRANSIENT = frozenset({"1", "2", "341", "960", "2/1504043", "2/1504044", "-2/2490547"})
_TOO_MUCH = frozenset({"100/1504018", "2/1504038"})
_THROTTLED = frozenset({"4", "17", "32", "613/1487742", "4/1504022", "4/1504039", "80008", "80014"}) | {
    str(80000 + code) for code in range(7)
}
_THROTTLED_SECONDS = 300


class Meta:
    name = "META"
    title = "Meta"
    capabilities = Capabilities(renews_early=True, restate_days=28, source="facebook", claims_views=True)
    landing = Landing(
        sources=("facebook", "fb", "instagram", "ig", "meta", "messenger", "audience_network", "an", "msg"),
        template="campaign_id={{campaign.id}}&adset_id={{adset.id}}&ad_id={{ad.id}}",
        where="each ad > Tracking > URL parameters",
    )
    defaults: Mapping[str, str] = {
        "version": "v26.0",
        "web": "https://www.facebook.com",
        "api": "https://graph.facebook.com",
    }

    def __init__(self, client: ClientSettings) -> None:
        self._client, self._at = client, client.settings

    def authorization_url(self, handshake: Handshake) -> str:
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": handshake.redirect_uri,
            "response_type": "code",
            "scope": _SCOPES,
            "state": handshake.state,
        }
        return f"{self._at['web']}/{self._at['version']}/dialog/oauth?{urlencode(query)}"

    def exchange(self, code: str, handshake: Handshake, now_ms: int) -> Tokens:
        short = self._token({"redirect_uri": handshake.redirect_uri, "code": code}, now_ms)
        return self.refresh(short, now_ms)

    def refresh(self, tokens: Tokens, now_ms: int) -> Tokens:
        return self._token({"grant_type": "fb_exchange_token", "fb_exchange_token": tokens.access}, now_ms)

    def revoke(self, tokens: Tokens) -> None:
        self.graph("DELETE", "/me/permissions", tokens.access)

    def accounts(self, access: str) -> list[VendorAccount]:
        found: list[VendorAccount] = []
        query = {"fields": _FIELDS, "limit": "100"}
        for _ in range(_MOST_PAGES):
            page = self.graph("GET", "/me/adaccounts", access, query)
            found += [_account(one) for one in page["data"]]
            paging = page.get("paging", {})
            if not paging.get("next"):
                return found
            query = query | {"after": str(paging["cursors"]["after"])}
        return found

    def graph(self, method: str, path: str, access: str, query: dict[str, str] | None = None) -> Json:
        """An answer of the Graph API. The token goes in a header: addresses are kept by whatever is in between."""
        proof = hmac.new(self._client.client_secret.encode(), access.encode(), hashlib.sha256).hexdigest()
        asked = Asked(
            method,
            f"{self._at['api']}/{self._at['version']}{path}",
            query={**(query or {}), "appsecret_proof": proof},
            headers={"authorization": f"Bearer {access}"},
        )
        return ask(self.name, asked, classify)

    def _token(self, query: dict[str, str], now_ms: int) -> Tokens:
        client = {"client_id": self._client.client_id, "client_secret": self._client.client_secret}
        url = f"{self._at['api']}/{self._at['version']}/oauth/access_token"
        answer = ask(self.name, Asked("GET", url, query=client | query), classify)
        lasts = answer.get("expires_in")
        return Tokens(
            access=str(answer["access_token"]),
            issued_ms=now_ms,
            access_expires_ms=now_ms + int(lasts) * SECOND_MS if lasts else None,
            scopes=tuple(_SCOPES.split(",")),
        )


def classify(answered: Answered) -> Verdict | None:
    error = answered.body.get("error") if isinstance(answered.body, dict) else None
    if answered.status < 400 and not error:
        return None
    if not error:
        return by_status(answered.status)
    code, subcode = str(error.get("code", "")), str(error.get("error_subcode", ""))
    both = f"{code}/{subcode}" if subcode else code
    names = {code, both}
    if code in ("190", "102"):
        return Verdict("REAUTH", both)
    if names & _THROTTLED:
        return Verdict("THROTTLE", both, _regain_seconds(answered))
    if both in _TOO_MUCH:
        return Verdict("SPLIT", both)
    if code in ("10", "200", "294") or both == "100/33":
        return Verdict("NO_ACCESS", both)
    if names & _TRANSIENT or error.get("is_transient") or subcode == "99" or answered.status >= 500:
        return Verdict("RETRY", both, RETRY_SECONDS)
    return Verdict("PERMANENT", both)


def _regain_seconds(answered: Answered) -> int:
    """The longest wait, in minutes, that the usage header names."""
    try:
        usage = json.loads(answered.headers.get("x-business-use-case-usage", "{}"))
        minutes = [int(one["estimated_time_to_regain_access"]) for of in usage.values() for one in of]
    except (ValueError, KeyError, TypeError, AttributeError):
        minutes = []
    return max(minutes, default=0) * 60 or _THROTTLED_SECONDS


def _account(one: Json) -> VendorAccount:
    status = int(one.get("account_status", 0))
    return VendorAccount(
        external_id=str(one["account_id"]),
        name=str(one.get("name", "")),
        currency=str(one.get("currency", "")),
        timezone=str(one.get("timezone_name", "")),
        status="ACTIVE" if status in _ACTIVE else "INACTIVE",
        platform_status=_STATUSES.get(status, str(status)),
    )


PLATFORM = Meta
