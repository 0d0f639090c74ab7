"""Whether a platform may be told of a conversion's person now, and by what it may find them."""

from optiq.feedback import reasons
from optiq.feedback.match_keys import api as match_keys
from optiq.feedback.match_keys.contracts import MatchKeys
from optiq.feedback.outbox.contracts import Entry
from optiq.feedback.vendors.contract import Matched
from optiq.kernel.clock import Clock
from optiq.kernel.errors import NotFoundError


def matched(entry: Entry, clock: Clock) -> Matched | str:
    """By what a platform may find the person; or, as a reason, why it may not be told.

    It is asked right before sending, so that consent which was withdrawn meanwhile counts.

    Raises:
        UpstreamError: it cannot be read now.
    """
    try:
        match = match_keys.read(entry.organization_id, entry.site_id, entry.conversion_id, clock=clock)
    except NotFoundError:
        return reasons.ERASED
    if match.site_off:
        return reasons.SITE_OFF
    if match.ad_user_data != "GRANTED":
        return reasons.GPC if match.gpc else reasons.CONSENT
    return Matched(
        match.keys or MatchKeys(), dict(entry.click_ids), entry.clicked_ms, match.ad_personalization == "GRANTED"
    )
