"""What is generated from code is committed, and up to date."""

import pytest

from scripts.build_console_types import FILE as CONSOLE_TYPES
from scripts.build_console_types import types
from scripts.build_docs import FILES
from scripts.build_pictures import FOLDER as PICTURES
from scripts.build_pictures import pictures
from scripts.build_schemas import FOLDER, schemas
from scripts.docs_index import entry_of


def test_the_pages_are_up_to_date() -> None:
    for path, text in FILES.items():
        assert path.read_text(encoding="utf-8") == text(), f"{path.name}: run `make docs`"


def test_the_message_schemas_are_up_to_date() -> None:
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == schemas(), "run `make docs`"


def test_the_pictures_of_the_models_are_up_to_date() -> None:
    assert {path.name: path.read_text() for path in PICTURES.iterdir()} == pictures(), "run `make docs`"


@pytest.mark.parametrize(
    "text",
    [
        "# Coupons\n",
        '<!-- {"index": "How to"} -->\n# Coupons\n',
        '<!-- {"index": "Coupons", "place": 1} -->\n# Coupons\n',
        '<!-- {"index": "How to", "place": 1} -->\nCoupons\n',
    ],
)
def test_index_refuses_a_page_that_does_not_name_its_section(text: str) -> None:
    with pytest.raises(ValueError, match=r"docs/coupons\.md: must begin with <!-- "):
        entry_of("coupons.md", text)


def test_the_consoles_types_are_up_to_date() -> None:
    assert CONSOLE_TYPES.read_text() == types(), "run `make docs`"
