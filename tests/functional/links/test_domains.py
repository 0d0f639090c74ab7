"""Who may have links on a domain."""

import random
from dataclasses import replace

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.settings import settings
from optiq.links import api as links
from optiq.links import domains
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

from functions.links import redirect
from tests.functional.senders import request

pytestmark = pytest.mark.usefixtures("table")


def _site(domain: str, at_ms: int = 1) -> Site:
    return tenancy.create_site(name="Shop", domains=[domain], clock=lambda: at_ms).site


def _link(site: Site, domain: str) -> str:
    path = f"p{random.getrandbits(60):x}"
    caller = Caller.system(site.organization_id)
    return links.create_link(caller, site.site_id, path=path, target="https://a.example/", domain=domain).domain


@pytest.fixture
def shop() -> str:
    """A domain that no other test has."""
    return f"shop{random.getrandbits(60):x}.example"


def test_links_on_a_domain_are_one_organizations(shop: str) -> None:
    # GIVEN two organizations that named the domain at once
    first, second = _site(shop), _site(shop)
    _link(first, f"go.{shop}")

    with pytest.raises(ConflictError, match=r"^domain: another organization has links on go"):
        _link(second, f"go.{shop}")
    assert _link(second, f"links.{shop}")


@pytest.mark.parametrize(
    ("theirs", "wanted"),
    [("{}", "{}"), ("{}", "go.{}"), ("www.{}", "{}"), ("shop.www.{}", "www.{}"), ("www.{}", "go.www.{}")],
)
def test_domain_near_that_of_another_organizations_site_is_refused(shop: str, theirs: str, wanted: str) -> None:
    owner = _site(theirs.format(shop), at_ms=1)
    stranger = _site(shop, at_ms=2)

    with pytest.raises(ConflictError, match=r"^domain: .* belongs to a site of another organization"):
        _link(stranger, wanted.format(shop))
    assert _link(owner, f"go.{theirs.format(shop)}")


@pytest.mark.parametrize(("theirs", "wanted"), [("www.{}", "go.{}"), ("other-{}", "{}")])
def test_domain_beside_that_of_another_organizations_site_is_free(shop: str, theirs: str, wanted: str) -> None:
    _site(theirs.format(shop), at_ms=1)

    assert _link(_site(shop, at_ms=2), wanted.format(shop)) == wanted.format(shop)


def test_stranger_who_names_a_domain_later_does_not_keep_its_owner_from_it(shop: str) -> None:
    owner = _site(shop, at_ms=1)
    old = _site(f"old-{shop}", at_ms=0)
    tenancy.change_site(Caller.system(old.organization_id), old.site_id, {"domains": (shop,)})

    assert _link(owner, f"go.{shop}")
    with pytest.raises(ConflictError, match=r"^domain: "):
        _link(old, f"links.{shop}")


@pytest.mark.parametrize("change", [{"domains": ("moved.example",)}, {"status": "ARCHIVED"}])
def test_domain_that_a_site_gave_up_is_free(shop: str, change: dict[str, object]) -> None:
    former = _site(shop, at_ms=1)
    tenancy.change_site(Caller.system(former.organization_id), former.site_id, change)  # type: ignore[arg-type]

    assert _link(_site(shop, at_ms=2), shop) == shop


def _answer(domain: str) -> str:
    """What a domain that leads to this Optiq answers."""
    event = request("GET", "/l/-", headers={"host": domain}) | {"pathParameters": {"path": links.PROOF_PATH}}
    answer = redirect.handler(event, None)
    assert answer["statusCode"] == 200
    return str(answer["body"])


@pytest.fixture
def _in_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "settings", lambda: replace(settings(), public_url="https://optiq.example"))


@pytest.mark.usefixtures("_in_public")
def test_domain_is_claimed_once_it_leads_here(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site, asked = _site(shop), []
    # GIVEN a name that no server has
    with pytest.raises(InvalidError, match=r"^domain: .* does not lead to this Optiq yet"):
        _link(site, f"nowhere.{shop}")

    # WHEN it leads elsewhere, or answers what another domain answers, it is refused
    for answer in ("", "welcome", "\ufffd", _answer(f"other.{shop}")):
        monkeypatch.setattr(domains, "answer_of", lambda _, answer=answer: answer)
        with pytest.raises(InvalidError, match=r"^domain: "):
            _link(site, f"go.{shop}")

    def here(domain: str) -> str:
        asked.append(domain)
        return _answer(domain)

    # THEN it is claimed when it leads here, and not asked again
    monkeypatch.setattr(domains, "answer_of", here)
    assert [_link(site, f"go.{shop}") for _ in range(2)] == [f"go.{shop}"] * 2
    assert asked == [f"go.{shop}"]


@pytest.mark.parametrize("domain", ["localhost", "127.0.0.1", "10.0.0.1", "169.254.169.254", "a..b"])
def test_nobody_is_asked_who_is_no_host_of_the_internet(domain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(domains, "ask", lambda target, *_, **__: asked.append(target.host))

    assert domains.answer_of(domain) == ""
    assert asked == []


def test_proof_is_no_links_path(shop: str) -> None:
    site = _site(shop)

    with pytest.raises(InvalidError, match=r"^path: "):
        links.create_link(
            Caller.system(site.organization_id), site.site_id, path=links.PROOF_PATH, target="https://a.example/"
        )
