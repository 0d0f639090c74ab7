"""The resolver of the routes of operations."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("operations")
