"""A public site key is good for the organization and site it was signed for, and no other text is one."""

import base64
import secrets

import pytest
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import public_site_key, read_public_site_key

from tests.unit.kernel.forged_keys import FORGED, Forge

_SECRET = b"s" * 32
_NOW = 1_790_000_000_000


def _ids() -> tuple[str, str]:
    return new_id("org", _NOW), new_id("site", _NOW)


def test_a_key_names_its_organization_and_site() -> None:
    for _ in range(50):
        ids = _ids()
        assert read_public_site_key(_SECRET, public_site_key(_SECRET, *ids)) == ids


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_key_is_refused(forge: Forge) -> None:
    own, other = public_site_key(_SECRET, *_ids()), public_site_key(_SECRET, *_ids())
    # The right ones are known and remembered.
    read_public_site_key(_SECRET, own)
    read_public_site_key(_SECRET, other)
    with pytest.raises(InvalidError, match="unknown site key"):
        read_public_site_key(_SECRET, forge(own, other))


@pytest.mark.parametrize("secret", [b"", b"s" * 31, b"s" * 33, b"t" * 32])
def test_a_key_of_another_secret_is_refused(secret: bytes) -> None:
    with pytest.raises(InvalidError):
        read_public_site_key(_SECRET, public_site_key(secret, *_ids()))


def test_every_flipped_bit_is_refused() -> None:
    key = public_site_key(_SECRET, *_ids())
    raw = base64.urlsafe_b64decode(key.removeprefix("pk_") + "==")
    for bit in range(8 * len(raw)):
        forged = bytearray(raw)
        forged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidError):
            read_public_site_key(_SECRET, "pk_" + base64.urlsafe_b64encode(bytes(forged)).decode().rstrip("="))


def test_a_random_signature_is_refused() -> None:
    raw = base64.urlsafe_b64decode(public_site_key(_SECRET, *_ids()).removeprefix("pk_") + "==")
    for _ in range(1_000):
        forged = raw[:32] + secrets.token_bytes(10)
        with pytest.raises(InvalidError):
            read_public_site_key(_SECRET, "pk_" + base64.urlsafe_b64encode(forged).decode().rstrip("="))
