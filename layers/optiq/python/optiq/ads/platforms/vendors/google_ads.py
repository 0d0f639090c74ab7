"""Google Ads: OAuth with PKCE, and the Google Ads API by REST."""

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlencode

from optiq.ads.platforms import google_ads_entities as entities
from optiq.ads.platforms import google_ads_errors as errors
from optiq.ads.platforms import google_ads_reports as reports
from optiq.ads.platforms.asking import Answered, Asked, ask, by_status, upload_answer
from optiq.ads.platforms.contract import (
    ClientSettings,
    Handshake,
    Tokens,
    Upload,
    VendorAccount,
)
from optiq.ads.platforms.pkce import challenge
from optiq.ads.platforms.reported import EntityId, Json, Level, ReportedClick, ReportedHour, ReportedRow, VendorEntity
from optiq.ads.platforms.traits import Capabilities, Landing
from optiq.ads.platforms.verdicts import PlatformError, Verdict
from optiq.kernel.clock import SECOND_MS
from optiq.kernel.errors import InvalidError

_SCOPE = "https://www.googleapis.com/auth/adwords"
_ACCOUNTS = (
    "SELECT customer_client.id, customer_client.descriptive_name, customer_client.currency_code, "
    "customer_client.time_zone, customer_client.status, customer_client.manager FROM customer_client"
)


class GoogleAds:
    name = "GOOGLE_ADS"
    title = "Google Ads"
    capabilities = Capabilities(
        reports=True,
        restate_days=30,
        hours=True,
        source="google",
        medium="cpc",
        click_days=90,
        claims_by_conversion_day=True,
        uploads=True,
        upload_scopes=("https://www.googleapis.com/auth/datamanager",),
    )
    landing = Landing(
        click_ids=("gclid", "gbraid", "wbraid", "gad_source", "gclsrc"),
        sources=("google", "adwords", "googleads", "google-ads", "google_ads", "youtube"),
        campaign_id="gad_campaignid",
        template="campaign_id={campaignid}&adgroup_id={adgroupid}&ad_id={creative}",
        where="Admin > Account settings > Tracking > Final URL suffix",
    )
    defaults: Mapping[str, str] = {
        "version": "v26",
        "web": "https://accounts.google.com",
        "token": "https://oauth2.googleapis.com",
        "api": "https://googleads.googleapis.com",
        "conversions": "https://datamanager.googleapis.com",
        "operations_per_day": "15000",
    }

    def __init__(self, client: ClientSettings) -> None:
        self._client, self._at = client, client.settings

    def authorization_url(self, handshake: Handshake) -> str:
        """`prompt=consent`, because Google gives a refresh token only when the person is asked."""
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": handshake.redirect_uri,
            "response_type": "code",
            "scope": " ".join((_SCOPE, *(self.capabilities.upload_scopes if handshake.uploads else ()))),
            "access_type": "offline",
            "prompt": "consent",
            "state": handshake.state,
            "code_challenge": challenge(handshake.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._at['web']}/o/oauth2/v2/auth?{urlencode(query)}"

    def exchange(self, code: str, handshake: Handshake, now_ms: int) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": handshake.redirect_uri,
            "code_verifier": handshake.verifier,
        }
        tokens = self._tokens(form, now_ms)
        if _SCOPE not in tokens.scopes:
            raise InvalidError("code: Google Ads was not permitted: connect again and allow access to Google Ads")
        if not tokens.refresh:
            raise InvalidError("code: Google gave no lasting permission: remove Optiq at Google, then connect again")
        return tokens

    def refresh(self, tokens: Tokens, now_ms: int) -> Tokens:
        return self._tokens({"grant_type": "refresh_token", "refresh_token": tokens.refresh}, now_ms, tokens.refresh)

    def revoke(self, tokens: Tokens) -> None:
        self._post_token("/revoke", {"token": tokens.refresh})

    def accounts(self, access: str) -> list[VendorAccount]:
        """The accounts below each login, each once; a login without access is an account without access."""
        url = f"{self._at['api']}/{self._at['version']}/customers:listAccessibleCustomers"
        listed = ask(self.name, Asked("GET", url, headers=_bearer(access)), errors.classify)
        found: dict[str, VendorAccount] = {}
        for resource in listed.get("resourceNames", ()):
            login_id = str(resource).removeprefix("customers/")
            for account in self._below(access, login_id):
                if found.setdefault(account.external_id, account).status != "ACTIVE":
                    found[account.external_id] = account
        return list(found.values())

    def search(self, access: str, external_id: str, login_id: str, query: str) -> list[Json]:
        """All rows of a query, of every batch of the stream. Nothing is answered of a stream that was cut."""
        url = f"{self._at['api']}/{self._at['version']}/customers/{external_id}/googleAds:searchStream"
        headers = _bearer(access) | ({"login-customer-id": login_id} if login_id else {})
        batches = ask(self.name, Asked("POST", url, headers=headers, document={"query": query}), errors.classify)
        return [row for batch in batches for row in batch.get("results", ())]

    def report(
        self, access: str, external_id: str, login_id: str, level: Level, first: str, last: str
    ) -> list[ReportedRow]:
        query = reports.query(level, first, last)
        return reports.rows(level, self.search(access, external_id, login_id, query))

    def entities(self, access: str, external_id: str, login_id: str) -> list[VendorEntity]:
        answers = {
            table: self.search(access, external_id, login_id, query) for table, query in entities.QUERIES.items()
        }
        return entities.listed(answers)

    def entities_by_id(self, _: str, __: str, ___: str, ____: Collection[EntityId]) -> list[VendorEntity]:
        """None: its lists have removed ones too, so it does not know what they lack."""
        return []

    def clicks(self, access: str, external_id: str, login_id: str, day: str) -> list[ReportedClick]:
        rows = self.search(access, external_id, login_id, reports.clicks_query(day))
        return [found for row in rows if (found := reports.click(row))]

    def hours(self, access: str, external_id: str, login_id: str, first: str, last: str) -> list[ReportedHour]:
        query = reports.hours_query(first, last)
        return reports.hours(self.search(access, external_id, login_id, query))

    def upload(self, access: str, upload: Upload) -> Answered:
        """To the Data Manager API: the Google Ads API takes conversions of no new app since June 2026."""
        raw = upload.body or None
        asked = Asked(upload.method, self._at["conversions"] + upload.path, headers=_bearer(access), raw=raw)
        return upload_answer(self.name, asked, errors.classify)

    def _below(self, access: str, login_id: str) -> Iterator[VendorAccount]:
        try:
            rows = self.search(access, login_id, login_id, _ACCOUNTS)
        except PlatformError as error:
            if error.verdict.outcome != "NO_ACCESS" and error.verdict.outcome != "INACTIVE":
                raise
            yield VendorAccount(login_id, "", "", "", error.verdict.outcome, error.verdict.code, login_id)
            return
        for row in rows:
            client = row["customerClient"]
            if not client.get("manager"):
                word = str(client.get("status", ""))
                yield VendorAccount(
                    external_id=str(client["id"]),
                    name=str(client.get("descriptiveName", "")),
                    currency=str(client.get("currencyCode", "")),
                    timezone=str(client.get("timeZone", "")),
                    status="ACTIVE" if word == "ENABLED" else "INACTIVE",
                    platform_status=word,
                    login_id=login_id,
                )

    def _tokens(self, form: dict[str, str], now_ms: int, refresh: str = "") -> Tokens:
        answer = self._post_token("/token", form | {"client_id": self._client.client_id} | self._secret())
        return Tokens(
            access=str(answer["access_token"]),
            issued_ms=now_ms,
            refresh=str(answer.get("refresh_token", refresh)),
            access_expires_ms=now_ms + int(answer["expires_in"]) * SECOND_MS,
            scopes=tuple(str(answer.get("scope", "")).split()),
        )

    def _secret(self) -> dict[str, str]:
        return {"client_secret": self._client.client_secret}

    def _post_token(self, path: str, form: dict[str, str]) -> Json:
        return ask(self.name, Asked("POST", self._at["token"] + path, form=form), _classify_token)


def _bearer(access: str) -> dict[str, str]:
    return {"authorization": f"Bearer {access}"}


def _classify_token(answered: Answered) -> Verdict | None:
    """`invalid_grant` is a 400: the code or the refresh token is good no more (RFC 6749, 5.2)."""
    if answered.status < 400:
        return None
    code = str(answered.body.get("error", "")) if isinstance(answered.body, dict) else ""
    if code == "invalid_grant":
        return Verdict("REAUTH", code)
    return by_status(answered.status, code)


PLATFORM = GoogleAds
