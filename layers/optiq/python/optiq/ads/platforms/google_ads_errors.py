"""What Google Ads' errors mean, by the names in `errorCode` (google-ads-python's protos, v25)."""

from typing import Literal

from optiq.ads.platforms.asking import RETRY_SECONDS, Answered, by_status
from optiq.ads.platforms.reported import Json
from optiq.ads.platforms.verdicts import Outcome, Verdict

_OUTCOMES: dict[str, Outcome] = {
    "RESOURCE_TEMPORARILY_EXHAUSTED": "THROTTLE",
    "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION": "THROTTLE",
    "RESOURCE_EXHAUSTED": "THROTTLE",
    "INTERNAL_ERROR": "RETRY",
    "TRANSIENT_ERROR": "RETRY",
    "DEADLINE_EXCEEDED": "RETRY",
    "OAUTH_TOKEN_EXPIRED": "EXPIRED",
    "OAUTH_TOKEN_REVOKED": "REAUTH",
    "OAUTH_TOKEN_DISABLED": "REAUTH",
    "NOT_ADS_USER": "REAUTH",
    "TWO_STEP_VERIFICATION_NOT_ENROLLED": "REAUTH",
    "USER_PERMISSION_DENIED": "NO_ACCESS",
    "CUSTOMER_NOT_ENABLED": "INACTIVE",
}
_DAY_SECONDS = 86_400


def classify(answered: Answered) -> Verdict | None:
    if answered.status < 400:
        return None
    for error in _errors(answered.body):
        code = next((str(value) for value in error.get("errorCode", {}).values()), "")
        if outcome := _OUTCOMES.get(code):
            return _verdict(outcome, code, error)
        if code:
            return Verdict("PERMANENT", code)
    if answered.status == 401:
        return Verdict("EXPIRED", "HTTP_401")
    return by_status(answered.status)


def _verdict(outcome: Outcome, code: str, error: Json) -> Verdict:
    quota = error.get("details", {}).get("quotaErrorDetails", {})
    scope: Literal["ACCOUNT", "APP"] = "APP" if quota.get("rateScope") == "DEVELOPER" else "ACCOUNT"
    if code == "RESOURCE_EXHAUSTED":  # The quota of the day.
        return Verdict(outcome, code, _DAY_SECONDS, scope)
    if outcome in ("THROTTLE", "RETRY"):
        return Verdict(outcome, code, _seconds(str(quota.get("retryDelay", ""))) or RETRY_SECONDS, scope)
    return Verdict(outcome, code)


def _errors(body: Json) -> list[Json]:
    """The errors of an answer, which is an object, or an array of one for a stream."""
    one = body[0] if isinstance(body, list) and body else body
    details = one.get("error", {}).get("details", ()) if isinstance(one, dict) else ()
    return [error for detail in details for error in detail.get("errors", ())]


def _seconds(duration: str) -> int:
    """The seconds of a duration such as `30s`; 0 for another text."""
    number = duration.removesuffix("s").partition(".")[0]
    return int(number) if number.isdecimal() else 0
