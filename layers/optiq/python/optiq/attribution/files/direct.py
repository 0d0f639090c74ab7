"""How files spell Direct: exports of Optiq, Google Analytics, Adobe, Matomo, Mixpanel, and people."""

import re

_PARTS = re.compile(r"[/|,;:()\[\]{}<>\"'`]+")
_BLANKS = re.compile(r"[\s_$-]+")
_DIRECT = frozenset(
    {
        *("direct", "none", "direct none", "direct traffic", "direct visit", "direct visits", "direct visitors"),
        *("direct entry", "direct entries", "direct access", "direct load", "direct url", "direct navigation"),
        *("direct to site", "direct type in", "type in", "typed in", "typed", "bookmarked", "bookmark", "bookmarks"),
        *("typed bookmarked", "typed or bookmarked", "typed url", "no referrer", "no referer", "no referral"),
        *("direkt", "direktzugriff", "direktzugriffe", "direkte zugriffe", "direkter zugriff", "direkteingabe"),
        *("directo", "tráfico directo", "acceso directo", "direto", "tráfego direto", "acesso direto"),
        *("accès direct", "accès directs", "trafic direct", "entrée directe", "entrées directes"),
        *("diretto", "traffico diretto", "accesso diretto", "ingressi diretti", "direct verkeer"),
    }
)
_NOTHING = frozenset({"not set", "null", "nil", "undefined", "unknown", "na"})
"""What may stand beside it for a medium that is not known; alone, it is not Direct."""


def is_direct(name: str) -> bool:
    """Whether a channel, or a source with its medium such as `(direct) / (none)`, is Direct, in any case."""
    parts = [_BLANKS.sub(" ", part).strip() for part in _PARTS.split(name.casefold().replace("n/a", "na"))]
    parts = [part for part in parts if part]
    return any(part in _DIRECT for part in parts) and all(part in _DIRECT or part in _NOTHING for part in parts)
