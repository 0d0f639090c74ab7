"""Answers of reports, and how far runs are, in the table."""

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from optiq.kernel.keys import Key
from optiq.kernel.table import Record
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


class RunStateRecord(Record):
    """How far a job is with an organization.

    Attributes:
        until_ms: what was in the lake by then is made.
        traffic: what had come in when days were last looked at.
        declared: sites with the properties that they declared by then (declared.py).
        busy_until_ms: another run has the organization until then.
    """

    until_ms = NumberAttribute(default=0)
    traffic = UnicodeAttribute(default="")
    declared = UnicodeSetAttribute(null=True)
    busy_until_ms = NumberAttribute(default=0)


class KeptRecord(Record):
    """From which `day` on events are kept; `folds` are stamps and last days by timezone (kept.py)."""

    day = UnicodeAttribute()
    folds = JSONAttribute()


def complete_until(key: Key) -> int:
    """What was in the lake by then is made: an instant in milliseconds; 0 before the first run."""
    return int(run_state(key).until_ms)


def run_state(key: Key) -> RunStateRecord:
    try:
        return RunStateRecord.get(*key)
    except RunStateRecord.DoesNotExist:
        return RunStateRecord(*key)
