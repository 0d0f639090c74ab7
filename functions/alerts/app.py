"""The resolver of the routes about alerts."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("alerts")
