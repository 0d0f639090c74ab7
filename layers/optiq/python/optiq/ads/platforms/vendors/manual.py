"""Costs that a customer sends, as a platform: no sign-in, one account, and nothing to ask anybody for."""

from collections.abc import Mapping

from optiq.ads.platforms.contract import ClientSettings, VendorAccount
from optiq.ads.platforms.traits import Capabilities, Landing


class Manual:
    name = "MANUAL"
    title = "Manual costs"
    capabilities = Capabilities(signs_in=False, restate_days=0)
    landing = Landing()
    defaults: Mapping[str, str] = {}

    def __init__(self, _: ClientSettings) -> None:
        """Nobody is asked for anything."""

    def accounts(self, _: str) -> list[VendorAccount]:
        return [VendorAccount("manual", self.title, "", "UTC")]


PLATFORM = Manual
