"""A recorded conversion becomes credits in the ledger, once in effect."""

import pytest
from optiq.attribution import api
from optiq.attribution.contracts import CreditStatus, Evidence, LeftOut, Model
from optiq.attribution.path import MAX_TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError, UpstreamError
from optiq.ports import wiring

from tests.functional.attribution.story import Story


def test_every_model_credits_an_arriving_conversion(story: Story) -> None:
    # Given a purchase after two touches
    story.touch("ann", 7, "Email")
    story.touch("ann", 0, "Direct")
    conversion = story.conversion("ann")

    # When it arrives
    story.arrive()

    # Then it is explained by every model, to the micro
    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id
    )
    assert explanation.status is CreditStatus.COMPUTED
    assert explanation.credits is not None
    micros = {model: [c.credit_micros for c in row] for model, row in explanation.credits.credits.items()}
    assert micros == {
        Model.FIRST_TOUCH: [10_000_001, 0],
        Model.LAST_TOUCH: [0, 10_000_001],
        Model.LAST_NON_DIRECT: [10_000_001, 0],
        Model.LINEAR: [5_000_001, 5_000_000],
        Model.TIME_DECAY: [3_333_334, 6_666_667],
        Model.POSITION_BASED: [5_000_001, 5_000_000],
        Model.W_SHAPED: [5_000_001, 5_000_000],
    }

    # And the ledger holds a row for each touch, with nothing for the models that were not computed
    rows = story.credit_rows()
    assert [(row["position"], row["path_length"], row["channel"], row["evidence"]) for row in rows] == [
        (1, 2, "Email", "DETERMINISTIC"),
        (2, 2, "Direct", "DETERMINISTIC"),
    ]
    assert [(row["linear_weight"], row["linear_micros"]) for row in rows] == [(0.5, 5_000_001), (0.5, 5_000_000)]
    assert {
        row[f"{model}_{kind}"] for row in rows for model in ("custom", "markov") for kind in ("weight", "micros")
    } == {None}


def test_path_comes_back_as_it_was(story: Story) -> None:
    touch = story.touch("ann", 1, "Paid Search", click_ids=(("gclid", "Cj0"), ("gad_source", "1")), landing_page="/a")
    conversion = story.conversion("ann")
    story.arrive()

    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id
    )
    assert explanation.path.touches == (touch,)


def test_conversion_without_a_touch_goes_to_no_tracked_visit(story: Story) -> None:
    conversion = story.conversion("ann", value_micros=5)
    story.arrive()

    (row,) = story.credit_rows()
    assert (row["touch_id"], row["touch_at"], row["position"], row["path_length"]) == ("", None, 0, 0)
    assert {row[name] for name in ("channel", "source", "medium", "campaign", "ad", "landing_page")} == {
        "No tracked visit"
    }
    assert (row["shapley_weight"], row["linear_weight"], row["linear_micros"], row["evidence"]) == (
        None,
        1.0,
        5,
        "NO_TOUCH",
    )
    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id
    )
    assert explanation.path.evidence is Evidence.NO_TOUCH


@pytest.mark.parametrize(("name", "counts_days"), [("Order Completed", 90), ("Signed Up", 30)])
def test_touches_left_out_say_why(story: Story, name: str, counts_days: int) -> None:
    # Given touches right at, just beyond and after what counts
    at_the_edge = story.touch("ann", counts_days, "Email")
    beyond = story.touch("ann", counts_days + 0.001, "Display")
    after = story.touch("ann", -0.001, "Direct")
    conversion = story.conversion("ann", name=name)
    story.arrive()

    # When the conversion is explained
    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id
    )

    # Then only the first counts, and the others say why they do not
    assert explanation.path.touches == (at_the_edge,)
    assert [(item.touch, item.reason) for item in explanation.left_out] == [
        (beyond, LeftOut.OUTSIDE_WINDOW),
        (after, LeftOut.AFTER_CONVERSION),
    ]


def test_conversion_not_yet_credited_is_pending(story: Story) -> None:
    touch = story.touch("ann", 1, "Email")
    conversion = story.conversion("ann")
    where = (Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id)

    # Before its credits are computed, and again when a touch turned up late
    first = api.explain_conversion(*where)
    story.arrive()
    story.revise(conversion)
    revised = api.explain_conversion(*where)

    for explanation in (first, revised):
        assert explanation.status is CreditStatus.PENDING
        assert explanation.credits is None
        assert explanation.path.touches == (touch,)


def test_replay_changes_nothing(story: Story) -> None:
    story.touch("ann", 1, "Email")
    story.conversion("ann")
    story.arrive()
    before = [{**row, "computed_at": None} for row in story.credit_rows()]

    story.arrive()

    assert [{**row, "computed_at": None} for row in story.credit_rows()] == before


def test_older_revision_never_overwrites_a_newer_one(story: Story) -> None:
    # Given credits of revision 2
    story.touch("ann", 1, "Email")
    old = story.conversion("ann")
    story.revise(old, value_micros=7)
    story.arrive()

    # When revision 1 is delivered late
    story.conversions[old.conversion_id] = old
    story.arrive()

    # Then the ledger holds revision 2
    assert {(row["revision"], row["value_micros"]) for row in story.credit_rows()} == {(2, 7)}
    story.conversions[old.conversion_id] = new = story.revise(old, value_micros=7)
    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, new.conversion_id
    )
    assert explanation.status is CreditStatus.COMPUTED
    assert explanation.credits is not None
    assert explanation.credits.credits[Model.LINEAR][0].credit_micros == 7


def test_crash_before_the_lake_is_mended_by_the_next_delivery(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a lake that fails
    story.touch("ann", 1, "Email")
    story.conversion("ann")

    def fail(*_: object) -> None:
        raise UpstreamError("no lake", retryable=True)

    with monkeypatch.context() as broken:
        broken.setattr(wiring.lake(), "append", fail)
        with pytest.raises(UpstreamError):
            story.arrive()
    assert story.credit_rows() == []

    # When the batch is delivered again
    story.arrive()

    # Then the credits are there
    assert len(story.credit_rows()) == 1


def test_batch_makes_one_file_a_day(story: Story) -> None:
    for customer_id in ("ann", "ben"):
        story.touch(customer_id, 3, "Email")
        story.conversion(customer_id)
    story.conversion("cat", days_before=1)

    story.arrive()

    assert [file.parent.name for file in story.credit_files()] == ["dt=2026-03-09", "dt=2026-03-10"]


def test_conversion_that_no_longer_exists_is_passed_over(story: Story) -> None:
    story.conversion("ann")
    refs = story.refs()
    story.conversions.clear()

    api.credit_arrivals(refs)

    assert story.credit_rows() == []


def test_refund_is_credited_like_its_sale(story: Story) -> None:
    for days_before in (3, 2, 1):
        story.touch("ann", days_before, "Email", touch_id=f"touch_{days_before}")
    story.conversion("ann", value_micros=-100)
    story.arrive()

    assert [row["linear_micros"] for row in story.credit_rows()] == [-34, -33, -33]


def test_site_of_another_organization_is_not_found(story: Story, organization_id: str) -> None:
    conversion = story.conversion("ann")
    story.arrive()

    with pytest.raises(NotFoundError):
        api.explain_conversion(Caller.system(organization_id), story.site.site_id, conversion.conversion_id)


def test_path_keeps_the_first_touch_and_the_nearest_when_there_are_too_many(story: Story) -> None:
    # Given more touches than a person makes
    touches = [story.touch("bot", 80 - number / 100, "Email").touch_id for number in range(MAX_TOUCHES + 2)]
    conversion = story.conversion("bot")
    story.arrive()

    # Then the first and the nearest count, and those between are left out
    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id
    )
    assert explanation.status is CreditStatus.COMPUTED
    ids = [touch.touch_id for touch in explanation.path.touches]
    assert ids == [touches[0], *touches[3:]]
    assert [(item.touch.touch_id, item.reason) for item in explanation.left_out] == [
        (touches[1], LeftOut.OVER_LIMIT),
        (touches[2], LeftOut.OVER_LIMIT),
    ]
    assert explanation.credits is not None
    assert explanation.credits.credits[Model.FIRST_TOUCH][0].weight == 1.0
