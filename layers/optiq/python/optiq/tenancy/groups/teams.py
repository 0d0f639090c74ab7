"""Teams. A name is one team's only, upper and lower case alike, archived teams included."""

from dataclasses import replace
from typing import get_args

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.tenancy.contracts import Team, TeamChange, Visibility
from optiq.tenancy.groups.archiving import changed
from optiq.tenancy.groups.membership import first_manager, groups_of, is_seen, require_manager, sees_all
from optiq.tenancy.site_settings import checked_name, require_one_of
from optiq.tenancy.stores import TEAMS

_LONGEST_DESCRIPTION = 500
_LONGEST_NAME = 100


def create_team(
    caller: Caller,
    *,
    name: str,
    description: str = "",
    visibility: Visibility = "PUBLIC",
    clock: Clock = system_clock,
) -> Team:
    """Creates a team; the caller is its first manager. Raises InvalidError; ConflictError when the name is taken."""
    now_ms = clock()
    team_id = new_id("team", now_ms)
    team = _checked(Team(caller.organization_id, team_id, name, now_ms, description=description, visibility=visibility))
    (TEAMS.adding(caller, team) + first_manager(caller, team, now_ms)).commit()
    return team


def get_team(caller: Caller, team_id: str) -> Team:
    """Raises NotFoundError, also for a secret team that the caller is not in."""
    team = TEAMS.get(caller, team_id)
    if not is_seen(caller, team):
        raise TEAMS.unknown()
    return team


def list_teams(caller: Caller, *, archived: bool = False, limit: int = 100, cursor: str | None = None) -> Page[Team]:
    """The teams that the caller may see, oldest first: those in use, or those archived.

    Raises InvalidError for another list's cursor.
    """
    mine, all_seen = groups_of(caller.organization_id, caller.user_id), sees_all(caller, "team")

    def is_listed(team: Team) -> bool:
        seen = all_seen or team.visibility != "SECRET" or team.team_id in mine
        return seen and (team.archived_ms is not None) == archived

    return TEAMS.page_by_id(caller.organization_id, limit=limit, cursor=cursor, where=is_listed)


def change_team(
    caller: Caller,
    team_id: str,
    changes: TeamChange,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> Team:
    """Makes the changes together, or none of them.

    Raises:
        InvalidError, NotFoundError, ForbiddenError: as they say.
        ConflictError: archived, of another version, changed just then, or the name is taken.
    """
    team = get_team(caller, team_id)
    require_manager(caller, team)
    TEAMS.require_version(team, expected_version)
    return TEAMS.change(caller, team, _checked(changed(team, changes, clock())))


def _checked(team: Team) -> Team:
    require_one_of("visibility", team.visibility, get_args(Visibility))
    if len(team.description) > _LONGEST_DESCRIPTION:
        raise InvalidError(f"description: must have at most {_LONGEST_DESCRIPTION} characters")
    name = checked_name(team.name)
    if len(name) > _LONGEST_NAME:
        # It is part of a key, which must fit whatever letters it is written in.
        raise InvalidError(f"name: must have at most {_LONGEST_NAME} characters")
    return replace(team, name=name, description=team.description.strip())
