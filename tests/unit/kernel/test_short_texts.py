"""A cache keeps what it was asked for short texts, and nothing of long ones."""

from collections.abc import Sequence

from optiq.kernel.short_texts import cached_when_short


def test_answers_for_short_texts_are_kept_and_those_for_long_ones_are_not() -> None:
    asked: list[str] = []

    @cached_when_short(10)
    def length(text: str, _others: Sequence[str] = ()) -> int:
        asked.append(text[:5])
        return len(text)

    short, long = "s" * 500, "l" * 501
    assert [length(text) for text in (short, short, long, long)] == [500, 500, 501, 501]
    assert asked == ["sssss", "lllll", "lllll"]
