"""Conversions that another context sends through a connection. Its tokens stay here."""

from optiq.ads.connections.asking import asking
from optiq.ads.connections.stores import CONNECTIONS
from optiq.ads.platforms.asking import Answered
from optiq.ads.platforms.contract import Upload
from optiq.ads.platforms.registry import kinds, uploading
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock


def upload(organization_id: str, connection_id: str, upload: Upload, clock: Clock = system_clock) -> Answered:
    """What the platform answers, whatever that is.

    Raises:
        NotFoundError: there is no such connection. NoCredentialError: somebody must connect again; nothing was sent.
        PlatformError: no answer came (RETRY), or the token is not accepted, and nothing was taken.
    """
    connection = CONNECTIONS.get(Caller.system(organization_id), connection_id)
    return asking(connection, lambda platform, access: uploading(platform).upload(access, upload), clock=clock)


def lacking_scopes(organization_id: str, connection_id: str) -> tuple[str, ...]:
    """What a person has to permit yet before conversions can be sent. Raises NotFoundError."""
    connection = CONNECTIONS.get(Caller.system(organization_id), connection_id)
    needed = kinds()[connection.platform].capabilities.upload_scopes
    return tuple(scope for scope in needed if scope not in connection.scopes)
