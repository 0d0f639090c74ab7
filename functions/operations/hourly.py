"""Every hour: merges small files of the lake's days. A second firing finds nothing left to merge."""

from typing import Any

from functions.operations.running import compact


def handler(_: dict[str, Any], context: Any) -> dict[str, Any]:
    return compact(context, closed=False)
