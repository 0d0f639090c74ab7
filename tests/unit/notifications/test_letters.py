"""What users call things stays out of subjects, and makes no link in a text."""

import re
from collections.abc import Callable

import pytest
from optiq.notifications import letters
from optiq.notifications.contracts import Letter
from optiq.notifications.rendering import as_html, as_text

URL = "https://optiq.example/console/invitation#secret"
Write = Callable[[str], Letter]
LETTERS: dict[str, Write] = {
    "inviter": lambda name: letters.invitation(name, "Hearth & Heron", "VIEWER", URL, "7 days"),
    "organization": lambda name: letters.invitation("Ann", name, "VIEWER", URL, "7 days"),
    "further in: inviter": lambda name: letters.group_invitation(
        name, "the team A", "MANAGER", "B", "VIEWER", URL, "w"
    ),
    "further in: group": lambda name: letters.group_invitation("Ann", name, "MANAGER", "B", "VIEWER", URL, "w"),
    "further in: organization": lambda name: letters.group_invitation("Ann", "A", "MANAGER", name, "VIEWER", URL, "w"),
}
NAMES = [
    "Your account is suspended, go to evil.example/x now",
    "https://evil.example",
    "HTTP://EVIL.EXAMPLE/a?b=c#d",
    "www.evil.example",
    "evil.example",
    "evil。example",
    "evil．example",
    "evil.\u200bexample",
    "mailto:me@evil.example",
    "me＠evil.example",
    "192.0.2.1/login",
    "https:\\\\evil.example",
    "//evil.example",
    "a..b.example",
]
# As mail programs look for them: a scheme, or labels with dots between, or an address of mail.
_LINK = re.compile(r"\w+:[/\\]{2}|[\w-]+[.。．｡․][\w-]+|\S@\S|\S＠\S")


@pytest.mark.parametrize("write", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_makes_no_link(write: Write, name: str) -> None:
    letter = write(name)
    said = (as_text(letter) + letter.subject).replace(URL, "")
    assert _LINK.search(said) is None
    assert as_html(letter).count("<a ") == 1


@pytest.mark.parametrize("write", LETTERS.values(), ids=LETTERS)
def test_a_subject_is_the_same_whatever_things_are_called(write: Write) -> None:
    assert {write(name).subject for name in (*NAMES, "Hearth", "x" * 500)} == {
        "You are invited to an organization on Optiq"
    }


@pytest.mark.parametrize("name", ["Hearth & Heron", "J. R. Smith", "Zoë Ångström", "山田 太郎", "O'Neill-Co, Ltd."])
def test_an_ordinary_name_is_said_as_it_is(name: str) -> None:
    assert f"{name} invites you" in LETTERS["inviter"](name).paragraphs[0]


def test_a_long_name_is_cut() -> None:
    said = LETTERS["organization"]("x" * 5_000).paragraphs[0]
    assert len(said) < 300


@pytest.mark.parametrize("name", ["two\nlines", "a\r\nBcc: b", "\x1b]0;title\x07", "tab\tbed"])
def test_a_name_stays_on_its_line(name: str) -> None:
    assert all(character.isprintable() for character in LETTERS["inviter"](name).paragraphs[0])
