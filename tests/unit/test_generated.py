"""What is generated from code is committed, and up to date."""

from scripts.build_docs import PATH, access_patterns
from scripts.build_pictures import FOLDER as PICTURES
from scripts.build_pictures import pictures
from scripts.build_schemas import FOLDER, schemas


def test_the_access_patterns_page_is_up_to_date() -> None:
    assert PATH.read_text() == access_patterns(), "run `make docs`"


def test_the_message_schemas_are_up_to_date() -> None:
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == schemas(), "run `make docs`"


def test_the_pictures_of_the_models_are_up_to_date() -> None:
    assert {path.name: path.read_text() for path in PICTURES.iterdir()} == pictures(), "run `make docs`"
