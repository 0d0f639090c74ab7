"""The pages that people see: paying, the portal, an invoice, a receipt."""

from html import escape
from pathlib import Path

from infra.local.stripe_server import checkout, customers
from infra.local.stripe_server.errors import StripeFault, missing
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

_STYLE = Path(__file__).with_name("page.css").read_text()
_CARDS = (
    (customers.GOOD, "4242 4242 4242 4242 — pays"),
    (customers.DECLINED, "4000 0000 0000 0002 — is declined"),
    (customers.FAILS_LATER, "4000 0000 0000 0341 — pays now, fails at the renewal"),
)
Page = tuple[int, str, dict[str, str]]
_HTML = {"content-type": "text/html; charset=utf-8"}


def show(world: World, path: str) -> Page:
    """Raises 404 for a page that there is not."""
    kind, _, object_id = path.strip("/").partition("/")
    if kind == "pay":
        return 200, _pay_page(world, object_id), _HTML
    if kind == "portal":
        return 200, _portal_page(world, world.get("billing_portal.session", object_id)), _HTML
    if kind == "invoices":
        return 200, _invoice_page(world.get("invoice", object_id.removesuffix(".pdf"))), _HTML
    if kind == "receipts":
        return 200, _receipt_page(world.get("charge", object_id)), _HTML
    raise missing("page", path)


def take(world: World, path: str, form: dict[str, str]) -> Page:
    """What a form does: leads back to who sent the person here, or shows what is wrong."""
    kind, _, object_id = path.strip("/").partition("/")
    card = form.get("card", "").replace(" ", "")
    if kind == "pay":
        try:
            back = checkout.complete(world, object_id, card, form.get("code", ""))
        except StripeFault as fault:
            return fault.status, _pay_page(world, object_id, str(fault)), _HTML
        return 303, "", {"location": back}
    if kind == "portal":
        session = world.get("billing_portal.session", object_id)
        try:
            method = customers.keep_card(world, session["customer"], card)
        except StripeFault as fault:
            return fault.status, _portal_page(world, session, str(fault)), _HTML
        for one in world.all_of("subscription", customer=session["customer"]):
            world.change(one, "customer.subscription.updated", default_payment_method=method["id"])
        return 303, "", {"location": session["return_url"] or path}
    raise missing("page", path)


def _pay_page(world: World, session_id: str, wrong: str = "") -> str:
    session = world.get("checkout.session", session_id)
    if session["status"] != "open":
        return _page("This page has ended", "<p>Go back and begin again.</p>")
    price = world.objects[world.hidden[session_id]["price"]]
    every = f" per {price['recurring']['interval']}" if price["recurring"] else ""
    code = '<label>Promotion code<input name="code"></label>' if world.hidden[session_id]["codes"] else ""
    back = (
        f'<p class="note"><a href="{escape(session["cancel_url"])}">Back without paying</a></p>'
        if session["cancel_url"]
        else ""
    )
    body = f"""<p class="sum">{_money(session["amount_total"], session["currency"])}<small>{every}</small></p>
{_error(wrong)}<form method="post">{_card_field()}{code}<button>Pay</button></form>{back}"""
    return _page(world.objects[price["product"]]["name"], body)


def _portal_page(world: World, session: Obj, wrong: str = "") -> str:
    methods = world.all_of("payment_method", customer=session["customer"])
    default = world.objects[session["customer"]]["invoice_settings"]["default_payment_method"]
    rows = "".join(
        _row(f"{one['card']['brand']} •••• {one['card']['last4']}", "default" if one["id"] == default else "")
        for one in methods
    )
    back = f'<p class="note"><a href="{escape(session["return_url"] or "")}">Back</a></p>'
    form = f'<form method="post">{_card_field()}<button>Use this card</button></form>'
    body = f"<table>{rows}</table>{_error(wrong)}{form}{back}"
    return _page("Payment methods", body)


def _invoice_page(invoice: Obj) -> str:
    lines = invoice["lines"]["data"]
    rows = "".join(_row(line["description"] or "", _money(line["amount"], line["currency"])) for line in lines)
    total = _money(invoice["total"], invoice["currency"])
    body = f'<p class="sum">{total}</p><table>{rows}{_row("Total", total)}</table><p>{invoice["status"]}</p>'
    return _page(f"Invoice {escape(invoice['number'] or '')}", body)


def _receipt_page(charge: Obj) -> str:
    return _page(
        "Receipt", f'<p class="sum">{_money(charge["amount"], charge["currency"])}</p><p>{charge["status"]}</p>'
    )


def _row(name: str, value: str) -> str:
    return f"<tr><td>{escape(name)}</td><td>{value}</td></tr>"


def _card_field() -> str:
    options = "".join(f'<option value="{number}">{escape(what)}</option>' for number, what in _CARDS)
    return f'<label>Test card<select name="card">{options}</select></label>'


def _error(wrong: str) -> str:
    return f'<p class="error" role="alert">{escape(wrong)}</p>' if wrong else ""


def _money(minor: int, currency: str) -> str:
    return f"{minor / 100:.2f} {currency.upper()}"


def _page(title: str, body: str) -> str:
    note = '<p class="note">A stand-in for Stripe on this machine. No money moves.</p>'
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return f"{head}<main><h1>{title}</h1>{body}{note}</main></html>"
