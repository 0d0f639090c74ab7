"""What the worker of a destination has at hand."""

from dataclasses import dataclass

from optiq.ads.connections import api as connections
from optiq.ads.connections.upload_contracts import Answered, NoCredentialError, PlatformError, Upload
from optiq.feedback.destinations.contracts import Destination
from optiq.feedback.vendors.contract import Answer, Vendor
from optiq.feedback.vendors.registry import vendors
from optiq.feedback.vendors.writing import not_taken
from optiq.kernel.clock import Clock
from optiq.kernel.errors import InvalidError, NotFoundError

_CONNECT_AGAIN, _NOT_SET_UP = "CONNECT_AGAIN", "NOT_SET_UP"
_CONNECT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Worker:
    """Sends what is due at one destination; no other one does so at the same time."""

    destination: Destination
    clock: Clock

    @property
    def vendor(self) -> Vendor:
        return vendors()[self.destination.platform]

    @property
    def where(self) -> tuple[str, str, str]:
        one = self.destination
        return one.organization_id, one.site_id, one.destination_id

    def ask(self, upload: Upload) -> Answered | Answer:
        """What the platform answers; an Answer where there is none, or where it was not asked."""
        try:
            ids = (self.destination.organization_id, self.destination.connection_id)
            return connections.upload(*ids, upload, self.clock)
        except (NoCredentialError, NotFoundError):
            return Answer("WAIT", _CONNECT_AGAIN, wait_seconds=_CONNECT_SECONDS)
        except InvalidError:  # The operator took the app of the platform away.
            return Answer("WAIT", _NOT_SET_UP, wait_seconds=_CONNECT_SECONDS)
        except PlatformError as error:
            return not_taken(error.verdict)
