"""Our mails' words: short, plain, and never more than one thing to press.

No subject has words that a user chose, and where a text has them, no mail program finds a link in them.
"""

import re

from optiq.notifications.contracts import Letter

_NOT_YOU = "If this was not you, do nothing: without the link nothing happens."


_DOTS = re.compile(r"(?<=\S)[.\u3002\uff0e\uff61\u2024](?=\S)")
_SCHEMES = re.compile(r"[:\uff1a](?=[/\\\uff0f])")
_LONGEST_NAME = 80


def _name(chosen: str) -> str:
    """A name that a user chose, in which nothing looks like an address of a page or of mail."""
    name = "".join(character if character.isprintable() else " " for character in chosen)
    name = _DOTS.sub(". ", _SCHEMES.sub(" ", name)).replace("@", " at ").replace("\uff20", " at ")
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def verification(url: str, valid: str) -> Letter:
    return Letter(
        template="VERIFY_ADDRESS",
        subject="Confirm your address for Optiq",
        paragraphs=(
            "Welcome to Optiq. One step is left: confirm that this address is yours, with the password you chose.",
        ),
        action="Confirm address",
        url=url,
        after=f"The link is good for {valid}. {_NOT_YOU}",
    )


def account_exists(url: str) -> Letter:
    """To who signs up with an address that has an account."""
    return Letter(
        template="ACCOUNT_EXISTS",
        subject="You already have an Optiq account",
        paragraphs=(
            "Somebody, probably you, tried to sign up with this address. It has an account, so nothing was changed.",
        ),
        action="Sign in",
        url=url,
        after="Forgot the password? The sign-in page sends you a link to choose another.",
    )


def magic_link(url: str, valid: str) -> Letter:
    return Letter(
        template="MAGIC_LINK",
        subject="Your link to sign in to Optiq",
        paragraphs=("Here is the link you asked for.",),
        action="Sign in",
        url=url,
        after=f"It works once, for {valid}. {_NOT_YOU}",
    )


def password_reset(url: str, valid: str) -> Letter:
    return Letter(
        template="PASSWORD_RESET",
        subject="Choose another password for Optiq",
        paragraphs=("Here is the link to choose another password. Every device will have to sign in again.",),
        action="Choose a password",
        url=url,
        after=f"It works once, for {valid}. {_NOT_YOU}",
    )


def no_account(url: str) -> Letter:
    """To who asks for a link with an address that has no account."""
    return Letter(
        template="NO_ACCOUNT",
        subject="No Optiq account has this address",
        paragraphs=("Somebody, probably you, asked for a link to sign in to Optiq. No account has this address.",),
        action="Sign up",
        url=url,
        after="Perhaps you signed up with another address. If you never heard of Optiq, do nothing.",
    )


def invitation(inviter: str, organization: str, role: str, url: str, valid: str) -> Letter:
    inviter, organization = _name(inviter), _name(organization)
    return Letter(
        template="INVITATION",
        subject="You are invited to an organization on Optiq",
        paragraphs=(f"{inviter} invites you to join {organization} on Optiq as {role}.",),
        action="See the invitation",
        url=url,
        after=f"The invitation is open for {valid}. If you do not know {inviter}, do nothing.",
    )


def group_invitation(
    inviter: str, group: str, group_role: str, organization: str, role: str, url: str, valid: str
) -> Letter:
    """To who is invited further in: `group` is such as "the team Growth"; `role` is what a newcomer becomes."""
    inviter, group, organization = _name(inviter), _name(group), _name(organization)
    return Letter(
        template="INVITATION",
        subject="You are invited to an organization on Optiq",
        paragraphs=(
            f"{inviter} invites you to join {group} of {organization} on Optiq as {group_role}.",
            f"If you are not in {organization} yet, you join it as {role}.",
        ),
        action="See the invitation",
        url=url,
        after=f"The invitation is open for {valid}. If you do not know {inviter}, do nothing.",
    )


def new_device(device: str, place: str, when: str, url: str) -> Letter:
    """To who signed in from a device we had not seen; `place` may be ""."""
    where = f"{device}, {place}" if place else device
    return Letter(
        template="NEW_DEVICE",
        subject="A new device signed in to your Optiq account",
        paragraphs=(f"Your account was signed in to on {when}, from a device we had not seen before: {where}.",),
        action="See your devices",
        url=url,
        after="If this was not you, end that session and change your password now.",
    )


def security_notice(what: str, url: str) -> Letter:
    """To whom something about signing in was changed; `what` is a sentence."""
    return Letter(
        template="SECURITY_NOTICE",
        subject="Your Optiq account was changed",
        paragraphs=(what,),
        action="See your account",
        url=url,
        after="If this was not you, choose another password now: the sign-in page sends you a link.",
    )
