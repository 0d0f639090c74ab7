"""What TikTok's codes mean. Every answer is HTTP 200; its `code` says what came of the request."""

from optiq.ads.platforms.asking import RETRY_SECONDS, Answered, by_status
from optiq.ads.platforms.verdicts import Verdict

_REAUTH = frozenset({40102, 40103, 40104, 40105, 40107})
_RETRY = frozenset({40200, 40201, 40202, 40700, 60001, 61000})
_THROTTLED = frozenset({40100, 40132})
_NO_ACCESS = 40001
_OF_ANOTHER_APP = 40000
_MINUTES_SECONDS = 300
"""After too many requests of a minute. Who asks before waits longer."""


def classify(answered: Answered) -> Verdict | None:
    code = answered.body.get("code") if isinstance(answered.body, dict) else None
    if answered.status >= 400:
        return by_status(answered.status)
    if not isinstance(code, int):
        return Verdict("RETRY", f"HTTP_{answered.status}", RETRY_SECONDS)
    if code == 0:
        return None
    message = str(answered.body.get("message", ""))
    if code in _THROTTLED:
        if "QPD" in message:
            return Verdict("THROTTLE", str(code), scope="APP", until_next_day=True)
        return Verdict("THROTTLE", str(code), _MINUTES_SECONDS, "APP")
    if code in _REAUTH or (code == _OF_ANOTHER_APP and "token" in message.lower()):
        return Verdict("REAUTH", str(code))
    if code == _NO_ACCESS:
        return Verdict("NO_ACCESS", str(code))
    if code in _RETRY or 50000 <= code < 60000:
        return Verdict("RETRY", str(code), RETRY_SECONDS)
    return Verdict("PERMANENT", str(code))
