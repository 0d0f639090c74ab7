"""Passwords: how they are kept, and which may be chosen.

argon2id with the least parameters OWASP names (19 MiB, 2 passes, 1 lane): 32 ms of CPU here, and memory that fits a
small function (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html). One machine may take
less memory (`OPTIQ_PASSWORD_MEMORY_KIB`), as tests do. A password is the
bytes that were typed, in UTF-8, none of them cut off. What may be chosen follows NIST SP 800-63B-4, 3.1.1.2: length
and a blocklist, no rules of composition.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from optiq.kernel.errors import InvalidError
from optiq.kernel.settings import settings

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_ALONE = 15
LEAST_WITH_SECOND_FACTOR = 8
_MOST_BYTES = 1_024
_COMMON = Path(__file__).parent / "common_passwords.txt"
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
_TRIMMED = " !?.,;:-_*#@$0123456789"


def hash_password(password: str) -> str:
    """The argon2id string to keep."""
    return hasher(settings().password_memory_kib).hash(_bytes(password))


def is_password(kept: str | None, password: str) -> bool:
    """Whether this is the password behind a kept hash. Without one it is as much work, and False."""
    from argon2.exceptions import VerifyMismatchError

    # Whatever is longer was never kept; hashing it would only be work for whoever sends it.
    typed = _bytes(password) if len(_bytes(password)) <= _MOST_BYTES else b""
    memory_kib = settings().password_memory_kib
    try:
        return hasher(memory_kib).verify(kept or nobodys_hash(memory_kib), typed) and kept is not None
    except VerifyMismatchError:
        return False


def check_password(password: str, *, second_factor: bool, own_words: tuple[str, ...] = ()) -> None:
    """Raises InvalidError, which says why, for a password that may not be chosen.

    Args:
        own_words: what anybody would try of this person: the address, the name.
    """
    least = LEAST_WITH_SECOND_FACTOR if second_factor else LEAST_ALONE
    if len(password) < least:
        unless = "" if second_factor else f" ({LEAST_WITH_SECOND_FACTOR} once two-factor sign-in is on)"
        raise InvalidError(f"password: must have at least {least} characters{unless}")
    if len(_bytes(password)) > _MOST_BYTES:
        raise InvalidError(f"password: must have at most {_MOST_BYTES} bytes")
    if _is_guessable(password.lower(), own_words):
        raise InvalidError("password: is one that is tried first; choose another")


def _bytes(password: str) -> bytes:
    """What JSON can say includes half characters, which UTF-8 cannot."""
    return password.encode("utf-8", "surrogatepass")


def _is_guessable(password: str, own_words: tuple[str, ...]) -> bool:
    """Whether it is a common password, a pattern, or hardly more than what is known of the person."""
    if {password, password.strip(_TRIMMED)} & _common():
        return True
    rest = password
    for word in ("optiq", *own_words):
        rest = rest.replace(word.lower(), "") if len(word) >= 4 else rest
    unit = _repeated(rest)
    return len(rest) < LEAST_WITH_SECOND_FACTOR or len(unit) < 5 or unit in _common() or _is_run(unit)


def _repeated(text: str) -> str:
    """The shortest text of which this one is a repetition: `ab` of `ababab`."""
    return text[: (text + text).index(text, 1)] if text else text


def _is_run(text: str) -> bool:
    """Whether it only walks along the alphabet, the digits or rows of a keyboard."""
    return any(text in row * 4 or text[::-1] in row * 4 for row in (*_ROWS, "".join(_ROWS[2:5]), "1234567890"))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(line for line in _COMMON.read_text(encoding="utf-8").splitlines() if not line.startswith("# "))


@lru_cache(maxsize=1)
def hasher(memory_kib: int) -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)


@lru_cache(maxsize=1)
def nobodys_hash(memory_kib: int) -> str:
    """A hash of the same cost that no password is behind."""
    return f"{hasher(memory_kib).hash(b'')[:-43]}{'A' * 43}"
