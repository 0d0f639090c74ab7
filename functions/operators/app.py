"""The resolver of the operator's routes."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("operator")
