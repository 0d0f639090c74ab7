"""POST /webhooks/stripe: takes what Stripe tells us, and answers when it is on the stream."""

from optiq.billing.gateways.api import stripe_account
from optiq.billing.webhooks.api import receive
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import NotFoundError, OptiqError
from optiq.kernel.http import Event, Response, body_bytes, header, problem
from optiq.kernel.routes import answers
from optiq.ports import wiring


@answers(
    "POST /webhooks/stripe",
    open_because="Stripe calls it, and signs what it sends",
    keyless_because="Stripe names each event itself",
)
def handler(event: Event, _context: object) -> Response:
    try:
        account = stripe_account()
        if account is None:
            raise NotFoundError("nothing is paid for here: this system has no account at Stripe")
        outcome = receive(
            body_bytes(event), header(event, "stripe-signature"), account, wiring.stream(), system_clock()
        )
    except OptiqError as error:
        return problem(error)
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": outcome}
