"""Names that users choose stay out of subjects, and become no link in a text."""

import re
from collections.abc import Callable

import pytest
from optiq.mail import templates as mail_templates
from optiq.mail.contracts import MailContent
from optiq.mail.rendering import as_html, as_text

URL = "https://optiq.example/console/invitation#secret"
Write = Callable[[str], MailContent]
TEMPLATES: dict[str, Write] = {
    "inviter": lambda name: mail_templates.invitation(name, "Hearth & Heron", "VIEWER", URL, "7 days"),
    "organization": lambda name: mail_templates.invitation("Ann", name, "VIEWER", URL, "7 days"),
    "further in: inviter": lambda name: mail_templates.group_invitation(
        name, "the team A", "MANAGER", "B", "VIEWER", URL, "w"
    ),
    "further in: group": lambda name: mail_templates.group_invitation("Ann", name, "MANAGER", "B", "VIEWER", URL, "w"),
    "further in: organization": lambda name: mail_templates.group_invitation(
        "Ann", "A", "MANAGER", name, "VIEWER", URL, "w"
    ),
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


@pytest.mark.parametrize("write", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_becomes_no_link(write: Write, name: str) -> None:
    content = write(name)
    text = (as_text(content) + content.subject).replace(URL, "")
    assert _LINK.search(text) is None
    assert as_html(content).count("<a ") == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_message_has_no_link_but_its_own(name: str) -> None:
    content = mail_templates.message("ALERT", name, (name,), "See it", URL, "Why you get it.")

    assert _LINK.search((as_text(content) + content.subject).replace(URL, "")) is None


@pytest.mark.parametrize("write", TEMPLATES.values(), ids=TEMPLATES)
def test_a_subject_is_the_same_for_every_name(write: Write) -> None:
    assert {write(name).subject for name in (*NAMES, "Hearth", "x" * 500)} == {
        "You are invited to an organization on Optiq"
    }


@pytest.mark.parametrize("name", ["Hearth & Heron", "J. R. Smith", "Zoë Ångström", "山田 太郎", "O'Neill-Co, Ltd."])
def test_an_ordinary_name_is_kept(name: str) -> None:
    assert f"{name} invites you" in TEMPLATES["inviter"](name).paragraphs[0]


def test_a_long_name_is_cut() -> None:
    text = TEMPLATES["organization"]("x" * 5_000).paragraphs[0]
    assert len(text) < 300


@pytest.mark.parametrize("name", ["two\nlines", "a\r\nBcc: b", "\x1b]0;title\x07", "tab\tbed"])
def test_a_name_stays_on_its_line(name: str) -> None:
    assert all(character.isprintable() for character in TEMPLATES["inviter"](name).paragraphs[0])
