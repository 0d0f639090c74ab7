"""Makes an account in the table its environment names, and prints its session's secret: run by test_account.py."""

from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, SignedIn

ADDRESS, PASSWORD = "ann@shop.example", "correct horse battery staple"


def main() -> None:
    people.create_person(ADDRESS, "Ann", PASSWORD)
    signed_in = people.sign_in(ADDRESS, PASSWORD, Client("192.0.2.1"))
    assert isinstance(signed_in, SignedIn)
    print(signed_in.secret)


if __name__ == "__main__":
    main()
