"""Scheduled mails: each period goes out once, to those who may see it, with the numbers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, from_rfc3339, to_rfc3339
from optiq.ports.mail import Mail
from optiq.reports.views import api as views
from optiq.sharing.dashboards import api as dashboards
from optiq.sharing.dashboards.contracts import Card
from optiq.sharing.mails import api as mails
from optiq.sharing.mails import records
from optiq.tenancy import api as tenancy
from optiq.tenancy.stores import MEMBERS
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import Someone
from tests.functional.reports.lake import Part, TestLake
from tests.functional.sharing.mailing import (
    DUE_MS,
    Carrier,
    Killed,
    body,
    eml,
    killing,
    listed,
    member,
    refusing,
    runs,
    schedule_of,
    statuses,
    sweep,
)
from tests.functional.sharing.making import save_view
from tests.functional.subscribers import deliver_events, hand_on_events, handed_on

NASTY = '"><script>alert(1)</script>'
TURNED = "\u202egnp.exe\u2066=2+3"


@pytest.fixture
def ben(table: DynamoDBClient, lake: TestLake, organization_id: str) -> Someone:
    return member(organization_id, "VIEWER")


def test_a_mail_goes_out_when_it_is_due_and_once(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann, ben)
    sweep(minutes=-1)
    assert (carrier.taken, runs(schedule)) == ([], [])

    for minutes in (0, 5, 10):
        sweep(minutes=minutes)

    assert [len(carrier.to(one)) for one in (ann, ben)] == [1, 1]
    assert statuses(schedule) == [("2026-01-12", "SENT", 2)]
    assert [mail.status for mail in listed(ann)] == ["SENT"]
    sweep(7 * 24)
    assert statuses(schedule)[0] == ("2026-01-19", "SENT", 2)
    assert len(carrier.to(ann)) == 2


def test_the_mail_has_the_numbers_of_the_week_before(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann, timezone="Europe/Berlin", hour=9)
    sweep()

    message = eml(carrier.to(ann)[0].mail_id)
    text, html = body(message, "plain"), body(message, "html")
    assert message["Subject"] == "Your report, 2026-01-05 to 2026-01-11"
    assert "Email  |  9.00\u00a0EUR" in text
    assert "Direct  |  5.00\u00a0EUR" in text
    assert "Total  |  14.00\u00a0EUR" in text
    assert "Data until 2026-01-12, 09:00 (Europe/Berlin)" in text
    assert "may still grow" not in text
    assert "width:100%" in html
    assert "width:56%" in html
    assert "<img" not in html
    assert "Monday &lt;b&gt;" in html
    assert f"/console/views?site={schedule.site_id}" in text
    [file] = list(message.iter_attachments())
    assert (file.get_filename(), file.get_content_type()) == ("1-channels.csv", "text/csv")
    assert file.get_payload(decode=True) == (
        "\ufeffchannel,revenue,revenue_micros,currency\r\nEmail,9,9000000,EUR\r\nDirect,5,5000000,EUR\r\n".encode()
    )


def test_two_sweeps_at_once_send_one_mail(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann, ben)
    start = Barrier(4)

    def one() -> None:
        start.wait(timeout=60)
        sweep()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(one) for _ in range(4)]:
            done.result()
    sweep(minutes=20)

    assert [len(carrier.to(one)) for one in (ann, ben)] == [1, 1]
    assert statuses(schedule) == [("2026-01-12", "SENT", 2)]


def test_a_sweep_that_was_killed_before_the_carrier_is_followed_by_one_that_sends(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    carrier.before = killing
    with pytest.raises(Killed):
        sweep()
    assert [mail.status for mail in listed(ann)] == ["SENDING"]

    carrier.before = lambda _: None
    for minutes in (20, 25):
        sweep(minutes=minutes)

    assert len(carrier.to(ann)) == 1
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]


def test_a_sweep_that_was_killed_between_two_recipients_sends_none_twice(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann, ben)

    def kill_at_ben(mail: Mail) -> None:
        if mail.to == ben.address:
            raise Killed

    carrier.before = kill_at_ben
    with pytest.raises(Killed):
        sweep()
    carrier.before = lambda _: None
    sweep(minutes=20)

    assert [len(carrier.to(one)) for one in (ann, ben)] == [1, 1]
    assert statuses(schedule) == [("2026-01-12", "SENT", 2)]


def test_a_kill_after_the_carrier_took_the_mail_leaves_one_file_of_it(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    carrier.after = killing
    with pytest.raises(Killed):
        sweep()
    carrier.after = lambda _: None
    sweep(minutes=20)

    assert len({mail.mail_id for mail in carrier.to(ann)}) == 1
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]


@pytest.mark.parametrize("write", ["run_put", "advance"])
def test_a_sweep_that_was_killed_after_the_mails_sends_none_again(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str, write: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, write, killing)
        with pytest.raises(Killed):
            sweep()
    sweep(minutes=20)

    assert len(carrier.to(ann)) == 1
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]
    listed_again = mails.get_schedule(maker, site_id, schedule.schedule_id, clock=lambda: DUE_MS + HOUR_MS)
    assert to_rfc3339(listed_again.due_ms or 0) == "2026-01-19T08:00:00.000Z"


def test_a_mail_waits_for_data_and_then_says_that_they_are_incomplete(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str
) -> None:
    # Steps of events were never made here.
    view = save_view(maker, site_id, metrics=["events"], dimensions=[])
    schedule = schedule_of(maker, site_id, view.view_id, ann)
    for hours in (0, 3, 5.9):
        sweep(hours)
    assert carrier.to(ann) == []
    assert statuses(schedule) == [("2026-01-12", "WAITING", 0)]

    sweep(6)

    assert "the numbers may still grow" in carrier.to(ann)[0].text
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]


def test_a_mail_waits_while_the_carrier_takes_none(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann, ben)
    carrier.before = lambda mail: refusing(mail) if mail.to == ben.address else None
    sweep()
    assert statuses(schedule) == [("2026-01-12", "WAITING", 0)]
    carrier.before = lambda _: None
    sweep(minutes=5)

    assert [len(carrier.to(one)) for one in (ann, ben)] == [1, 1]
    assert statuses(schedule) == [("2026-01-12", "SENT", 2)]


def test_who_made_it_is_told_when_it_could_not_be_sent(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ben)
    views.remove_view(maker, site_id, view_id)
    for minutes in (0, 5):
        sweep(minutes=minutes)
    hand_on_events()

    assert statuses(schedule) == [("2026-01-12", "FAILED", 0)]
    assert runs(schedule)[0].reason == "the view was removed"
    assert [[mail.kind for mail in listed(one)] for one in (ann, ben)] == [["REPORT_NOT_SENT"], []]
    requested = [one["detail"]["data"] for one in handed_on("MailRequested")]
    content = [one["content"] for one in requested if one["to"] == ann.address][-1]
    assert content["paragraphs"] == ["Monday <b> of 2026-01-12 was not sent: the view was removed."]


def test_a_carrier_that_takes_nothing_for_hours_is_a_failure(
    carrier: Carrier, maker: Caller, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ben)
    carrier.before = refusing
    for hours in (0, 6):
        sweep(hours)

    assert statuses(schedule) == [("2026-01-12", "FAILED", 0)]
    assert "1 of 1 mails were refused" in runs(schedule)[0].reason


def test_an_empty_report_is_skipped_where_that_is_chosen(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str
) -> None:
    view = save_view(maker, site_id, filters=[{"dimension": "channel", "operator": "is", "values": ["Radio"]}])
    skipped = schedule_of(maker, site_id, view.view_id, ann, skip_empty=True)
    sent = schedule_of(maker, site_id, view.view_id, ann, skip_empty=False)
    sweep()

    assert [statuses(one)[0][1] for one in (skipped, sent)] == ["EMPTY", "SENT"]
    assert len(carrier.to(ann)) == 1


def _left(maker: Caller, someone: Someone) -> None:
    found = MEMBERS.get(maker, someone.user_id)
    MEMBERS.change(maker, found, replace(found, left_ms=1))


def test_a_recipient_who_lost_access_gets_no_mail(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann, ben)
    _left(maker, ben)
    sweep()

    assert [len(carrier.to(one)) for one in (ann, ben)] == [1, 0]
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]


def test_nobody_gets_a_mail_whose_maker_lost_access(
    carrier: Carrier, maker: Caller, ann: Someone, ben: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ben)
    _left(maker, ann)
    sweep()
    deliver_events()

    assert carrier.taken == []
    assert statuses(schedule) == [("2026-01-12", "FAILED", 0)]


def test_nobody_gets_a_mail_of_an_archived_site(
    carrier: Carrier, maker: Caller, ben: Someone, site_id: str, view_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ben)
    site = replace(tenancy.get_site(maker.organization_id, site_id), status="ARCHIVED")
    monkeypatch.setattr(tenancy, "get_site", lambda *_: site)
    sweep()

    assert carrier.to(ben) == []
    assert runs(schedule)[0].status == "FAILED"


def test_a_period_that_is_over_is_missed_and_the_latest_is_sent(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    for _ in range(3):
        sweep(15 * 24)

    assert statuses(schedule) == [
        ("2026-01-26", "SENT", 1),
        ("2026-01-19", "MISSED", 0),
        ("2026-01-12", "MISSED", 0),
    ]
    assert [mail.subject for mail in carrier.to(ann)] == ["Your report, 2026-01-19 to 2026-01-25"]


def test_an_hour_that_is_moved_after_the_mail_sends_no_second_one(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    schedule = schedule_of(maker, site_id, view_id, ann)
    sweep()
    mails.change_schedule(maker, site_id, schedule.schedule_id, {"hour": 10}, clock=lambda: DUE_MS + HOUR_MS)
    sweep(2)

    assert len(carrier.to(ann)) == 1
    assert statuses(schedule) == [("2026-01-12", "SENT", 1)]


def test_a_mail_that_rests_or_was_removed_is_not_sent(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    clock: Callable[[], int] = lambda: from_rfc3339("2026-01-11T13:00:00Z")  # noqa: E731
    rests, removed = (schedule_of(maker, site_id, view_id, ann) for _ in range(2))
    mails.change_schedule(maker, site_id, rests.schedule_id, {"active": False}, clock=clock)
    mails.remove_schedule(maker, site_id, removed.schedule_id, clock=clock)
    sweep()
    assert carrier.to(ann) == []

    mails.change_schedule(maker, site_id, rests.schedule_id, {"active": True}, clock=clock)
    sweep()
    assert len(carrier.to(ann)) == 1


def test_names_that_visitors_chose_are_inert(
    carrier: Carrier, lake: TestLake, maker: Caller, ann: Someone, site_id: str
) -> None:
    lake.write_credits(
        lake.credit(
            "nasty",
            "2026-01-06T12:00:00Z",
            [Part(NASTY, 0.5, 1_000_000), Part(TURNED, 0.25, 500_000), Part("=HYPERLINK(evil.example)", 0.25, 500_000)],
        )
    )
    view = save_view(maker, site_id, name=f"{NASTY} https://evil.example/gnp.exe=2+3")
    schedule_of(maker, site_id, view.view_id, ann, name="gnp.exe=2+3")
    sweep()

    [sent] = carrier.to(ann)
    file = sent.attachments[0].content.decode("utf-8-sig")
    assert "<script" not in sent.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in sent.html
    for text in (sent.html, sent.text, sent.subject):
        assert not {"\u202e", "\u2066", "\u202d", "\u2067"} & set(text)
        assert "evil.example" not in text
        assert "gnp.exe" not in text
    assert "\r\n'=HYPERLINK(evil.example)," in file
    assert sent.attachments[0].name == "1-script-alert-1-script-https-evil-example-gnp-exe-2-3.csv"


def test_a_dashboard_is_sent_with_all_its_cards(
    carrier: Carrier, maker: Caller, ann: Someone, site_id: str, view_id: str
) -> None:
    gone = save_view(maker, site_id)
    cards = (
        Card("a", "VIEW", view_id, title="Where from"),
        Card("b", "TEXT", text="Read this: <i>well</i> " + "x" * 200, row=4),
        Card("c", "VIEW", gone.view_id, row=8),
    )
    board = dashboards.create_dashboard(maker, site_id, name="Board", cards=cards)
    views.remove_view(maker, site_id, gone.view_id)
    schedule_of(maker, site_id, board.dashboard_id, ann, kind="DASHBOARD", attach_csv=False)
    sweep()

    [sent] = carrier.to(ann)
    assert "Where from" in sent.text
    assert "&lt;i&gt;well&lt;/i&gt; " + "x" * 200 in sent.html
    assert "No numbers: there is no such view." in sent.text
    assert sent.attachments == ()
    assert f"&dashboard={board.dashboard_id}" in sent.text
