"""How long data is kept, as the API reads and writes it."""

from optiq.kernel.lake_tables import DataClass
from optiq.kernel.schemas import In, Out, shows
from optiq.retention.contracts import Retention
from pydantic import Field, StrictInt


class DataRetentionPatch(In):
    """Days to keep; what is absent stays. With `version`, only while it is of that version."""

    events_days: StrictInt = Field(730, description="events and what follows from them; 30 to 3650", examples=[400])
    ads_days: StrictInt = Field(3_650, description="costs and results of ads; 30 to 3650")
    errors_days: StrictInt = Field(30, description="occurrences of errors; 1 to 30")
    audit_days: StrictInt = Field(2_557, description="entries of the audit log; 365 to 3650")
    version: StrictInt | None = None


@shows(Retention)
class DataRetentionOut(Out):
    """For how many days data is kept. Of version 0 nothing was changed."""


class KeptOut(Out):
    """A class of data: what it holds, why, how long, and whose personal data it has ("" for nobody's)."""

    data: DataClass
    what: str
    why: str
    kept: str
    personal: str
    entities: list[str]


class DataMapOut(Out):
    """Everything that is kept, by class."""

    version: int
    retention: DataRetentionOut
    classes: list[KeptOut]
