"""Values that say nothing where any word may stand, such as a campaign's name or a click id."""

import re
from urllib.parse import unquote

_NOTHING = frozenset({"", "null", "nil", "none", "nonetype", "undefined", "nan", "notset", "not set", "not_set"})
# {{campaign.name}} {campaignid} {keyword:shoes} ${name} %%name%% [[name]] *|NAME|*, TikTok's __CAMPAIGN_NAME__ and
# [CAMPAIGN_NAME], each the whole. [brand] and [SALE] may be names.
_TEMPLATE = re.compile(
    r"\((?i:not set|not provided|null|undefined)\)|(?i:\[object .*)|[$#]?\{+[^{}]*\}+|(%{1,2})[A-Za-z_][\w.\-]*\1|"
    r"\[\[.*\]\]|\*\|.*\|\*|__[A-Z][A-Z0-9_]*__|\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\]",
)


def is_blank(text: str) -> bool:
    """Whether a text is a language's nothing, or a template that was not filled in, also URL-encoded.

    `email` and `(none)` are mediums.
    """
    return _says_nothing(text) or ("%" in text and _says_nothing(unquote(text)))


def _says_nothing(text: str) -> bool:
    word = text.strip()
    return word.lower() in _NOTHING or _TEMPLATE.fullmatch(word) is not None
