"""A setting of how long data is kept, for the tests over all routes."""

from collections.abc import Mapping

IDS: Mapping[str, object] = {}
BODIES: Mapping[str, object] = {"PATCH /v1/data-retention": {"errors_days": 20}}
