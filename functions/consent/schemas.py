"""Consent as the API writes it."""

from optiq.consent.contracts import ConsentRecord, Standing
from optiq.kernel.schemas import Out, shows


@shows(Standing)
class StandingOut(Out):
    """What holds now, on all devices together. `gpc`: a browser sends Global Privacy Control, so both are DENIED."""


@shows(ConsentRecord, but=("site_id", "subject"))
class ConsentRecordOut(Out):
    """What was said of one purpose, when, by which sender; with the policy and the text that it named, if any."""


class ConsentHistoryOut(Out):
    """`records`: every change, the newest first; `more` where there are older ones."""

    standing: StandingOut
    records: list[ConsentRecordOut]
    more: bool
