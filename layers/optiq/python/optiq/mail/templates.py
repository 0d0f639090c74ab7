"""The mail templates: short texts with one button at most.

No subject has words that a user chose. Where a text has them, no mail program finds a link in them.
"""

import re
from collections.abc import Sequence

from optiq.mail.contracts import MailContent, MailTable, Template

_NOT_YOU = "If this was not you, ignore this mail: nothing happens without the link."


_NUMBER = r"(?<![^\s(])[0-9][0-9,]*\.[0-9]+(?=[,;:)%.]{0,2}(?:\s|$))"
_DOTS = re.compile(rf"({_NUMBER})|(?<=\S)[.\u3002\uff0e\uff61\u2024](?=\S)")
_SCHEMES = re.compile(r"[:\uff1a](?=[/\\\uff0f])")
_LONGEST_NAME = 80


def text_in_mail(chosen: str) -> str:
    """A text that somebody chose, on one line, without anything that looks like an address of a page or of mail.

    A number such as 3.2 stays. Marks that turn the direction of a text are left out too.
    """
    text = "".join(character if character.isprintable() else " " for character in chosen)
    text = _DOTS.sub(lambda found: found[1] or ". ", _SCHEMES.sub(" ", text))
    text = text.replace("@", " at ").replace("\uff20", " at ")
    return " ".join(text.split())


def name_in_mail(chosen: str) -> str:
    """A name that somebody chose, as `text_in_mail`; a long one is cut."""
    name = text_in_mail(chosen)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def verification(url: str, valid: str) -> MailContent:
    return MailContent(
        template="VERIFY_ADDRESS",
        subject="Confirm your e-mail for Optiq",
        paragraphs=("Welcome to Optiq. Confirm your e-mail with the password that you chose.",),
        action="Confirm e-mail",
        url=url,
        after=f"The link expires after {valid}. {_NOT_YOU}",
    )


def account_exists(url: str) -> MailContent:
    """For a sign-up with an e-mail that has an account."""
    return MailContent(
        template="ACCOUNT_EXISTS",
        subject="You already have an Optiq account",
        paragraphs=(
            "Somebody, probably you, tried to sign up with this e-mail. It already has an account. Nothing changed.",
        ),
        action="Sign in",
        url=url,
        after="Forgot the password? Reset it on the sign-in page.",
    )


def magic_link(url: str, valid: str) -> MailContent:
    return MailContent(
        template="MAGIC_LINK",
        subject="Your link to sign in to Optiq",
        paragraphs=("You asked for a link to sign in.",),
        action="Sign in",
        url=url,
        after=f"The link expires after {valid} and can be used once. {_NOT_YOU}",
    )


def password_reset(url: str, valid: str) -> MailContent:
    return MailContent(
        template="PASSWORD_RESET",
        subject="Reset your Optiq password",
        paragraphs=("You asked to reset your password. Every device has to sign in again afterwards.",),
        action="Reset password",
        url=url,
        after=f"The link expires after {valid} and can be used once. {_NOT_YOU}",
    )


def no_account(url: str) -> MailContent:
    """For a request of a link with an e-mail that has no account."""
    return MailContent(
        template="NO_ACCOUNT",
        subject="No Optiq account has this e-mail",
        paragraphs=("Somebody, probably you, asked for a link to sign in to Optiq. No account has this e-mail.",),
        action="Sign up",
        url=url,
        after="Did you sign up with another e-mail? If you do not use Optiq, ignore this mail.",
    )


def sign_up_closed(url: str) -> MailContent:
    """For a sign-up with an e-mail that may not sign up here."""
    return MailContent(
        template="SIGN_UP_CLOSED",
        subject="No Optiq account was created",
        paragraphs=(
            "Somebody, probably you, tried to sign up with this e-mail. Here, not everybody can create an account.",
            "Ask a colleague to invite this e-mail. The page says who else can sign up.",
        ),
        action="Who can sign up",
        url=url,
        after="If you do not use Optiq, ignore this mail.",
    )


def invitation(inviter: str, organization: str, role: str, url: str, valid: str) -> MailContent:
    inviter, organization = name_in_mail(inviter), name_in_mail(organization)
    return MailContent(
        template="INVITATION",
        subject="You are invited to an organization on Optiq",
        paragraphs=(f"{inviter} invites you to join {organization} on Optiq as {role}.",),
        action="See the invitation",
        url=url,
        after=f"The invitation expires after {valid}. If you do not know {inviter}, ignore this mail.",
    )


def group_invitation(
    inviter: str, group: str, group_role: str, organization: str, role: str, url: str, valid: str
) -> MailContent:
    """An invitation into a group, such as "the team Growth"; `role` is the one of a new member."""
    inviter, group, organization = name_in_mail(inviter), name_in_mail(group), name_in_mail(organization)
    return MailContent(
        template="INVITATION",
        subject="You are invited to an organization on Optiq",
        paragraphs=(
            f"{inviter} invites you to join {group} of {organization} on Optiq as {group_role}.",
            f"New members join {organization} as {role}.",
        ),
        action="See the invitation",
        url=url,
        after=f"The invitation expires after {valid}. If you do not know {inviter}, ignore this mail.",
    )


def new_device(device: str, place: str, when: str, url: str) -> MailContent:
    """For a sign-in from a new device; `place` may be ""."""
    where = f"{device}, {place}" if place else device
    return MailContent(
        template="NEW_DEVICE",
        subject="A new device signed in to your Optiq account",
        paragraphs=(f"A new device signed in to your account on {when}: {where}.",),
        action="See your sessions",
        url=url,
        after="If this was not you, end that session and change your password now.",
    )


def security_notice(what: str, url: str) -> MailContent:
    """For a change of how the person signs in; `what` is a sentence."""
    return MailContent(
        template="SECURITY_NOTICE",
        subject="Your Optiq account was changed",
        paragraphs=(what,),
        action="See your account",
        url=url,
        after="If this was not you, reset your password now on the sign-in page.",
    )


def report(
    name: str, period: str, paragraphs: tuple[str, ...], tables: tuple[MailTable, ...], url: str, unsubscribe_url: str
) -> MailContent:
    """A scheduled report; `name` is what it is called, and texts of the tables are made by `name_in_mail`."""
    return MailContent(
        template="REPORT",
        subject=f"Your report, {period}",
        paragraphs=(f"{name_in_mail(name)}, {period}.", *paragraphs),
        tables=tables,
        action="Open it in Optiq",
        url=url,
        after=f"You get this mail on a schedule of your organization. End it for you: {unsubscribe_url}",
    )


def report_not_sent(name: str, period: str, reason: str, url: str) -> MailContent:
    """For the owner of a scheduled report; `reason` is a sentence without a full stop."""
    return MailContent(
        template="REPORT_NOT_SENT",
        subject="A scheduled report was not sent",
        paragraphs=(f"{name_in_mail(name)} of {period} was not sent: {text_in_mail(reason)}.",),
        action="See the schedule",
        url=url,
        after="The next one is tried at its time.",
    )


def message(
    template: Template, title: str, paragraphs: Sequence[str], action: str, url: str, after: str
) -> MailContent:
    """A message that other channels have too; `title` is a sentence without words that a user chose or a full stop."""
    title, *below = map(text_in_mail, (title, *paragraphs))
    return MailContent(
        template=template,
        subject=title,
        paragraphs=(f"{title}.", *below),
        action=action,
        url=url,
        after=after,
    )


def billing(title: str, paragraph: str, url: str) -> MailContent:
    """About what an organization pays; `title` is a sentence without words that a user chose, without a full stop."""
    return MailContent(
        template="BILLING",
        subject=title,
        paragraphs=(f"{title}.", paragraph),
        action="See the plan",
        url=url,
        after="You get this mail because you chose your organization's plan.",
    )
