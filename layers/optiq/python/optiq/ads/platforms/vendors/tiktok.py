"""TikTok: the Business API."""

import json
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from optiq.ads.platforms import tiktok_entities as entities
from optiq.ads.platforms import tiktok_reports as reports
from optiq.ads.platforms.asking import Answered, Asked, ask, upload_answer
from optiq.ads.platforms.contract import (
    ClientSettings,
    Handshake,
    Tokens,
    Upload,
    VendorAccount,
)
from optiq.ads.platforms.reported import EntityId, Json, Level, ReportedRow, VendorEntity
from optiq.ads.platforms.tiktok_errors import classify
from optiq.ads.platforms.tiktok_pages import Get, whole, whole_in_the_end
from optiq.ads.platforms.traits import Capabilities, Landing
from optiq.ads.platforms.verdicts import PlatformError, Verdict
from optiq.kernel.clock import SECOND_MS

_AT_ONCE = 100
_FIELDS = json.dumps(["advertiser_id", "name", "currency", "display_timezone", "timezone", "status"])
_CLAIMS = ("claimed_count", "claimed_value")


class TikTok:
    name = "TIKTOK"
    title = "TikTok"
    capabilities = Capabilities(reports=True, restate_days=28, step_days=30, source="tiktok", uploads=True)
    landing = Landing(
        click_ids=("ttclid",),
        sources=("tiktok", "tik_tok", "tiktok_ads", "tiktokads"),
        template="campaign_id=__CAMPAIGN_ID__&adgroup_id=__AID__&ad_id=__CID__",
        where="each ad > Tracking > URL parameters",
    )
    defaults: Mapping[str, str] = {
        "version": "v1.3",
        "web": "https://business-api.tiktok.com",
        "api": "https://business-api.tiktok.com",
        "claimed_count": "conversion",
        "claimed_value": "total_complete_payment_rate",  # The value of all, whatever its name says.
    }

    def __init__(self, client: ClientSettings) -> None:
        self._client, self._at = client, client.settings

    def authorization_url(self, handshake: Handshake) -> str:
        query = {
            "app_id": self._client.client_id,
            "state": handshake.state,
            "redirect_uri": handshake.redirect_uri,
        }
        return f"{self._at['web']}/portal/auth?{urlencode(query)}"

    def exchange(self, code: str, _: Handshake, now_ms: int) -> Tokens:
        return self._token("oauth2/access_token/", {"auth_code": code}, now_ms)

    def refresh(self, tokens: Tokens, now_ms: int) -> Tokens:
        """Only some apps get a refresh token. Without one the token lasts until it is revoked."""
        if not tokens.refresh:
            raise PlatformError(self.name, Verdict("REAUTH", "NO_REFRESH_TOKEN"))
        return self._token("oauth2/refresh_token/", {"refresh_token": tokens.refresh}, now_ms)

    def revoke(self, tokens: Tokens) -> None:
        document = self._app() | {"access_token": tokens.access}
        ask(self.name, Asked("POST", self._url("oauth2/revoke_token/"), document=document), classify)

    def accounts(self, access: str) -> list[VendorAccount]:
        listed = self.get("oauth2/advertiser/get/", access, self._app())["list"]
        ids = [str(one["advertiser_id"]) for one in listed]
        names = {str(one["advertiser_id"]): str(one.get("advertiser_name", "")) for one in listed}
        found: list[VendorAccount] = []
        for start in range(0, len(ids), _AT_ONCE):
            found += self._details(access, ids[start : start + _AT_ONCE], names)
        return found

    def report(self, access: str, external_id: str, _: str, level: Level, first: str, last: str) -> list[ReportedRow]:
        claims = {name: self._at[name] for name in _CLAIMS}
        found = whole(self._reading(access), reports.PATH, reports.query(external_id, level, first, last, claims))
        return reports.rows(level, found, claims)

    def entities(self, access: str, external_id: str, _: str) -> list[VendorEntity]:
        """Without those that were deleted."""
        get = self._reading(access)
        return [
            entities.entity(level, one)
            for level, path in entities.PATHS.items()
            for one in whole_in_the_end(get, path, entities.query(external_id, level))
        ]

    def entities_by_id(
        self, access: str, external_id: str, _: str, missing: Collection[EntityId]
    ) -> list[VendorEntity]:
        """Those of them that were deleted, which its lists have for whoever asks for that status."""
        get = self._reading(access)
        return [
            entities.entity(level, one)
            for level, path in entities.PATHS.items()
            for query in entities.queries_of_deleted(external_id, level, missing)
            for one in whole_in_the_end(get, path, query)
        ]

    def _reading(self, access: str) -> Get:
        return lambda path, query: self.get(path, access, query)

    def get(self, path: str, access: str, query: Mapping[str, str]) -> Json:
        """The `data` of an answer."""
        asked = Asked("GET", self._url(path), query=query, headers={"access-token": access})
        return ask(self.name, asked, classify)["data"]

    def upload(self, access: str, upload: Upload) -> Answered:
        headers = {"access-token": access}
        return upload_answer(
            self.name, Asked(upload.method, self._url(upload.path), headers=headers, raw=upload.body), classify
        )

    def _details(self, access: str, ids: Sequence[str], names: dict[str, str]) -> list[VendorAccount]:
        """One account that may not be read refuses all that are asked for with it, so then each is asked for alone."""
        query = {"advertiser_ids": json.dumps(ids), "fields": _FIELDS}
        try:
            return [_account(one) for one in self.get("advertiser/info/", access, query)["list"]]
        except PlatformError as error:
            if error.verdict.outcome != "NO_ACCESS":
                raise
            if len(ids) == 1:
                return [VendorAccount(ids[0], names[ids[0]], "", "", "NO_ACCESS", error.verdict.code)]
        return [account for one in ids for account in self._details(access, [one], names)]

    def _app(self) -> dict[str, str]:
        return {"app_id": self._client.client_id, "secret": self._client.client_secret}

    def _url(self, path: str) -> str:
        return f"{self._at['api']}/open_api/{self._at['version']}/{path}"

    def _token(self, path: str, of: dict[str, str], now_ms: int) -> Tokens:
        data = ask(self.name, Asked("POST", self._url(path), document=self._app() | of), classify)["data"]
        return Tokens(
            access=str(data["access_token"]),
            issued_ms=now_ms,
            refresh=str(data.get("refresh_token") or ""),
            access_expires_ms=_end(now_ms, data.get("access_token_expire_in")),
            refresh_expires_ms=_end(now_ms, data.get("refresh_token_expire_in")),
            scopes=tuple(str(scope) for scope in data.get("scope", ())),
        )


def _end(now_ms: int, lasts_seconds: Json) -> int | None:
    return now_ms + int(lasts_seconds) * SECOND_MS if lasts_seconds else None


def _account(one: Json) -> VendorAccount:
    word = str(one.get("status", ""))
    return VendorAccount(
        external_id=str(one["advertiser_id"]),
        name=str(one.get("name", "")),
        currency=str(one.get("currency", "")),
        timezone=str(one.get("display_timezone") or one.get("timezone", "")),
        status="ACTIVE" if word == "STATUS_ENABLE" else "INACTIVE",
        platform_status=word,
    )


PLATFORM = TikTok
