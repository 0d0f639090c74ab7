"""The deletion context: organizations, workspaces, sites and accounts end, with all that is theirs, and a proof."""

from optiq.deletion.accounts import ACCOUNT_WAIT_DAYS, account_deletion, ask_for_account, keep_account
from optiq.deletion.asking import LONGEST_WAIT_DAYS, WAIT_DAYS, ask, cancel, list_deletions
from optiq.deletion.previewing import kept, preview
from optiq.deletion.running import step
from optiq.deletion.starting import start_due

__all__ = [
    "ACCOUNT_WAIT_DAYS",
    "LONGEST_WAIT_DAYS",
    "WAIT_DAYS",
    "account_deletion",
    "ask",
    "ask_for_account",
    "cancel",
    "keep_account",
    "kept",
    "list_deletions",
    "preview",
    "start_due",
    "step",
]
