"""A site's attribution settings: versions, mistakes, and two people at once."""

import json
from typing import Any

import pytest
from optiq.attribution import api, settings
from optiq.attribution.contracts import AttributionSettings
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

from functions.attribution import routes
from tests.functional.reports.http import answer, request


@pytest.fixture
def site(table: object) -> Site:
    return tenancy.create_site(name="Shop", domains=["shop.example.com"]).site


def ask(site: Site, body: dict[str, Any] | None = None, owner: str = "") -> tuple[int, dict[str, Any]]:
    method, text = ("PUT", json.dumps(body)) if body is not None else ("GET", "")
    path = f"/v1/sites/{site.site_id}/attribution/settings"
    return answer(routes.handler(request(path, owner or site.organization_id, method=method, body=text), None))


def test_a_site_begins_with_version_0(site: Site) -> None:
    status, body = ask(site)
    assert status == 200
    assert body["current"] == body["versions"][0] == {
        "version": 0,
        "created_at": None,
        "default_model": "LINEAR",
        "half_life_days": 7.0,
        "custom": None,
        "conversion_types": [],
        "milestone_event": "",
        "collapse_repeats": False,
        "markov_order": 1,
    }  # fmt: skip


def test_every_version_is_kept(site: Site) -> None:
    # GIVEN two changes
    wanted = {
        "default_model": "CUSTOM",
        "half_life_days": 3.5,
        "custom": {"first": 0.5, "middle": 0, "last": 1, "half_life_days": 14},
        "conversion_types": [{"name": "Lead", "lookback_days": 10, "models": ["LINEAR", "W_SHAPED"]}],
        "milestone_event": "Lead",
        "collapse_repeats": True,
        "markov_order": 2,
    }
    status, first = ask(site, wanted)
    _, second = ask(site, {"markov_order": 3, "version": 1})

    # THEN each is there as it was said, with how to credit the past by it
    assert status == 200
    assert first["recompute"] == f"POST /v1/sites/{site.site_id}/attribution/recompute"
    assert {name: first["current"][name] for name in wanted} == wanted
    assert second["current"]["custom"] is None
    versions = ask(site)[1]["versions"]
    assert [version["version"] for version in versions] == [2, 1, 0]
    assert versions[:2] == [second["current"], first["current"]]


def test_what_is_so_already_makes_no_version_and_a_default_model_no_other_credits(site: Site) -> None:
    assert ask(site, {"half_life_days": 7})[1]["current"]["version"] == 0
    status, body = ask(site, {"default_model": "SHAPLEY"})
    assert (status, body["current"]["version"], body["recompute"]) == (200, 1, None)


def test_the_version_expected_must_be_in_force(site: Site) -> None:
    ask(site, {"markov_order": 2})
    status, problem = ask(site, {"markov_order": 3, "version": 0})
    assert (status, problem["detail"]) == (409, "version: it is of version 1 now")


def test_of_two_at_once_one_wins(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN somebody who read the settings before another changed them
    read = settings.current(site.organization_id, site.site_id)
    ask(site, {"markov_order": 2})
    monkeypatch.setattr(settings, "current", lambda *_: read)

    # WHEN they change them THEN nothing is overwritten
    with pytest.raises(ConflictError):
        api.set_settings(Caller.system(site.organization_id), site.site_id, AttributionSettings(markov_order=3))
    monkeypatch.undo()
    assert settings.current(site.organization_id, site.site_id).markov_order == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"default_model": "MAGIC"}, "default_model"),
        ({"default_model": "CUSTOM"}, "default_model"),
        ({"half_life_days": 0}, "half_life_days"),
        ({"half_life_days": 1e400}, "half_life_days"),
        ({"half_life_days": 10**400}, "half_life_days"),
        ({"half_life_days": "7"}, "half_life_days"),
        ({"custom": {"first": 0, "middle": 0, "last": 0}}, "custom"),
        ({"custom": {"first": -1, "middle": 0, "last": 1}}, "custom.first"),
        ({"custom": {"first": 1, "middle": 0}}, "custom.last"),
        ({"custom": {"first": 1, "middle": 0, "last": 0, "half_life_days": 0}}, "custom"),
        ({"conversion_types": [{"name": "Nothing of ours"}]}, "conversion_types.0.name"),
        ({"conversion_types": [{"name": "Lead"}, {"name": "Lead"}]}, "conversion_types.1.name"),
        ({"conversion_types": [{"name": "Lead", "lookback_days": 0}]}, "conversion_types.0.lookback_days"),
        ({"conversion_types": [{"name": "Lead", "models": ["LINEAR", "LINEAR"]}]}, "conversion_types.0.models"),
        ({"conversion_types": [{"name": "Lead", "models": ["MAGIC"]}]}, "conversion_types.0.models"),
        ({"milestone_event": "Nothing of ours"}, "milestone_event"),
        ({"markov_order": 4}, "markov_order"),
        ({"collapse_repeats": "yes"}, "collapse_repeats"),
        ({"weather": "fair"}, "weather"),
    ],
)
def test_a_mistake_is_told_with_its_field(site: Site, body: dict[str, Any], field: str) -> None:
    path = f"/v1/sites/{site.site_id}/attribution/settings"
    text = json.dumps(body).replace("Infinity", "1e400")
    status, problem = answer(routes.handler(request(path, site.organization_id, method="PUT", body=text), None))
    assert status == 400
    assert field in problem["detail"]
    assert len(ask(site)[1]["versions"]) == 1


def test_another_organization_has_no_such_site(site: Site, organization_id: str) -> None:
    assert ask(site, owner=organization_id)[0] == 404
    assert ask(site, {}, owner=organization_id)[0] == 404
    with pytest.raises(NotFoundError):
        api.get_settings(Caller.system(organization_id), site.site_id)
