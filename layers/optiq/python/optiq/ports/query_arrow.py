"""Answers in columns, in the types their reader asked for."""

from typing import TYPE_CHECKING

from optiq.kernel.errors import UpstreamError

if TYPE_CHECKING:
    import pyarrow as pa


def fitted(answer: "pa.Table", schema: "pa.Schema") -> "pa.Table":
    """The schema's columns of an answer, in its types. Raises UpstreamError when one is missing or does not fit."""
    # Imported late: who asks for rows only need not load it.
    import pyarrow as pa

    try:
        return answer.select(schema.names).cast(schema)
    except (KeyError, pa.ArrowException) as error:
        raise UpstreamError(f"the query's answer does not fit: {error}", retryable=False) from error
