"""Teams and workspaces: seen as their visibility says, changed by who manages them, archived, never deleted."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from optiq.audit import api as audit
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.permissions import ROLES
from optiq.tenancy.contracts import Group, Team, Visibility, Workspace
from optiq.tenancy.groups import api as groups

from tests.functional.tenancy.organizations import employ

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def ann(organization_id: str) -> Caller:
    """She makes teams."""
    return employ(organization_id, new_id("user", system_clock()))


@pytest.fixture
def ben(organization_id: str) -> Caller:
    """A colleague who manages nothing."""
    return employ(organization_id, new_id("user", system_clock()))


@pytest.fixture
def owner(organization_id: str) -> Caller:
    return replace(employ(organization_id, new_id("user", system_clock())), permissions=ROLES["ADMIN"])


def _join(by: Caller, group: Group, who: Caller) -> None:
    groups.set_member(by, group, who.user_id, "MEMBER")


def _teams(caller: Caller, archived: bool = False) -> list[Team]:
    return list(groups.list_teams(caller, archived=archived).items)


def _workspaces(caller: Caller) -> list[Workspace]:
    return list(groups.list_workspaces(caller).items)


def _last_entry(caller: Caller) -> tuple[str, str, dict[str, object], dict[str, object]]:
    change = audit.entries(caller.organization_id, limit=1).items[0].change
    return change.actor, change.action, dict(change.before), dict(change.after)


def test_a_team_is_made_by_its_first_manager_and_the_book_says_so(ann: Caller) -> None:
    team = groups.create_team(ann, name=" Growth ", description="paid and owned", visibility="PRIVATE")

    assert groups.get_team(ann, team.team_id) == team
    assert (team.name, team.version, team.archived_ms) == ("Growth", 0, None)
    (member,) = groups.list_members(ann, groups.get_team(ann, team.team_id)).items
    assert (member.user_id, member.role, member.added_by) == (ann.user_id, "MANAGER", ann.user_id)
    said = {"name": "Growth", "description": "paid and owned", "visibility": "PRIVATE", "archived_ms": None}
    assert _last_entry(ann) == (ann.user_id, "team.created", {}, said)


def test_a_secret_team_is_not_there_for_who_is_not_in_it(ann: Caller, ben: Caller, owner: Caller) -> None:
    # GIVEN a secret team
    team = groups.create_team(ann, name="Takeover", visibility="SECRET")

    # THEN every way to it is as if it were not there
    assert _teams(ben) == []
    for ask in (
        lambda: groups.get_team(ben, team.team_id),
        lambda: groups.change_team(ben, team.team_id, {"name": "x"}),
        lambda: groups.list_members(ben, groups.get_team(ben, team.team_id)),
        lambda: groups.set_member(ben, groups.get_team(ben, team.team_id), ben.user_id, "MEMBER"),
        lambda: groups.remove_member(ben, groups.get_team(ben, team.team_id), ann.user_id),
        lambda: groups.remove_member(ben, groups.get_team(ben, team.team_id), ben.user_id),
        lambda: groups.create_workspace(ben, name="Client", team_id=team.team_id),
    ):
        with pytest.raises(NotFoundError):
            ask()

    # BUT for who is in it, and for who sees all
    _join(ann, team, ben)
    assert _teams(ben) == _teams(owner) == [team]
    assert groups.get_team(ben, team.team_id) == groups.get_team(owner, team.team_id) == team


@pytest.mark.parametrize(("visibility", "shown"), [("PUBLIC", True), ("PRIVATE", False)])
def test_only_a_public_team_shows_who_is_in_it(ann: Caller, ben: Caller, visibility: Visibility, shown: bool) -> None:
    team = groups.create_team(ann, name="Growth", visibility=visibility)

    assert groups.get_team(ben, team.team_id) == team
    if shown:
        assert len(groups.list_members(ben, groups.get_team(ben, team.team_id)).items) == 1
    else:
        with pytest.raises(ForbiddenError):
            groups.list_members(ben, groups.get_team(ben, team.team_id))


def test_only_managers_and_who_sees_all_change_a_team(ann: Caller, ben: Caller, owner: Caller) -> None:
    team = groups.create_team(ann, name="Growth")
    _join(ann, team, ben)

    with pytest.raises(ForbiddenError):
        groups.change_team(ben, team.team_id, {"name": "Ben's"})
    with pytest.raises(ForbiddenError):
        groups.set_member(ben, groups.get_team(ben, team.team_id), ben.user_id, "MANAGER")
    with pytest.raises(ForbiddenError):
        groups.remove_member(ben, groups.get_team(ben, team.team_id), ann.user_id)
    assert groups.change_team(owner, team.team_id, {"name": "Owner's"}).name == "Owner's"
    groups.set_member(ann, groups.get_team(ann, team.team_id), ben.user_id, "MANAGER")
    assert groups.change_team(ben, team.team_id, {"name": "Ben's"}).name == "Ben's"
    assert _last_entry(ann) == (ben.user_id, "team.changed", {"name": "Owner's"}, {"name": "Ben's"})


def test_a_name_is_one_teams_only_within_its_organization(ann: Caller) -> None:
    growth = groups.create_team(ann, name="Growth")
    other = groups.create_team(ann, name="Other")

    with pytest.raises(ConflictError, match=r"(?i)name: there is a team 'growth' already"):
        groups.create_team(ann, name="GROWTH")
    with pytest.raises(ConflictError, match=r"(?i)name: there is a team 'growth' already"):
        groups.change_team(ann, other.team_id, {"name": "growth"})
    elsewhere = replace(ann, organization_id=new_id("org", system_clock()))
    assert groups.create_team(elsewhere, name="Growth").name == "Growth"

    # A name given up is free again, and one's own may change its case.
    groups.change_team(ann, growth.team_id, {"name": "Performance"})
    groups.change_team(ann, growth.team_id, {"name": "PERFORMANCE"})
    assert groups.change_team(ann, other.team_id, {"name": "Growth"}).name == "Growth"


def test_of_two_who_take_a_name_at_once_one_gets_it(ann: Caller) -> None:
    def create(_: int) -> bool:
        try:
            groups.create_team(ann, name="Growth")
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(create, range(4))) == 1
    assert len(_teams(ann)) == 1


def test_an_archived_team_is_kept_and_can_only_be_restored(ann: Caller, ben: Caller) -> None:
    team = groups.create_team(ann, name="Growth")
    _join(ann, team, ben)

    archived = groups.change_team(ann, team.team_id, {"archived": True}, clock=lambda: 7_000)

    assert archived.archived_ms == 7_000
    assert (_teams(ann), _teams(ann, archived=True)) == ([], [archived])
    for refused in (
        lambda: groups.change_team(ann, team.team_id, {"name": "x"}),
        lambda: groups.set_member(ann, groups.get_team(ann, team.team_id), ben.user_id, "MANAGER"),
        lambda: groups.create_workspace(ann, name="Client", team_id=team.team_id),
    ):
        with pytest.raises(ConflictError, match="archived"):
            refused()
    assert groups.change_team(ann, team.team_id, {"archived": True}) == archived
    assert groups.change_team(ann, team.team_id, {"archived": False, "name": "Back"}).archived_ms is None
    assert len(groups.list_members(ann, groups.get_team(ann, team.team_id)).items) == 2


def test_a_change_made_of_an_old_version_is_refused(ann: Caller) -> None:
    team = groups.create_team(ann, name="Growth")
    groups.change_team(ann, team.team_id, {"description": "one"}, expected_version=0)

    with pytest.raises(ConflictError, match="version 1"):
        groups.change_team(ann, team.team_id, {"description": "two"}, expected_version=0)


def test_who_left_a_team_may_come_back(ann: Caller, ben: Caller) -> None:
    team = groups.create_team(ann, name="Growth", visibility="SECRET")
    _join(ann, team, ben)

    groups.remove_member(ben, groups.get_team(ben, team.team_id), ben.user_id)

    with pytest.raises(NotFoundError):
        groups.get_team(ben, team.team_id)
    assert _teams(ben) == []
    with pytest.raises(NotFoundError):
        groups.remove_member(ann, groups.get_team(ann, team.team_id), ben.user_id)
    _join(ann, team, ben)
    assert _teams(ben) == [team]


def test_who_leaves_the_organization_leaves_every_group(ann: Caller, ben: Caller, owner: Caller) -> None:
    team = groups.create_team(ann, name="Growth", visibility="SECRET")
    workspace = groups.create_workspace(ann, name="Client", visibility="SECRET")
    for group in (team, workspace):
        _join(ann, group, ben)

    groups.leave_all(owner, ben.user_id)

    assert _teams(ben) == []
    assert _workspaces(ben) == []
    actions = [entry.change.action for entry in audit.entries(ann.organization_id, limit=2).items]
    assert sorted(actions) == ["team.member_removed", "workspace.member_removed"]


def test_only_members_of_the_organization_are_put_into_its_teams(ann: Caller) -> None:
    team, stranger = groups.create_team(ann, name="Growth"), new_id("user", system_clock())

    with pytest.raises(NotFoundError):
        groups.set_member(ann, groups.get_team(ann, team.team_id), stranger, "MEMBER")


def test_members_come_in_pages_without_those_who_left(ann: Caller, organization_id: str) -> None:
    team = groups.create_team(ann, name="Growth")
    users = [employ(organization_id, new_id("user", system_clock())).user_id for _ in range(5)]
    for user_id in users:
        groups.set_member(ann, groups.get_team(ann, team.team_id), user_id, "MEMBER")
    groups.remove_member(ann, groups.get_team(ann, team.team_id), users[2])

    listed, cursor = [], None
    while True:
        page = groups.list_members(ann, groups.get_team(ann, team.team_id), limit=2, cursor=cursor)
        listed += [member.user_id for member in page.items]
        if (cursor := page.cursor) is None:
            break

    assert listed == sorted({ann.user_id, *users} - {users[2]})


def test_a_workspace_has_a_slug_of_its_own_and_belongs_to_a_team(ann: Caller, ben: Caller) -> None:
    team = groups.create_team(ann, name="Growth")
    made = groups.create_workspace(ann, name="Café Noir & Co.", team_id=team.team_id, visibility="SECRET")

    assert (made.slug, made.monthly_orders) == ("caf-noir-co", "LESS_THAN_500")
    with pytest.raises(ConflictError, match="slug: there is a workspace 'caf-noir-co' already"):
        groups.create_workspace(ann, name="Other", slug="caf-noir-co")
    # The team's members are the workspace's.
    with pytest.raises(NotFoundError):
        groups.get_workspace(ben, made.workspace_id)
    _join(ann, team, ben)
    assert _workspaces(ben) == [made]
    assert groups.get_workspace(ben, made.workspace_id) == made

    changed = groups.change_workspace(
        ann, made.workspace_id, {"slug": "noir", "monthly_orders": "FROM_500_TO_4999", "team_id": None}
    )

    assert groups.get_workspace(ann, made.workspace_id) == changed
    assert _last_entry(ann)[2:] == (
        {"slug": "caf-noir-co", "monthly_orders": "LESS_THAN_500", "team_id": team.team_id},
        {"slug": "noir", "monthly_orders": "FROM_500_TO_4999", "team_id": None},
    )
    assert groups.create_workspace(ann, name="Other", slug="caf-noir-co").slug == "caf-noir-co"
    assert _workspaces(ben) == [_workspaces(ann)[1]]


def test_a_name_of_any_letters_fits_its_key(ann: Caller) -> None:
    assert groups.create_team(ann, name="\u0390" * 100).name == "\u0390" * 100
    with pytest.raises(InvalidError, match="name"):
        groups.create_team(ann, name="a" * 101)


@pytest.mark.parametrize("slug", ["-a", "a-", "a--b", "A", "ä", "a" * 61, "a b"])
def test_a_slug_that_cannot_stand_in_an_address_is_refused(ann: Caller, slug: str) -> None:
    with pytest.raises(InvalidError, match="slug"):
        groups.create_workspace(ann, name="Client", slug=slug)


def test_another_organizations_groups_are_not_there(ann: Caller) -> None:
    team = groups.create_team(ann, name="Growth")
    workspace = groups.create_workspace(ann, name="Client")
    stranger = replace(ann, organization_id=new_id("org", system_clock()), permissions=ROLES["ADMIN"])

    assert _teams(stranger) == []
    assert _workspaces(stranger) == []
    for ask in (
        lambda: groups.get_team(stranger, team.team_id),
        lambda: groups.get_workspace(stranger, workspace.workspace_id),
        lambda: groups.list_members(stranger, groups.get_team(stranger, team.team_id)),
    ):
        with pytest.raises(NotFoundError):
            ask()
