"""The status page as a file: HTML without scripts, and the same as JSON. Nothing of any organization is on it."""

import html
import json
from dataclasses import asdict
from typing import Any

from optiq.kernel.clock import to_rfc3339, to_rfc3339_or_none
from optiq.operations.status.contracts import ComponentStatus, Incident, Status, Uptime

STYLE = (
    ":root{color-scheme:light dark;--good:#1a7f4b;--bad:#c23b2e;--some:#b87a00;--soft:#667}"
    "@media(prefers-color-scheme:dark){:root{--good:#4fc98a;--bad:#ff8274;--some:#e8b04a;--soft:#9aa}}"
    "body{font:1rem/1.5 system-ui;max-width:48rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}"
    "section{border:1px solid color-mix(in srgb,var(--soft) 40%,transparent);border-radius:.5rem}"
    "section{padding:1rem;margin:1rem 0}"
    "h2{font-size:1.05rem;margin:0}h2,.days{display:flex;justify-content:space-between;gap:.5rem}"
    ".days{gap:1px;height:1.75rem;margin:.5rem 0}.days i{flex:1;background:var(--soft);opacity:.35}"
    ".days .good{background:var(--good);opacity:1}.days .some{background:var(--some);opacity:1}"
    ".days .bad{background:var(--bad);opacity:1}.works{color:var(--good)}.fails{color:var(--bad)}"
    "small,.soft{color:var(--soft)}ul{padding-inline-start:1.1rem;overflow-wrap:anywhere}"
)
_SHOWN_DAYS = 90
_STATES = {"INVESTIGATING": "Looked into", "IDENTIFIED": "Cause known", "MONITORING": "Watched", "RESOLVED": "Over"}
_SOME_BAD = 0.05
"""From so large a part of its minutes on, a day is red."""


def as_html(status: Status) -> bytes:
    down = [one.name for one in status.components if not one.works]
    title = "All parts work" if not down else f"Out of order: {', '.join(down)}"
    notice = f"<p><strong>{_text(status.notice)}</strong></p>" if status.notice else ""
    incidents = "".join(map(_incident, status.incidents)) or "<p class=soft>None in the last 30 days.</p>"
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="refresh" content="60"><title>Optiq: {_text(title)}</title><style>{STYLE}</style>'
        f'<h1 class="{"fails" if down else "works"}">{_text(title)}</h1>{notice}'
        f'<p class=soft>As of <time datetime="{to_rfc3339(status.as_of_ms)}">{_instant(status.as_of_ms)}</time>. '
        "The page is written every minute: an older one says that Optiq itself is out of order.</p>"
        f"{''.join(map(_component, status.components))}<section><h2>Incidents</h2>{incidents}</section></html>"
    )
    return page.encode()


def as_json(status: Status) -> bytes:
    found: dict[str, Any] = {
        "as_of": to_rfc3339(status.as_of_ms),
        "notice": status.notice,
        "components": [
            {
                "component": one.component,
                "name": one.name,
                "works": one.works,
                "uptime_30_days_percent": round(one.month.percent, 3),
                "uptime_90_days_percent": round(one.quarter.percent, 3),
            }
            for one in status.components
        ],
        "incidents": [_as_json(one) for one in status.incidents],
    }
    return json.dumps(found).encode()


def _as_json(incident: Incident) -> dict[str, Any]:
    return {
        "incident_id": incident.incident_id,
        "title": incident.title,
        "impact": incident.impact,
        "components": incident.components,
        "status": incident.status,
        "began_at": to_rfc3339(incident.began_ms),
        "resolved_at": to_rfc3339_or_none(incident.resolved_ms),
        "updates": [
            {"at": to_rfc3339(one.at_ms), **{name: value for name, value in asdict(one).items() if name != "at_ms"}}
            for one in incident.updates
        ],
    }


def percent_text(uptime: Uptime) -> str:
    """Such as `99.914 %`."""
    return f"{uptime.percent:.3f} %"


def _component(one: ComponentStatus) -> str:
    look, says = ("works", "works") if one.works else ("fails", "out of order")
    missing = "<i></i>" * (_SHOWN_DAYS - len(one.days))
    days = "".join(f'<i class="{_look(up)}" title="{day}: {percent_text(up)}"></i>' for day, up in one.days)
    return (
        f"<section><h2>{_text(one.name)} <span class={look}>{says}</span></h2>"
        f'<div class=days role="img" aria-label="the last {len(one.days)} days">{missing}{days}</div>'
        f"<small>30 days: {percent_text(one.month)}; 90 days: {percent_text(one.quarter)}</small></section>"
    )


def _look(uptime: Uptime) -> str:
    if not uptime.bad:
        return "good"
    return "some" if uptime.bad / uptime.minutes < _SOME_BAD else "bad"


def _incident(one: Incident) -> str:
    updates = "".join(
        f"<li><small>{_instant(each.at_ms)}, {_STATES[each.status]}</small><br>{_text(each.text)}"
        for each in reversed(one.updates)
    )
    return f"<h3>{_text(one.title)} <small>({_STATES[one.status]})</small></h3><ul>{updates}</ul>"


def _instant(at_ms: int) -> str:
    return to_rfc3339(at_ms)[:16].replace("T", " ") + " UTC"


def _text(text: str) -> str:
    return html.escape(text)
