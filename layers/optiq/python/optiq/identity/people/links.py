"""Where the links in our mails lead: pages of the console, which read the secret from the fragment.

A fragment is sent to no server and stands in no log, and opening a link does nothing yet: mail programs open links
before people do.
"""

from typing import Literal

from optiq.kernel.settings import settings

Page = Literal["verify-email", "sign-in", "sign-up", "magic-link", "reset-password", "account"]


def link_to(page: Page, secret: str = "") -> str:
    address = f"{settings().public_url}/console/{page}"
    return f"{address}#token={secret}" if secret else address
