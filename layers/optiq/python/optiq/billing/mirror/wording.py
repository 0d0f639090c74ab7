"""What mails say of payments."""

from optiq.billing.mirror.telling import Notice, Tell
from optiq.kernel.settings import settings
from optiq.mail.api import billing
from optiq.mail.contracts import MailContent

_TEXTS: dict[Notice, tuple[str, str]] = {
    "PLAN_STARTED": (
        "Your plan {0} has begun",
        "Thank you. You paid {1}. The invoice and the receipt are in the console.",
    ),
    "INVOICE_PAID": (
        "We received {0}",
        "Thank you. Invoice {1} is paid. The invoice and the receipt are in the console.",
    ),
    "PACKAGE_PAID": ("We received {0}", "Thank you. {1} credits were added. The receipt is in the console."),
    "PAYMENT_FAILED": (
        "Your payment failed",
        "Invoice {0} could not be paid. Your plan stays for 7 days after the renewal. Check your card.",
    ),
    "INVOICE_FAILED": (
        "A payment failed",
        "Invoice {0} could not be paid. Your plan stays as it is, and the payment is tried again. Check your card.",
    ),
    "REFUNDED": (
        "We refunded {0}",
        "{0} of {1} were returned to your card in all. Your bank may take some days to show it.",
    ),
    "CANCEL_SET": (
        "Your plan {0} ends on {1}",
        "You keep all of it until then. After that your organization is on the Free plan and pays nothing. To keep the "
        "plan, open the console.",
    ),
    "CHANGE_SET": (
        "Your plan becomes {0} on {1}",
        "You keep {2} until then. To keep it for longer, open the console.",
    ),
    "SUBSCRIPTION_ENDED": (
        "Your plan {0} has ended",
        "Your organization is on the Free plan now. Credits that you bought stay.",
    ),
    "DUPLICATE_CANCELED": (
        "We canceled a second subscription",
        "Your organization had a plan already. The second payment was refunded in full.",
    ),
    "TRIAL_ENDING": (
        "Your trial of {0} ends on {1}",
        "Then your organization is on the Free plan. Nothing is charged. To keep {0}, choose it in the console.",
    ),
    "TRIAL_ENDED": (
        "Your trial of {0} has ended",
        "Your organization is on the Free plan now. Nothing was charged. You can choose a plan at any time.",
    ),
}


def mail_of(told: Tell) -> MailContent:
    title, paragraph = (text.format(*told.details) for text in _TEXTS[told.notice])
    return billing(title, paragraph, f"{settings().public_url.rstrip('/')}/console/plan")
