"""A site at the moment of a sweep."""

from dataclasses import dataclass

from optiq.alerts.windows.api import mutes
from optiq.alerts.windows.contracts import Window
from optiq.kernel.caller import Caller
from optiq.tenancy.contracts import Site


@dataclass(frozen=True, slots=True)
class SiteNow:
    caller: Caller
    site: Site
    windows: tuple[Window, ...]
    now_ms: int

    @property
    def is_muted(self) -> bool:
        return mutes(self.windows, self.now_ms)
