"""What mails say of payments."""

from optiq.billing.mirror.effects import Notice, Tell
from optiq.kernel.settings import settings
from optiq.mail.api import billing
from optiq.mail.contracts import MailContent

_TEXTS: dict[Notice, tuple[str, str]] = {
    "PLAN_STARTED": ("Your plan {detail} has begun", "Thank you. The invoice and the receipt are in the console."),
    "PAYMENT_FAILED": (
        "Your payment failed",
        "Invoice {detail} could not be paid. Your plan stays for 7 days after the renewal. Check your card.",
    ),
    "SUBSCRIPTION_ENDED": (
        "Your plan {detail} has ended",
        "Your organization is on the Free plan now. Credits that you bought stay.",
    ),
    "DUPLICATE_CANCELED": (
        "We canceled a second subscription",
        "Your organization had a plan already. The second payment was refunded in full.",
    ),
}


def mail_of(told: Tell) -> MailContent:
    title, paragraph = (text.format(detail=told.detail) for text in _TEXTS[told.notice])
    return billing(title, paragraph, f"{settings().public_url.rstrip('/')}/console/plan")
