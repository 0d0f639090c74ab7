"""Alerts in the table."""

from optiq.alerts import keys
from optiq.alerts.lifecycle.contracts import Alert
from optiq.store.api import Store

ALERTS = Store(Alert, "alert", keys.alert)
