"""No context keeps personal data that a person's request would miss."""

from optiq.kernel.manifest import Context, contexts
from optiq.kernel.person import personal_contexts

_MARKS = ("#CUS#", "MATCH#", "CONSENT#", "FAILED#", "#HELD", "address hash", "EMAIL#")
_COLUMNS = {"customer_id", "person_id"}
_OF_USERS = {
    "identity": "accounts of members, who delete them themselves",
    "tenancy": "members, and who is invited to be one",
}
"""Contexts whose personal data is of people who use Optiq, not of those whom a site knows."""


def _is_personal(context: Context) -> bool:
    templates = [f"{item.pk} {item.sk} {item.gsi1pk} {item.gsi1sk}" for item in context.items]
    in_table = any(mark in template for template in templates for mark in _MARKS)
    return in_table or any(not _COLUMNS.isdisjoint(table.columns) for table in context.lake)


def test_a_context_with_personal_data_finds_exports_and_erases_it() -> None:
    personal = {context.name for context in contexts() if _is_personal(context)}

    assert {"journeys", "collect", "attribution", "reports", "notifications", "billing"} <= personal
    assert personal - _OF_USERS.keys() <= personal_contexts().keys()


def test_every_door_has_its_three_functions() -> None:
    for module in personal_contexts().values():
        assert all(callable(getattr(module, name)) for name in ("find", "export", "erase"))
