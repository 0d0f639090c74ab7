"""The resolver of deletions; each module of routes adds its own, and `routes` is the handler."""

from optiq.kernel.api_resolver import make_resolver

app = make_resolver("deletion")
