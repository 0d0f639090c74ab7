"""Meta: Facebook's and Instagram's advertising, by the Graph API.

There is no refresh token: a token of about 60 days is exchanged for another while it is good, and for none afterwards.
A week before its end may be one outage, so it is renewed at half of its life.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from optiq.ads.platforms import meta_entities as entities
from optiq.ads.platforms import meta_reports as reports
from optiq.ads.platforms.asking import Answered, Asked, ask, require_quota, upload_answer
from optiq.ads.platforms.contract import (
    ClientSettings,
    Handshake,
    RunProgress,
    Tokens,
    Upload,
    VendorAccount,
)
from optiq.ads.platforms.meta_errors import UNKNOWN_ID, classify
from optiq.ads.platforms.meta_usage import usage_of, worst
from optiq.ads.platforms.reported import EntityId, Json, Level, ReportedRow, Usage, VendorEntity
from optiq.ads.platforms.traits import Capabilities, Landing
from optiq.ads.platforms.verdicts import PlatformError, Verdict
from optiq.kernel.clock import SECOND_MS

_SCOPES = ("ads_read", "business_management")
_FIELDS = "account_id,name,currency,timezone_name,account_status,disable_reason"
_ACTIVE = {1: "ACTIVE", 9: "IN_GRACE_PERIOD"}
_STATUSES = {2: "DISABLED", 3: "UNSETTLED", 7: "PENDING_RISK_REVIEW", 101: "CLOSED", **_ACTIVE}
_PROGRESS: dict[str, RunProgress] = {
    "Job Not Started": "NOT_STARTED",
    "Job Started": "RUNNING",
    "Job Running": "RUNNING",
    "Job Completed": "DONE",
}
_ACCOUNTS_OF_PAGE = 100
_ROWS_OF_PAGE = 500
_FEWEST_OF_PAGE = 20


class Meta:
    name = "META"
    title = "Meta"
    capabilities = Capabilities(
        renews_early=True,
        reports=True,
        restate_days=28,
        step_days=29,
        runs_from_days=4,
        source="facebook",
        claims_views=True,
        uploads=True,
        upload_scopes=("ads_management",),
    )
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
        self.usage: Usage | None = None

    def authorization_url(self, handshake: Handshake) -> str:
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": handshake.redirect_uri,
            "response_type": "code",
            "scope": ",".join(self._scopes(handshake)),
            "state": handshake.state,
        }
        return f"{self._at['web']}/{self._at['version']}/dialog/oauth?{urlencode(query)}"

    def exchange(self, code: str, handshake: Handshake, now_ms: int) -> Tokens:
        short = self._token({"redirect_uri": handshake.redirect_uri, "code": code}, now_ms)
        return replace(self.refresh(short, now_ms), scopes=self._scopes(handshake))

    def refresh(self, tokens: Tokens, now_ms: int) -> Tokens:
        return self._token({"grant_type": "fb_exchange_token", "fb_exchange_token": tokens.access}, now_ms)

    def revoke(self, tokens: Tokens) -> None:
        self.graph("DELETE", "/me/permissions", tokens.access)

    def accounts(self, access: str) -> list[VendorAccount]:
        listed = self.pages("/me/adaccounts", access, {"fields": _FIELDS}, _ACCOUNTS_OF_PAGE)
        return [_account(one) for one in listed]

    def report(self, access: str, external_id: str, _: str, level: Level, first: str, last: str) -> list[ReportedRow]:
        path, query = f"/act_{external_id}/insights", reports.query(level, first, last)
        return reports.rows(level, external_id, self.pages(path, access, query, _ROWS_OF_PAGE))

    def begin_run(self, access: str, external_id: str, _: str, level: Level, first: str, last: str) -> str:
        form = reports.query(level, first, last)
        return str(self.graph("POST", f"/act_{external_id}/insights", access, form=form)["report_run_id"])

    def runs_progress(self, access: str, run_ids: Sequence[str]) -> dict[str, RunProgress | Verdict]:
        """A run is not everywhere at once, so one that is unknown is not started; who asks gives up after a while."""
        found = self._by_ids(access, run_ids, "async_status,error_code,error_subcode")
        return {one: _progress(found[one]) if one in found else "NOT_STARTED" for one in run_ids}

    def run_rows(self, access: str, external_id: str, run_id: str, level: Level) -> list[ReportedRow]:
        return reports.rows(level, external_id, self.pages(f"/{run_id}/insights", access, {}, _ROWS_OF_PAGE))

    def entities(self, access: str, external_id: str, _: str) -> list[VendorEntity]:
        found: list[VendorEntity] = []
        for level, edge in entities.EDGES.items():
            query = {"fields": entities.listed_fields(level)}
            listed = self.pages(f"/act_{external_id}/{edge}", access, query, _ROWS_OF_PAGE)
            found += [entities.listed(level, one) for one in listed]
        return found

    def entities_by_id(self, access: str, _: str, __: str, missing: Collection[EntityId]) -> list[VendorEntity]:
        """Archived and deleted ones, by their ids: so many at once that one which is unknown is found by halving."""
        found: list[VendorEntity] = []
        for level in entities.EDGES:
            ids = {one.external_id: one for one in missing if one.level == level}
            listed = sorted(ids)
            for start in range(0, len(listed), entities.IDS_AT_ONCE):
                some = listed[start : start + entities.IDS_AT_ONCE]
                answer = self._by_ids(access, some, entities.fields_by_id(level))
                found += [entities.entity(ids[one], answer[one]) for one in some if one in answer]
        return found

    def _by_ids(self, access: str, ids: Sequence[str], fields: str) -> dict[str, Json]:
        """What Meta knows of the ids: one that is unknown fails all that are asked for at once, so they are halved."""
        try:
            answer: dict[str, Json] = self.graph("GET", "/", access, {"ids": ",".join(ids), "fields": fields})
        except PlatformError as error:
            if error.verdict.code not in UNKNOWN_ID:
                raise
            middle = len(ids) // 2
            halves = (ids[:middle], ids[middle:]) if middle else ()
            return {one: known for half in halves for one, known in self._by_ids(access, half, fields).items()}
        return answer

    def pages(self, path: str, access: str, query: Mapping[str, str], limit: int) -> list[Json]:
        """Everything that an edge lists, or nothing: page by page, in smaller ones where Meta finds them too large.

        The address of the next page that Meta gives is not followed: it has the token, and may lead anywhere. Its
        cursor is enough.
        """
        found: list[Json] = []
        after: dict[str, str] = {}
        while True:
            try:
                page = self.graph("GET", path, access, {**query, **after, "limit": str(limit)})
                found += page["data"]
                paging = page.get("paging", {})
                if not paging.get("next"):
                    return found
                after = {"after": _next_cursor(paging, after)}
            except PlatformError as error:
                if error.verdict.outcome != "SPLIT" or limit <= _FEWEST_OF_PAGE:
                    raise
                limit = max(limit // 5, _FEWEST_OF_PAGE)
            except (KeyError, TypeError, AttributeError):
                raise PlatformError(self.name, Verdict("RETRY", "UNREADABLE_ANSWER")) from None

    def graph(
        self,
        method: str,
        path: str,
        access: str,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Json:
        """An answer of the Graph API. The token goes in a header: addresses are kept by whatever is in between."""
        require_quota(self.name, self.usage)
        asked = replace(self._asked(method, path, access, query or {}), form=form)

        def heed(answered: Answered) -> Verdict | None:
            self.usage = worst(self.usage, usage_of(answered))
            return classify(answered)

        return ask(self.name, asked, heed)

    def upload(self, access: str, upload: Upload) -> Answered:
        asked = replace(self._asked(upload.method, upload.path, access, {}), raw=upload.body)
        return upload_answer(self.name, asked, classify)

    def _asked(self, method: str, path: str, access: str, query: Mapping[str, str]) -> Asked:
        proof = hmac.new(self._client.client_secret.encode(), access.encode(), hashlib.sha256).hexdigest()
        return Asked(
            method,
            f"{self._at['api']}/{self._at['version']}{path}",
            query={**query, "appsecret_proof": proof},
            headers={"authorization": f"Bearer {access}"},
        )

    def _scopes(self, handshake: Handshake) -> tuple[str, ...]:
        return (*_SCOPES, *(self.capabilities.upload_scopes if handshake.uploads else ()))

    def _token(self, query: dict[str, str], now_ms: int) -> Tokens:
        client = {"client_id": self._client.client_id, "client_secret": self._client.client_secret}
        url = f"{self._at['api']}/{self._at['version']}/oauth/access_token"
        answer = ask(self.name, Asked("GET", url, query=client | query), classify)
        lasts = answer.get("expires_in")
        return Tokens(
            access=str(answer["access_token"]),
            issued_ms=now_ms,
            access_expires_ms=now_ms + int(lasts) * SECOND_MS if lasts else None,
        )


def _next_cursor(paging: Json, after: Mapping[str, str]) -> str:
    """Raises PlatformError when a page leads to itself."""
    cursor = str(paging["cursors"]["after"])
    if cursor == after.get("after"):
        raise PlatformError(Meta.name, Verdict("RETRY", "SAME_PAGE_AGAIN"))
    return cursor


def _progress(run: Json) -> RunProgress | Verdict:
    status = str(run.get("async_status", ""))
    if status in _PROGRESS:
        return _PROGRESS[status]
    codes = [str(run[name]) for name in ("error_code", "error_subcode") if run.get(name)]
    return Verdict("SPLIT", " ".join([status or "no status", "/".join(codes)]).strip())


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
