"""Tables of a mail: drawn without pictures, with nothing in them that a mail program would run or follow."""

import pytest
from optiq.mail import templates as mail_templates
from optiq.mail.contracts import MailContent, MailRow, MailTable
from optiq.mail.rendering import as_html, as_text

HEBREW = "\u05e9\u05dc\u05d5\u05dd"


def content(*tables: MailTable) -> MailContent:
    return MailContent("REPORT", "Subject", ("Hello.",), "Bye.", tables=tables)


def test_a_table_is_in_both_bodies() -> None:
    table = MailTable("Channels", ("Channel", "Revenue"), (MailRow(("Email", "9.00 EUR"), 0.5),), "2 of 3 rows.")
    text, html = as_text(content(table)), as_html(content(table))

    assert text == "Hello.\n\nChannels\nChannel  |  Revenue\nEmail  |  9.00 EUR\n2 of 3 rows.\n\nBye.\n\nOptiq\n"
    for part in (">Channels</h2>", ">Channel</th>", ">Email</td>", ">9.00 EUR</td>", "width:50%", ">2 of 3 rows.</p>"):
        assert part in html
    assert "<img" not in html


def test_cells_are_texts() -> None:
    nasty = "<b onclick=x>&\"'"
    html = as_html(content(MailTable(nasty, (nasty,), (MailRow((nasty,)),), nasty)))

    assert "<b " not in html
    assert html.count("&lt;b onclick=x&gt;&amp;&quot;&#x27;") == 4


@pytest.mark.parametrize(("bar", "percent"), [(-1, 0), (0, 0), (0.004, 0), (1, 100), (7, 100)])
def test_a_bar_stays_in_its_cell(bar: float, percent: int) -> None:
    html = as_html(content(MailTable("", ("A",), (MailRow(("a",), bar), MailRow(("b",))))))

    assert f"width:{percent}%" in html
    assert html.count("border-radius:2px") == 2


def test_letters_from_right_to_left_move_nothing_beside_them() -> None:
    row = MailRow((HEBREW, "9.00 EUR"))

    assert f"\u2068{HEBREW}\u2069  |  9.00 EUR" in as_text(content(MailTable("A", ("A", "B"), (row,))))
    assert f'dir="auto">{HEBREW}</td>' in as_html(content(MailTable("A", ("A", "B"), (row,))))


def test_a_text_keeps_its_length_and_a_name_does_not() -> None:
    text = "x" * 500

    assert mail_templates.text_in_mail(text) == text
    assert len(mail_templates.name_in_mail(text)) == 80


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\x00"])
def test_a_text_has_no_marks_that_turn_or_hide_it(mark: str) -> None:
    assert mail_templates.text_in_mail(f"a{mark}b") == "a b"


@pytest.mark.parametrize("text", ["Email: 0 instead of 3.2; Direct: 2.3.", "(0.5)", "12.5 % of 1,234.50 EUR, as usual"])
def test_text_keeps_its_numbers(text: str) -> None:
    assert mail_templates.text_in_mail(text) == text


@pytest.mark.parametrize("text", ["1.2.3.4", "1.2.example", "3.2/x", "shop.3.2", "10.1:8080"])
def test_text_with_dots_that_are_no_number_has_no_address(text: str) -> None:
    assert "." not in mail_templates.text_in_mail(text).replace(". ", "")
