"""What the authorizer adds to a request, warm: CPU of this process, for a secret it knows and one it must look up."""

import tempfile
import time

from infra.local.system import attach
from tests.performance.figures import Figure

_GOAL_MS = 2.0


def measure(requests: int = 500) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        secret = _session()
        return [
            Figure("a session or key it knows", _cpu_ms(secret, requests, known=True), "ms", _GOAL_MS),
            Figure(
                "one it looks up, once a minute for each",
                _cpu_ms(secret, requests, known=False),
                "ms",
                note="nine tenths of it boto3's own, for one BatchGetItem",
            ),
        ]


def _session() -> str:
    """The session of a person in an organization."""
    from optiq.identity.people import api as people
    from optiq.identity.people.contracts import Client, SignedIn
    from optiq.tenancy import api as tenancy
    from optiq.tenancy.members import api as members

    client, password = Client("203.0.113.7"), "correct horse battery staple"
    user = people.create_person("ann@shop.example", "Ann", password)
    organization_id = tenancy.create_organization(name="Shop", currency="EUR").organization_id
    members.add_owner(organization_id, user.user_id)
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
        if not answer["isAuthorized"] or "missing_permission" in answer["context"]:
            raise ValueError("the session of an owner is refused")
    return (time.process_time() - started) / requests * 1_000
