"""What errors of the Graph API mean, by code and subcode (Meta's list of insights errors, and what its clients met)."""

from typing import Literal

from optiq.ads.platforms.asking import RETRY_SECONDS, Answered, by_status
from optiq.ads.platforms.meta_usage import usage_of
from optiq.ads.platforms.verdicts import Verdict

GONE = "100/33"
"""There is no such object, or the login may not read it. A run that was just created may be one for a moment."""
UNKNOWN_ID = frozenset({GONE, "803"})
"""One of several ids that were asked for does not exist."""

_REAUTH = frozenset({"102", "190"})
_NO_ACCESS = frozenset({"3", "10"}) | {str(code) for code in range(200, 300)}
_TRANSIENT = frozenset({"1", "2", "341", "960", "-2/2490547"})
_OURS = frozenset({"2/1504041", "2/1504042"})
_TOO_MUCH = frozenset({"100/1504018", "2/1504038"})
_TOO_MUCH_TEXT = "reduce the amount of data"
_OF_THE_APP = frozenset({"4", "4/1504022", "4/1504039"})
_THROTTLED = (
    frozenset({"17", "32", "613/1487742", "80008", "80014"}) | {str(80000 + code) for code in range(7)} | _OF_THE_APP
)
_THROTTLED_SECONDS = 300


def classify(answered: Answered) -> Verdict | None:
    error = answered.body.get("error") if isinstance(answered.body, dict) else None
    if answered.status < 400 and not error:
        return None
    if not isinstance(error, dict):
        return by_status(answered.status)
    code, subcode = str(error.get("code", "")), str(error.get("error_subcode", ""))
    both = f"{code}/{subcode}" if subcode else code
    names = {code, both}
    if code in _REAUTH:
        return Verdict("REAUTH", both)
    if names & _THROTTLED:
        return _throttled(both, "APP" if names & _OF_THE_APP else "ACCOUNT", answered)
    if both in _TOO_MUCH or _TOO_MUCH_TEXT in str(error.get("message", "")):
        return Verdict("SPLIT", both)
    if code in _NO_ACCESS or both == GONE:
        return Verdict("NO_ACCESS", both)
    if both in _OURS:
        return Verdict("PERMANENT", both)
    if names & _TRANSIENT or error.get("is_transient") or subcode == "99" or answered.status >= 500:
        return Verdict("RETRY", both, RETRY_SECONDS)
    return Verdict("PERMANENT", both)


def _throttled(code: str, scope: Literal["ACCOUNT", "APP"], answered: Answered) -> Verdict:
    usage = usage_of(answered)
    return Verdict("THROTTLE", code, (usage.wait_seconds if usage else 0) or _THROTTLED_SECONDS, scope)
