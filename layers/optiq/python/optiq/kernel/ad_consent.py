"""What a visitor says of advertising: whether platforms may get data of theirs, and choose advertisements by it.

The names are Google's: `ad_user_data` and `ad_personalization`. An event carries it as a short text, because most say
the same: the source's letter and one letter for each purpose, as in `TGD`, and perhaps which text was agreed to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Said = Literal["GRANTED", "DENIED", "UNKNOWN"]
Purpose = Literal["AD_USER_DATA", "AD_PERSONALIZATION"]
Source = Literal["TRACKER", "SEGMENT", "GOOGLE", "GPC"]
"""Which sender said so: the tracker, Segment's API, Google's Measurement Protocol, or a browser by its signal."""
PURPOSES: tuple[Purpose, ...] = ("AD_USER_DATA", "AD_PERSONALIZATION")

_SAID: Mapping[str, Said] = {"G": "GRANTED", "D": "DENIED", "U": "UNKNOWN"}
_SOURCES: Mapping[str, Source] = {"T": "TRACKER", "S": "SEGMENT", "M": "GOOGLE", "P": "GPC"}
_LETTERS = {source: letter for letter, source in _SOURCES.items()}
_NAME = re.compile(r"[\w.:-]{1,64}", re.ASCII)
OPTED_OUT = "PDD"
"""Of a browser that sends Global Privacy Control."""


@dataclass(frozen=True, slots=True)
class AdConsent:
    """
    Attributes:
        policy_version, text_hash: which policy and which text the visitor agreed to, as the sender names them, or "".
    """

    ad_user_data: Said
    ad_personalization: Said
    source: Source
    policy_version: str = ""
    text_hash: str = ""

    def of(self, purpose: Purpose) -> Said:
        return self.ad_user_data if purpose == "AD_USER_DATA" else self.ad_personalization


def written(consent: AdConsent) -> str:
    """As an event carries it; "" where it says nothing."""
    if consent.ad_user_data == consent.ad_personalization == "UNKNOWN":
        return ""
    letters = f"{_LETTERS[consent.source]}{consent.ad_user_data[0]}{consent.ad_personalization[0]}"
    return "|".join((letters, consent.policy_version, consent.text_hash)).rstrip("|")


@lru_cache(maxsize=1_024)
def read(text: str) -> AdConsent | None:
    """What an event carries; None where it says nothing."""
    if not text:
        return None
    version, _, text_hash = text[4:].partition("|")
    return AdConsent(_SAID[text[1]], _SAID[text[2]], _SOURCES[text[0]], version, text_hash)


def lets_user_data(text: str) -> bool:
    """Whether an event's consent lets advertising platforms have data of its visitor."""
    return text[1:2] == "G"


def name_or_none(value: object) -> str:
    """The name of a policy or the hash of a text; "" for what is no name of at most 64 letters, digits and `_.:-`."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""
