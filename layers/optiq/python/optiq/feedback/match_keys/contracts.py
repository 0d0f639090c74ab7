"""What is known of a conversion's buyer for advertising platforms, and whether they may be told."""

from dataclasses import dataclass, field

from optiq.collect.match_keys.contracts import GoogleKeys, MatchKeys, MetaKeys, TikTokKeys
from optiq.kernel.ad_consent import Said

__all__ = ["GoogleKeys", "Match", "MatchKeys", "MetaKeys", "Said", "TikTokKeys"]


@dataclass(frozen=True, slots=True)
class Match:
    """
    Attributes:
        ad_user_data: whether the person lets data of theirs be sent to advertising platforms. Unless it is GRANTED
            nothing of the conversion may be sent, and `keys` is None.
        ad_personalization: whether it may be used to choose advertisements for them.
        gpc: a browser of theirs sends Global Privacy Control, which is why both are DENIED.
        site_off: the site has conversion feedback turned off: nothing of it may be sent either.
        keys: None where no keys were captured, or they have ended.
    """

    ad_user_data: Said
    ad_personalization: Said
    gpc: bool = False
    site_off: bool = False
    keys: MatchKeys | None = field(default=None, repr=False)
