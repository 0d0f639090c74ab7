"""What a person wants to be notified of, and what whoever has chosen nothing is."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.notifications.preferences import api as preferences
from optiq.notifications.preferences.contracts import Choice, Preferences

from functions.notifications.app import app
from functions.notifications.schemas_preferences import NotificationPreferencesIn, NotificationPreferencesOut

_OWN, _COMMON = "/v1/notification-preferences", "/v1/notification-defaults"


@app.get(_OWN, personal=True, summary="What you are notified of in this organization, where and when")
def get_preferences() -> NotificationPreferencesOut:
    caller = caller_of(app)
    own, common = preferences.preferences_of(caller), preferences.preferences_of(caller, of_organization=True)
    return NotificationPreferencesOut.of(own, common)


@app.put(_OWN, personal=True, summary="Change what you are notified of, all together")
def set_preferences(body: Annotated[NotificationPreferencesIn, Body()]) -> NotificationPreferencesOut:
    own = _changed(body, of_organization=False)
    return NotificationPreferencesOut.of(own, preferences.preferences_of(caller_of(app), of_organization=True))


@app.get(_COMMON, needs="notifications:write", summary="What people who have chosen nothing are notified of")
def get_defaults() -> NotificationPreferencesOut:
    common = preferences.preferences_of(caller_of(app), of_organization=True)
    return NotificationPreferencesOut.of(common, common)


@app.put(_COMMON, needs="notifications:write", summary="Change what people who have chosen nothing are notified of")
def set_defaults(body: Annotated[NotificationPreferencesIn, Body()]) -> NotificationPreferencesOut:
    common = _changed(body, of_organization=True)
    return NotificationPreferencesOut.of(common, common)


def _changed(body: NotificationPreferencesIn, *, of_organization: bool) -> Preferences:
    return preferences.change_preferences(
        caller_of(app),
        of_organization=of_organization,
        choices=[Choice(one.kind, one.way, one.timing) for one in body.choices],
        timezone=body.timezone,
        quiet_from=body.quiet_from,
        quiet_until=body.quiet_until,
        expected_version=body.version,
    )
