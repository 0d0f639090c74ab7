"""The resolver of the routes of notifications."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("notifications")
