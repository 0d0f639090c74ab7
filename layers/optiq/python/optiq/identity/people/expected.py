"""Who may create an account: everybody, or whose address is invited or at a domain that the operator names.

The one place where that is judged. The operator's own `create_person` does not ask.
"""

from optiq.identity import keys
from optiq.identity.people.contracts import SignUpRule, UninvitedError
from optiq.identity.people.records import ExpectedRecord
from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.settings import settings
from optiq.kernel.table import Put
from optiq.mail import api as mails


def sign_up_rule() -> SignUpRule:
    domains = settings().sign_up_domains
    if domains is None:
        return SignUpRule("OPEN")
    return SignUpRule("DOMAINS", domains) if domains else SignUpRule("INVITED")


def may_sign_up(email: str, now_ms: int) -> bool:
    """Whether an account may be created for a checked address; one read of the table unless everybody may."""
    rule = sign_up_rule()
    if rule.policy == "OPEN":
        return True
    invited = ExpectedRecord.query(
        keys.address(mails.address_hash(email)).pk,
        ExpectedRecord.sk.startswith(keys.EXPECTED),
        consistent_read=True,
    )
    is_invited = any(int(record.until_ms) > now_ms for record in invited)
    return is_invited or email.partition("@")[2] in rule.domains


def require_may_sign_up(email: str, now_ms: int) -> None:
    """Raises UninvitedError. Only for an address that is proved: the answer tells whether it is invited."""
    if not may_sign_up(email, now_ms):
        raise UninvitedError("no account can be created with this e-mail here: ask to be invited")


def expecting(email: str, invitation_id: str, until_ms: int) -> Put:
    """Lets an address sign up until an instant, whatever the rule; an instant that is over ends it."""
    record = ExpectedRecord(
        *keys.expected(mails.address_hash(email), invitation_id),
        until_ms=until_ms,
        forget_at=(until_ms + DAY_MS) // SECOND_MS,
    )
    return Put(record, None)
