"""The resolver of billing's routes."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("billing")
