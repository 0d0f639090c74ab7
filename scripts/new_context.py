"""Writes the files of a new context with one entity, two routes and a page: `make context NAME=coupons ENTITY=coupon`.

The files are those of scripts/context_template/, which is such a context, with other names.
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEMPLATE = Path(__file__).with_name("context_template")
_NAME = re.compile(r"[a-z][a-z0-9]{2,30}")
_WORD = re.compile("coupons|coupon", re.IGNORECASE)


def files_of(name: str, entity: str) -> dict[str, str]:
    """The files of a context, by their paths.

    Raises:
        ValueError: a name that is none for a folder and a class.
    """
    for text in (name, entity):
        if not _NAME.fullmatch(text):
            raise ValueError(f"{text!r}: must have 3 to 31 small letters and digits, and begin with a letter")

    def named(text: str) -> str:
        return _WORD.sub(lambda found: _in_case(name if found[0].lower() == "coupons" else entity, found[0]), text)

    paths = sorted(path for path in TEMPLATE.rglob("*.*") if "__pycache__" not in path.parts)
    return {named(path.relative_to(TEMPLATE).as_posix()): named(path.read_text(encoding="utf-8")) for path in paths}


def _in_case(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[0].isupper() else word


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the files of a new context.")
    parser.add_argument("name", help="plural, such as coupons")
    parser.add_argument("entity", help="what one is called, such as coupon")
    arguments = parser.parse_args()
    files = files_of(arguments.name, arguments.entity)
    if existing := [path for path in files if (ROOT / path).exists()]:
        parser.error(f"{existing[0]} is there already: choose another name")
    for path, text in files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
