"""The resolver of ads' routes."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("ads")
