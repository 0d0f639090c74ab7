"""Names in sentences: they stay names, whatever direction they are written in."""

import json
from typing import Any

import pytest

from tests.unit.console.modules import result_of

FSI, PDI, RLO, LRI = "\u2068", "\u2069", "\u202e", "\u2066"


def words(expression: str, *values: str) -> Any:
    return result_of("shared/words.ts", expression.format(*map(json.dumps, values)))


@pytest.mark.parametrize("name", ["", "Email", "Größe 🙂", "=1+1<script>"])
def test_a_name_without_a_direction_of_its_own_stays_as_it_is(name: str) -> None:
    assert words("m.isolated({})", name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"{RLO}txt.exe", f"{FSI}txt.exe{PDI}"),
        ("דואר", f"{FSI}דואר{PDI}"),
        (f"a{PDI}{RLO}b", f"{FSI}ab{PDI}"),
        (f"a{LRI}b", f"{FSI}ab{PDI}"),
        (f"a{FSI}b", f"{FSI}ab{PDI}"),
    ],
)
def test_marks_of_direction_in_a_name_end_with_it(name: str, shown: str) -> None:
    assert words("m.isolated({})", name) == shown
    assert words("m.t('By {{name}}: 3', {{ name: {} }})", name) == f"By {shown}: 3"


def test_names_that_stand_together_stay_apart() -> None:
    both = words("m.t('{{names}}', {{ names: [{}, {}].map(m.isolated).join(' + ') }})", "אב", f"{RLO}c")

    assert both == f"{FSI}{FSI}אב{PDI} + {FSI}c{PDI}{PDI}"
