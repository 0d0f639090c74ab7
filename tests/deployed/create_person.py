"""Makes an account in the table its environment names, and prints its session's secret: run by test_account.py.

The mails stay in this process: the emulator knows SES, but not what its permissions are about.
"""

import re

from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, SignedIn
from optiq.ports import wiring
from optiq.ports.mail import Mail

ADDRESS, PASSWORD = "ann@shop.example", "correct horse battery staple"


class Mailbox:
    def __init__(self) -> None:
        self.text = ""

    def send(self, mail: Mail) -> str:
        self.text = mail.text
        return mail.mail_id


def main() -> None:
    mailbox, client = Mailbox(), Client("192.0.2.1")
    wiring.mailer = lambda: mailbox  # type: ignore[assignment]
    people.sign_up(ADDRESS, "Ann", PASSWORD, client)
    link = re.search(r"#token=(\S+)", mailbox.text)
    assert link
    made = people.verify_email(link[1], PASSWORD, client)
    assert isinstance(made, SignedIn)
    print(made.secret)


if __name__ == "__main__":
    main()
