"""How everything in ads asks a platform: with tokens that are renewed once, and a state that says when they are not."""

import time
from collections.abc import Callable
from typing import TypeVar

from optiq.ads.connections import credentials, states
from optiq.ads.connections.contracts import Connection
from optiq.ads.connections.credentials import Sleep
from optiq.ads.platforms.contract import Platform
from optiq.ads.platforms.registry import get_platform, signing_in
from optiq.ads.platforms.verdicts import PlatformError
from optiq.kernel.clock import Clock, system_clock

T = TypeVar("T")


def asking(
    connection: Connection,
    work: Callable[[Platform, str], T],
    *,
    clock: Clock = system_clock,
    sleep: Sleep = time.sleep,
) -> T:
    """What `work` gets of the platform with an access token. It is called once more where the token ended meanwhile.

    Raises:
        NoCredentialError: somebody must connect again; the platform was not asked.
        PlatformError: what the platform says. After REAUTH the connection is REAUTH_REQUIRED.
    """
    platform = get_platform(connection.platform)
    if not platform.capabilities.signs_in:
        return work(platform, "")
    signs_in, ids = signing_in(platform), (connection.organization_id, connection.connection_id)
    try:
        credential = credentials.usable(signs_in, *ids, clock=clock, sleep=sleep)
        try:
            return work(platform, credential.tokens.access)
        except PlatformError as error:
            if error.verdict.outcome == "REAUTH":
                credentials.refuse(credential)
            if error.verdict.outcome != "EXPIRED":
                raise
        again = credentials.usable(signs_in, *ids, after_version=credential.version, clock=clock, sleep=sleep)
        return work(platform, again.tokens.access)
    except PlatformError as error:
        if error.verdict.outcome == "REAUTH":
            states.require_reauth(*ids, platform, error.verdict.code, clock())
        raise
