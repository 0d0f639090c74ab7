"""Upgrades: which version the data is of, and the steps from an earlier one."""

from optiq.kernel.manifest import Context, Item

CONTEXT = Context(
    name="upgrades",
    what="which version the data is of, and the steps from an earlier one",
    data="WORK",
    items=(
        Item(
            "version of the data",
            "DATA",
            "VERSION",
            "what the data is, and how far an upgrade is",
            tenantless=True,
            nobodys="it is of the whole table",
        ),
    ),
)
