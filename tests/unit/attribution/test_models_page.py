"""The page that explains the models says what is so: its example runs, its pictures are there."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

from optiq.attribution.contracts import Model

from scripts.build_pictures import PATHS

PAGE = Path(__file__).parents[3] / "docs" / "attribution-models.md"


def test_the_example_prints_what_the_page_says() -> None:
    code, shown = re.findall(r"```(?:python|text)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)
    assert printed.getvalue() == shown

    # And the pictures learnt from the same paths
    assert tuple(names["paths"]) == PATHS


def test_every_model_has_its_picture() -> None:
    pictures = re.findall(r"!\[.+\]\((pictures/.+)\)", PAGE.read_text())
    assert pictures == [f"pictures/{model.lower()}.svg" for model in Model]
    assert all((PAGE.parent / picture).exists() for picture in pictures)
