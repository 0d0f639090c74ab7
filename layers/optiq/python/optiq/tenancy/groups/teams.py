"""Teams. A name is one team's only, upper and lower case alike, archived teams included."""

from dataclasses import replace
from typing import get_args

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError, require_version
from optiq.kernel.ids import may_be_id, new_id
from optiq.kernel.table import Put
from optiq.tenancy import keys
from optiq.tenancy.groups import keeping
from optiq.tenancy.groups.contracts import Team, TeamChange, Visibility
from optiq.tenancy.groups.membership import groups_of, is_seen, require_manager
from optiq.tenancy.groups.records import TeamRecord
from optiq.tenancy.site_settings import checked_name, require_one_of

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
    """Raises InvalidError; ConflictError when the name is taken."""
    now_ms = clock()
    team = _checked(Team(new_id("team", now_ms), name, description, visibility, None, now_ms))
    put = Put(TeamRecord.of(caller.organization_id, team), TeamRecord.pk.does_not_exist())
    keeping.create(caller, team, put, keys.team_name(caller.organization_id, team.name), now_ms)
    return team


def get_team(caller: Caller, team_id: str) -> Team:
    """Raises NotFoundError, also for a secret team that the caller is not in."""
    team = _read(caller.organization_id, team_id)
    if not is_seen(caller, team):
        raise NotFoundError("there is no such team")
    return team


def list_teams(caller: Caller, *, archived: bool = False) -> list[Team]:
    """The teams that the caller may see, oldest first: those in use, or those archived."""
    first = keys.team(caller.organization_id, "")
    mine = groups_of(caller.organization_id, caller.user_id)
    found = (record.contract() for record in TeamRecord.query(first.pk, TeamRecord.sk.startswith(first.sk)))
    return [
        team
        for team in found
        if (team.archived_ms is not None) == archived
        and (team.visibility != "SECRET" or caller.may("teams:manage") or team.team_id in mine)
    ]


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
    require_version(expected_version, team.version)
    wanted = _checked(keeping.changed(team, changes, clock()))
    if wanted == team:
        return team
    wanted = replace(wanted, version=team.version + 1)
    put = Put(TeamRecord.of(caller.organization_id, wanted), TeamRecord.version == team.version)
    old, new = (keys.team_name(caller.organization_id, name) for name in (team.name, wanted.name))
    keeping.change(caller, team, wanted, put, (old, new))
    return wanted


def _read(organization_id: str, team_id: str) -> Team:
    if not may_be_id(team_id):
        raise NotFoundError("there is no such team")
    try:
        return TeamRecord.get(*keys.team(organization_id, team_id), consistent_read=True).contract()
    except TeamRecord.DoesNotExist as error:
        raise NotFoundError("there is no such team") from error


def _checked(team: Team) -> Team:
    require_one_of("visibility", team.visibility, get_args(Visibility))
    if len(team.description) > _LONGEST_DESCRIPTION:
        raise InvalidError(f"description: must have at most {_LONGEST_DESCRIPTION} characters")
    name = checked_name(team.name)
    if len(name) > _LONGEST_NAME:
        # It is part of a key, which must fit whatever letters it is written in.
        raise InvalidError(f"name: must have at most {_LONGEST_NAME} characters")
    return replace(team, name=name, description=team.description.strip())
