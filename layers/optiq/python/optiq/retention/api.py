"""The retention context: how long which data is kept, and the night's sweep that ends it."""

from optiq.retention.classes import CLASSES
from optiq.retention.mapping import data_map
from optiq.retention.settings import get_retention, set_retention
from optiq.retention.sweeping import sweep

__all__ = ["CLASSES", "data_map", "get_retention", "set_retention", "sweep"]
