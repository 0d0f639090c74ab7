"""JSON as RFC 8259 has it."""

import json
import re
from typing import Any, NoReturn

_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def read_json(text: str) -> Any:
    """The value of a text: no NaN, no Infinity, no half of a character, no nesting beyond what can be read.

    Raises:
        JSONDecodeError: it is not such JSON.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if _HALF.search(text):
            # A pair of halves is a character; one alone can't be written anywhere.
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        # Nested too deeply, a number of too many digits, or half a character.
        raise json.JSONDecodeError("cannot be read", "", 0) from error
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)
