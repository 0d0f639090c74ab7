"""Writes docs/access-patterns.md from the keys module."""

from pathlib import Path

from optiq.kernel.keys import CHART

PATH = Path(__file__).parent.parent / "docs" / "access-patterns.md"
_HEAD = """# Access patterns

One DynamoDB table, one index (`gsi1`). This page is generated from `optiq/kernel/keys.py` (`make docs`).

| entity | pk | sk | gsi1pk | gsi1sk | access pattern |
|---|---|---|---|---|---|
"""


def access_patterns() -> str:
    """The page's text."""
    rows = ((r.entity, r.pk, r.sk, r.gsi1pk, r.gsi1sk, r.access_pattern) for r in CHART)
    code = (
        [entity, *(f"`{key}`" if key else "" for key in key_columns), pattern] for entity, *key_columns, pattern in rows
    )
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in code)


if __name__ == "__main__":
    PATH.write_text(access_patterns())
