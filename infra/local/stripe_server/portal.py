"""The customer portal: what it may do, and sessions of it."""

from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_CANCEL = {
    "cancellation_reason": {"enabled": False, "options": []},
    "enabled": False,
    "mode": "at_period_end",
    "proration_behavior": "none",
}
_UPDATE: Obj = {
    "billing_cycle_anchor": None,
    "default_allowed_updates": [],
    "enabled": False,
    "proration_behavior": "none",
    "schedule_at_period_end": {"conditions": []},
    "trial_update_behavior": "continue_trial",
}
_PAUSE = {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False}


def create_configuration(world: World, request: Request) -> Obj:
    asked = request.inner("features")

    def on(name: str) -> bool:
        return bool(asked.get(name, {}).get("enabled") == "true")

    features = {
        "customer_update": {
            "enabled": on("customer_update"),
            "allowed_updates": asked.get("customer_update", {}).get("allowed_updates", []),
        },
        "invoice_history": {"enabled": on("invoice_history")},
        "payment_method_update": {"enabled": on("payment_method_update"), "payment_method_configuration": None},
        "subscription_cancel": _CANCEL | {"enabled": on("subscription_cancel")},
        "subscription_pause": _PAUSE | {"enabled": on("subscription_pause")},
        "subscription_update": _UPDATE | {"enabled": on("subscription_update")},
    }
    return world.add(
        "billing_portal.configuration",
        features=features,
        updated=world.time_of(),
        metadata=request.inner("metadata"),
    )


def list_configurations(world: World, request: Request) -> Obj:
    found = world.all_of("billing_portal.configuration")
    return request.page("/v1/billing_portal/configurations", found)


def create_session(world: World, request: Request) -> Obj:
    customer = world.get("customer", request.required("customer"))
    configuration = world.get("billing_portal.configuration", request.required("configuration"))
    session = world.add(
        "billing_portal.session",
        customer=customer["id"],
        customer_id=customer["id"],
        configuration=configuration["id"],
        return_url=request.text("return_url") or None,
    )
    session["url"] = f"{world.url}/portal/{session['id']}"
    return session
