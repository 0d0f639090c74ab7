"""The resolver of the reports' routes."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("reports")
