"""The item of an answer that is kept for its Idempotency-Key."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table_ending import Temporary


class KeptAnswerRecord(Temporary):
    """`answer` is absent while the request runs, until `busy_until_ms` at most.

    `run` names the attempt that may write the answer; `request` is the digest of what was sent.
    """

    run = UnicodeAttribute()
    request = UnicodeAttribute()
    busy_until_ms = NumberAttribute()
    answer = BinaryAttribute(legacy_encoding=False, null=True)
