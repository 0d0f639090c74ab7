"""`optiq user`: people who sign in."""

import sys

import click

from optiq_cli.connection import System
from optiq_cli.options import connection_options, json_option
from optiq_cli.output import print_fields, print_json


@click.group()
def user() -> None:
    """Users: people who sign in."""


@user.command()
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", required=True, help="What people call the user.")
@click.option("--organization", "organization_id", metavar="ID", help="An organization that the user shall own.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.  [default: ask]")
@json_option
@connection_options(hidden=True)
def create(email: str, name: str, organization_id: str | None, password_stdin: bool, as_json: bool) -> None:
    """Create a user. This needs the operator's key. Others join by invitation."""
    operator = System().operator()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    body = {"email": email, "name": name, "password": password}
    if organization_id:
        body["organization_id"] = organization_id
    created = operator.post("/v1/operator/users", body)
    if as_json:
        print_json(created)
    else:
        print_fields(created)


@user.command()
@click.option("--email", required=True, help="E-mail of the user.")
@json_option
@connection_options(hidden=True)
def staff(email: str, as_json: bool) -> None:
    """Make a user a member of the staff, who sees what is broken in the console. This needs the operator's key."""
    added = System().operator().post("/v1/operator/staff", {"email": email})
    if as_json:
        print_json(added)
    else:
        print_fields(added)
