"""A look at a whole body that costs a hundredth of what Python's own expressions cost: Rust's, by way of pydantic."""

from collections.abc import Callable

from pydantic_core import SchemaValidator, core_schema


def finder(pattern: str) -> Callable[[str | bytes], bool]:
    """Says of a text whether the pattern occurs in it, in letters of either case; of what is no text, that it may."""
    found = SchemaValidator(core_schema.str_schema(regex_engine="rust-regex", pattern=f"(?i-u:{pattern})"))

    def occurs(text: str | bytes) -> bool:
        try:
            return found.isinstance_python(text.decode() if isinstance(text, bytes) else text)
        except UnicodeError:
            return True

    return occurs
