"""Why a conversion was not told, or not taken, as a code and in words."""

from collections.abc import Mapping

CONSENT = "CONSENT"
GPC = "GPC"
NO_CLICK = "NO_CLICK"
NO_KEYS = "NO_KEYS"
NO_BROWSER = "NO_BROWSER"
NO_VALUE = "NO_VALUE"
REFUNDED = "REFUNDED"
SUPERSEDED = "SUPERSEDED"
NOT_SUPPORTED = "NOT_SUPPORTED"
NOT_TOLD = "NOT_TOLD"
TOO_OLD = "TOO_OLD"
TURNED_OFF = "TURNED_OFF"
SITE_OFF = "SITE_OFF"
WITHDRAWN = "WITHDRAWN"
ERASED = "ERASED"
NO_ANSWER = "NO_ANSWER"
NO_STATUS = "NO_STATUS"

_WORDS: Mapping[str, str] = {
    CONSENT: "the person did not permit advertising platforms to use their data, or withdrew that before it was sent",
    GPC: "the person's browser sends Global Privacy Control",
    NO_CLICK: "no click on an ad of the platform came before it",
    NO_KEYS: "nothing is known by which the platform could find the person",
    NO_BROWSER: "the platform needs the browser and the page of the conversion, which the event did not have",
    NO_VALUE: "it has no value, and the platform takes none without",
    REFUNDED: "it was refunded whole before it was sent",
    SUPERSEDED: "its value changed before it was sent: the new value was sent in its place",
    NOT_SUPPORTED: "the platform takes no refunds and no changes of a conversion that it was told",
    NOT_TOLD: "the platform did not take the conversion itself, so it is not told what changed",
    TOO_OLD: "the platform takes no conversion that happened so long ago",
    TURNED_OFF: "the destination was turned off before it was sent",
    SITE_OFF: "conversion feedback of the site was turned off before it was sent",
    WITHDRAWN: (
        "it was sent, and no answer says that it was taken; the person permits it no more or was erased meanwhile, "
        "so it is not sent again"
    ),
    ERASED: "the data of the person was erased before it was sent",
    NO_ANSWER: (
        "it was sent and no answer came, and the time is over in which the platform knows it again: "
        "look at the platform before you send it again"
    ),
    NO_STATUS: "the platform accepted it and did not say what became of it",
}


def in_words(reason: str, title: str) -> str:
    """A reason as a sentence; a platform's own code as what it answers."""
    if not reason:
        return ""
    return _WORDS.get(reason, f"{title} answers {reason}")
