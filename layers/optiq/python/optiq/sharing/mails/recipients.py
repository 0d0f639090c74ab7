"""Who may get a scheduled mail: members who may see the site's reports, at the time of the mail."""

from optiq.sharing.access import still_sees
from optiq.sharing.mails.contracts import MailSchedule

SEES = ("reports:read",)
"""What a recipient must have."""


def may_receive(schedule: MailSchedule, user_id: str, now_ms: int) -> bool:
    if not user_id.startswith("user_"):
        return False
    return still_sees(schedule.organization_id, schedule.site_id, user_id, SEES, now_ms) is not None
