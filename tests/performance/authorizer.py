"""What the authorizer adds to a request, warm: CPU of this process, for a secret it knows and one it must look up."""

import tempfile
import time

from infra.local.system import attach
from tests.performance.figures import Figure

_GOAL_MS = 2.0


def measure(requests: int = 500) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        secret = _session()
        looked_up = _cpu_ms(secret, requests, known=False)
        return [
            Figure("a session or key it knows", _cpu_ms(secret, requests, known=True), "ms", _GOAL_MS),
            Figure(
                "one it looks up, once a minute for each",
                looked_up,
                "ms",
                _GOAL_MS,
                ratio=f"{looked_up / _pynamodb_cpu_ms(secret, requests):.2f} × the same read by PynamoDB alone",
            ),
        ]


def _session() -> str:
    """The session of a person in an organization."""
    from optiq.identity.people import api as people
    from optiq.identity.people.contracts import Client, SignedIn
    from optiq.kernel.caller import Caller
    from optiq.tenancy import api as tenancy
    from optiq.tenancy.members import api as members

    client, password = Client("203.0.113.7"), "correct horse battery staple"
    user = people.create_person("ann@shop.example", "Ann", password)
    organization_id = tenancy.create_organization(Caller.system(""), name="Shop", currency="EUR").organization_id
    members.add_owner(Caller.system(organization_id), user.user_id)
    signed_in = people.sign_in("ann@shop.example", password, client)
    if not isinstance(signed_in, SignedIn):
        raise TypeError("a second factor is asked for")
    return people.switch_organization(people.admit(signed_in.secret), organization_id, client).secret


def _cpu_ms(secret: str, requests: int, *, known: bool) -> float:
    from optiq.identity.people import admission

    from functions.identity import authorizer

    event = {
        "routeKey": "GET /v1/sites/{site_id}",
        "headers": {"authorization": f"Bearer {secret}"},
        "requestContext": {"http": {"method": "GET"}},
    }
    authorizer.handler(event, None)
    started = time.process_time()
    for _ in range(requests):
        if not known:
            admission.forget_known()
        answer = authorizer.handler(event, None)
        if not answer["isAuthorized"] or answer["context"]["role"] != "OWNER":
            raise ValueError("the session of an owner is refused")
    return (time.process_time() - started) / requests * 1_000


def _pynamodb_cpu_ms(secret: str, requests: int) -> float:
    """For the items that the authorizer reads, by the way that all other reads take."""
    from optiq.identity import keys
    from optiq.identity.people.bearer import named_by
    from optiq.identity.people.records import AdmissionRecord
    from optiq.kernel.secrets import digest_of

    user_id, organization_id = named_by(secret) or ("", "")
    wanted = [
        keys.session(user_id, digest_of(secret)),
        keys.user(user_id),
        keys.membership(user_id, organization_id),
    ]
    started = time.process_time()
    for _ in range(requests):
        if len(list(AdmissionRecord.batch_get(wanted, consistent_read=True))) != len(wanted):
            raise ValueError("an item is missing")
    return (time.process_time() - started) / requests * 1_000
