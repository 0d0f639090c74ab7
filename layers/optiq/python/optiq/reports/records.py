"""Answers of reports in the table."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table_ending import Temporary


class AnswerRecord(Temporary):
    """`answer` is compressed JSON, absent while it is first computed.

    `stamp` is of the files it was made of, `seen_ms` when they last had it. `run` names who computes it, until
    `busy_until_ms` at most.
    """

    answer = BinaryAttribute(legacy_encoding=False, null=True)
    stamp = UnicodeAttribute(null=True)
    seen_ms = NumberAttribute(default=0)
    run = UnicodeAttribute(null=True)
    busy_until_ms = NumberAttribute(null=True)
