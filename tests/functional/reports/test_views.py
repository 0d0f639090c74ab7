"""Saved views: who sees them, who changes them."""

import json

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from optiq.reports.views.api import change_view, create_view, get_view, list_views, remove_view
from optiq.reports.views.contracts import View
from optiq.store.api import audited_fields

from functions.reports.schemas_views import checked_question
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")
FUNNEL = {"steps": [{"event": "page_view"}, {"event": "Order Completed"}]}


@pytest.fixture
def ada(make_site: SiteMaker, organization_id: str) -> Caller:
    make_site()
    return Caller(organization_id, "user_ada", "user_ada")


@pytest.fixture
def bob(organization_id: str) -> Caller:
    return Caller(organization_id, "user_bob", "user_bob")


def saved(caller: Caller, site_id: str, *, shared: bool = False) -> View:
    return create_view(caller, site_id, name=" Checkout ", kind="FUNNEL", question=FUNNEL, shared=shared)


def test_a_view_is_its_owners_until_it_is_shared(ada: Caller, bob: Caller, site_id: str) -> None:
    view = saved(ada, site_id)
    assert (view.name, get_view(ada, site_id, view.view_id)) == ("Checkout", view)
    assert list_views(bob, site_id).items == ()
    with pytest.raises(NotFoundError):
        get_view(bob, site_id, view.view_id)
    shared = change_view(ada, site_id, view.view_id, {"shared": True}, expected_version=0)
    assert list_views(bob, site_id).items == (shared,)
    with pytest.raises(ForbiddenError):
        change_view(bob, site_id, view.view_id, {"name": "Mine"})
    with pytest.raises(ForbiddenError):
        remove_view(bob, site_id, view.view_id)


def test_the_audit_log_has_a_views_question_as_a_text(ada: Caller, site_id: str) -> None:
    assert json.loads(str(audited_fields(saved(ada, site_id))["question"])) == FUNNEL


def test_a_removed_view_is_gone(ada: Caller, site_id: str) -> None:
    first, second = saved(ada, site_id), saved(ada, site_id)
    remove_view(ada, site_id, first.view_id)
    assert list_views(ada, site_id).items == (second,)
    with pytest.raises(NotFoundError):
        get_view(ada, site_id, first.view_id)


def test_a_view_of_what_cannot_be_asked_is_refused(ada: Caller, site_id: str) -> None:
    assert checked_question("FUNNEL", FUNNEL) == FUNNEL
    with pytest.raises(InvalidError, match=r"^question\.stepps: "):
        checked_question("FUNNEL", {"stepps": [], **FUNNEL})
    with pytest.raises(InvalidError, match=r"^name: "):
        create_view(ada, site_id, name=" ", kind="QUESTION", question={"metrics": ["visits"]})
