"""Which passwords may be chosen."""

from dataclasses import replace

import pytest
from optiq.identity.people import passwords
from optiq.identity.people.passwords import check_password, hash_password, is_password
from optiq.kernel.errors import InvalidError
from optiq.kernel.settings import Settings, settings

OWN = ("ann.example@shop.example", "ann.example", "shop.example", "Ann Example", "Example")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "no rules of composition",
        "ÄÖÜ äöü ÄÖÜ äöü!",
        "🐎🔋📎✅ and some more",
        "ann.example likes long walks by the sea",
        " leading and trailing blanks count ",
    ],
)
def test_length_is_what_counts(password: str) -> None:
    check_password(password, second_factor=False, own_words=OWN)


@pytest.mark.parametrize(
    "password",
    [
        "fourteen chars",
        "x" * 1_025,
        "ä" * 513,
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "passwordpassword",
        "PasswordPassword",
        "passwordpasswordpassword",
        "password12345678",
        "qwertyuiop123456789",
        "123456789012345",
        "abcdefghijklmnop",
        "qwertyuiopasdfghjkl",
        "ponmlkjihgfedcba",
        "ann.example@shop.example",
        "ann.exampleann.example",
        "AnnExampleAnnExample!",
        "optiqoptiqoptiq",
    ],
)
def test_what_is_short_or_tried_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidError) as raised:
        check_password(password, second_factor=False, own_words=OWN)

    assert password not in str(raised.value)


def test_eight_characters_do_beside_a_second_factor_but_not_any_eight() -> None:
    check_password("k3!vm2qp", second_factor=True)
    for common in ("football", "Sunshine1", "trustno1"):
        with pytest.raises(InvalidError):
            check_password(common, second_factor=True)
    with pytest.raises(InvalidError):
        check_password("k3!vm2q", second_factor=True)


@pytest.fixture
def production_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a system takes whose environment says nothing of it; other tests take next to nothing."""
    cost = Settings.from_environment({}).password_memory_kib
    monkeypatch.setattr(passwords, "settings", lambda: replace(settings(), password_memory_kib=cost))


def test_a_hash_is_argon2id_with_a_salt_of_its_own(production_cost: None) -> None:
    first, second = hash_password("correct horse"), hash_password("correct horse")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert is_password(first, "correct horse")
    assert not is_password(first, "correct horsf")


def test_less_cost_is_refused_on_aws() -> None:
    with pytest.raises(ValueError, match="at least 19456"):
        Settings.from_environment({"OPTIQ_PASSWORD_MEMORY_KIB": "64"})


@pytest.mark.parametrize("password", ["", "a", "x" * 2_000, "\ud800"])
def test_nobody_has_no_password(password: str) -> None:
    assert not is_password(None, password)


def test_nobodys_password_is_as_much_work_as_anybodys(production_cost: None, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    hasher = passwords.hasher

    class Spy:
        def __init__(self, memory_kib: int) -> None:
            self._hasher = hasher(memory_kib)

        def hash(self, password: bytes) -> str:
            return self._hasher.hash(password)

        def verify(self, against: str, password: bytes) -> bool:
            kept.append(against)
            return self._hasher.verify(against, password)

    somebodys = hash_password("correct horse")
    monkeypatch.setattr(passwords, "hasher", Spy)
    is_password(None, "correct horse")
    is_password(somebodys, "correct horse")

    cost = "$argon2id$v=19$m=19456,t=2,p=1$"
    assert [against.startswith(cost) for against in kept] == [True, True]
    assert len(kept[0]) == len(kept[1])
