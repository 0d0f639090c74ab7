"""The resolver of the routes about feedback."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("feedback")
