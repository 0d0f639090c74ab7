"""Makes effects happen, each once for its source: a mail, the end of a second subscription, credits."""

from optiq.audit.contracts import Change
from optiq.billing import keys
from optiq.billing.accounts.stored import account_of
from optiq.billing.gateways.contract import Reading
from optiq.billing.mirror import effects
from optiq.billing.mirror.crediting import credit
from optiq.billing.mirror.months import follow
from optiq.billing.mirror.records import EffectRecord
from optiq.billing.mirror.wording import mail_of
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import VersionError
from optiq.kernel.table import Put, table_outages
from optiq.mail.api import request_mail
from optiq.store.api import Transaction

ACTOR = "stripe"
"""The actor of what follows from payments, in the audit log."""


class Performer:
    """Called with each effect of the mirror; the same effect again changes nothing."""

    def __init__(self, gateway: Reading, clock: Clock = system_clock) -> None:
        self._gateway, self._clock = gateway, clock

    def __call__(self, effect: effects.Effect) -> None:
        """Raises UpstreamError where the same may succeed later."""
        match effect:
            case effects.Tell():
                self._tell(effect, Transaction())
            case effects.CancelDuplicate():
                self._cancel_duplicate(effect)
            case effects.FollowMonths():
                follow(effect.subscription, self._clock)
            case _:
                credit(effect, self._clock)

    def _tell(self, told: effects.Tell, besides: Transaction) -> None:
        if _is_done(told.organization_id, told.source):
            return
        address = account_of(told.organization_id, self._clock()).email
        asked = Transaction()
        if address:
            mail = request_mail(
                "billing", address, mail_of(told), organization_id=told.organization_id, clock=self._clock
            )
            asked = Transaction(mail.writes, events=(mail.event,))
        claim = EffectRecord(*keys.effect(told.organization_id, told.source))
        unused = EffectRecord.pk.does_not_exist()
        try:
            (Transaction((Put(claim, unused),)) + asked + besides).commit()
        except VersionError:
            return  # Another worker did it in between.

    def _cancel_duplicate(self, effect: effects.CancelDuplicate) -> None:
        if _is_done(effect.organization_id, effect.source):
            return
        self._gateway.cancel_and_refund(effect.subscription_id, effect.source)
        entry = Change(effect.organization_id, ACTOR, "subscription.duplicate_canceled", effect.subscription_id, {}, {})
        told = effects.Tell(effect.source, effect.organization_id, "DUPLICATE_CANCELED", "")
        self._tell(told, Transaction(entries=(entry,)))


def _is_done(organization_id: str, source: str) -> bool:
    try:
        with table_outages():
            EffectRecord.get(*keys.effect(organization_id, source), consistent_read=True)
    except EffectRecord.DoesNotExist:
        return False
    return True
