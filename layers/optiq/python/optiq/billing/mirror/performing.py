"""Makes effects happen, each once for its source: a mail, the end of a second subscription, credits."""

from optiq.audit.contracts import Change
from optiq.billing import keys
from optiq.billing.accounts.stored import account_of
from optiq.billing.gateways.account import stripe_account
from optiq.billing.gateways.contract import Reading
from optiq.billing.mirror import effects
from optiq.billing.mirror.crediting import credit
from optiq.billing.mirror.months import follow
from optiq.billing.mirror.records import EffectRecord
from optiq.billing.mirror.telling import Tell
from optiq.billing.mirror.wording import mail_of
from optiq.billing.own_site.api import report_payment
from optiq.billing.own_site.contracts import Earned, Returned
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
            case Tell():
                tell(effect, self._clock)
            case Earned() | Returned():
                self._report(effect)
            case effects.CancelDuplicate():
                self._cancel_duplicate(effect)
            case effects.FollowMonths():
                follow(effect.subscription, self._clock)
            case _:
                credit(effect, self._clock)

    def _report(self, effect: Earned | Returned) -> None:
        """To our own site, if one is named; an event that is sent twice counts once."""
        account = stripe_account()
        if account is None or not account.own_site or _is_done(effect.organization_id, effect.source):
            return
        report_payment(account.own_site, effect, self._clock)
        with table_outages():
            EffectRecord(*keys.effect(effect.organization_id, effect.source)).save()

    def _cancel_duplicate(self, effect: effects.CancelDuplicate) -> None:
        if _is_done(effect.organization_id, effect.source):
            return
        self._gateway.cancel_and_refund(effect.subscription_id, effect.source)
        entry = Change(effect.organization_id, ACTOR, "subscription.duplicate_canceled", effect.subscription_id, {}, {})
        told = Tell(effect.source, effect.organization_id, "DUPLICATE_CANCELED")
        tell(told, self._clock, Transaction(entries=(entry,)))


def tell(told: Tell, clock: Clock, besides: Transaction | None = None) -> None:
    """Requests a mail to who pays, once for its source; `besides` is committed with it."""
    if _is_done(told.organization_id, told.source):
        return
    address = account_of(told.organization_id, clock()).email
    asked = Transaction()
    if address:
        mail = request_mail("billing", address, mail_of(told), organization_id=told.organization_id, clock=clock)
        asked = Transaction(mail.writes, events=(mail.event,))
    claim = EffectRecord(*keys.effect(told.organization_id, told.source))
    unused = EffectRecord.pk.does_not_exist()
    try:
        (Transaction((Put(claim, unused),)) + asked + (besides or Transaction())).commit()
    except VersionError:
        return  # Another worker did it in between.


def _is_done(organization_id: str, source: str) -> bool:
    try:
        with table_outages():
            EffectRecord.get(*keys.effect(organization_id, source), consistent_read=True)
    except EffectRecord.DoesNotExist:
        return False
    return True
