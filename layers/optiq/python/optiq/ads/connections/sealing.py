"""Tokens are sealed for one organization, connection and field: moved to another place, they do not open.

A sealed text names the version of the key in its first two bytes. Version 0 is derived from the platform's secret. An
operator rotates by adding a key of a higher version to the secret of OAuth clients: what is written from then on is
sealed with it, and earlier versions still open.
"""

import base64

from cryptography.exceptions import InvalidTag

from optiq.ads.platforms.registry import sealing_keys
from optiq.kernel import sealing
from optiq.kernel.errors import UpstreamError
from optiq.kernel.secrets import platform_secret, sealing_key

_VERSION_BYTES = 2


def seal(organization_id: str, connection_id: str, field: str, plain: str) -> bytes:
    version = max(map(int, sealing_keys()), default=0)
    key = _key(version, organization_id)
    sealed = sealing.seal_with(key, plain.encode(), _place(organization_id, connection_id, field, version))
    return version.to_bytes(_VERSION_BYTES, "big") + sealed


def unseal(organization_id: str, connection_id: str, field: str, sealed: bytes) -> str:
    """Raises UpstreamError for what was sealed for another place, was changed, or needs a key that is not there."""
    version = int.from_bytes(sealed[:_VERSION_BYTES], "big")
    place = _place(organization_id, connection_id, field, version)
    try:
        return sealing.unseal_with(_key(version, organization_id), sealed[_VERSION_BYTES:], place).decode()
    except InvalidTag as error:
        raise UpstreamError("a credential of an advertising platform does not open", retryable=False) from error


def _place(organization_id: str, connection_id: str, field: str, version: int) -> str:
    return f"{organization_id}|{connection_id}|{field}|{version}"


def _key(version: int, organization_id: str) -> bytes:
    if not version:
        return sealing_key(platform_secret(), "ad-credential", organization_id)
    text = sealing_keys().get(str(version))
    if text is None:
        raise UpstreamError(f"the sealing key of version {version} is not configured", retryable=True)
    return sealing_key(base64.b64decode(text), "ad-credential", organization_id)
