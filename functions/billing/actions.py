"""What is asked of Stripe for people: paying, changing the plan, the portal. A function of its own, for its package."""

from optiq.billing.subscribing import api as subscribing
from optiq.identity.people import api as people
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.clock import system_clock

from functions.billing.schemas_plans import (
    BillingOut,
    ChangeIn,
    ChangePreviewOut,
    CheckoutIn,
    CheckoutOut,
    FindingOut,
    FindingsOut,
    PortalOut,
    PreviewIn,
    PurchaseIn,
    PushedOut,
)

app = make_resolver("billing")
_WHY_KEYLESS = "it changes nothing"


@app.post("/v1/billing/checkout", needs="billing:write", summary="A page to pay on; within 30 minutes the same again")
def start_checkout(request: CheckoutIn) -> CheckoutOut:
    stripe = subscribing.gateway()
    return CheckoutOut.model_validate(
        subscribing.start_checkout(
            caller_of(app), stripe, plan=request.plan, interval=request.interval, currency=request.currency
        )
    )


@app.post("/v1/credits/checkout", needs="billing:write", summary="A page to pay for a package of credits on")
def start_purchase(request: PurchaseIn) -> CheckoutOut:
    return CheckoutOut.model_validate(
        subscribing.start_purchase(
            caller_of(app), subscribing.gateway(), package_id=request.package_id, currency=request.currency
        )
    )


@app.post(
    "/v1/billing/preview",
    needs="billing:read",
    keyless_because=_WHY_KEYLESS,
    summary="What a change of the plan would cost, and when it would take effect",
)
def preview_change(request: PreviewIn) -> ChangePreviewOut:
    stripe = subscribing.gateway()
    return ChangePreviewOut.model_validate(
        subscribing.preview_change(caller_of(app), stripe, plan=request.plan, interval=request.interval)
    )


@app.post("/v1/billing/change", needs="billing:write", summary="Change the plan as it was previewed")
def change_plan(request: ChangeIn) -> BillingOut:
    subscribing.change_plan(
        caller_of(app),
        subscribing.gateway(),
        plan=request.plan,
        interval=request.interval,
        at_ms=request.at,
        total_micros=request.total_micros,
    )
    return _billing()


@app.post("/v1/billing/cancel", needs="billing:write", summary="End the plan with its period")
def cancel() -> BillingOut:
    subscribing.cancel(caller_of(app), subscribing.gateway())
    return _billing()


@app.post(
    "/v1/billing/resume",
    needs="billing:write",
    summary="Keep the plan: take back what was to happen, or go on after a pause",
)
def keep() -> BillingOut:
    subscribing.keep(caller_of(app), subscribing.gateway())
    return _billing()


@app.post("/v1/billing/pause", needs="billing:write", summary="Pause the plan at once")
def pause() -> BillingOut:
    subscribing.pause(caller_of(app), subscribing.gateway())
    return _billing()


@app.post("/v1/billing/portal", needs="billing:write", summary="The page where cards and addresses are changed")
def open_portal() -> PortalOut:
    return PortalOut(url=subscribing.open_portal(caller_of(app)))


@app.post("/v1/operator/billing/push", operator=True, summary="Make products and prices at Stripe that are missing")
def push() -> PushedOut:
    _require_operator()
    return PushedOut(made=list(subscribing.push(subscribing.gateway())))


@app.get("/v1/operator/billing/check", operator=True, summary="Whether Stripe has what Optiq expects")
def check() -> FindingsOut:
    _require_operator()
    return FindingsOut(
        items=[FindingOut.model_validate(one) for one in subscribing.check(subscribing.gateway())], cursor=None
    )


def _require_operator() -> None:
    """Raises UnauthenticatedError for anybody else, LimitExceededError."""
    people.operator_of(app)
    people.reserve_operator(system_clock())


def _billing() -> BillingOut:
    return BillingOut.model_validate(subscribing.billing_of(caller_of(app)))


handler = app
