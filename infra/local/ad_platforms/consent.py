"""The page at which a person allows an app to read, as every platform has one."""

from html import escape
from urllib.parse import urlencode

from infra.local.ad_platforms.world import Heard, Reply, World

_ALLOWED = "allowed"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui;max-width:32rem;margin:12vh auto;padding:0 1rem}}
a{{display:inline-block;padding:.6rem 1.4rem;border-radius:.4rem;border:1px solid #888;margin-right:.6rem;
text-decoration:none;color:inherit}}a.yes{{background:#1a56db;border-color:#1a56db;color:#fff}}
li{{margin:.2rem 0}}</style>
<h1>{title}</h1><p>This page stands in for {title} on this machine. No real account is behind it.</p>
<p><b>Optiq</b> wants to read these advertising accounts:</p><ul>{accounts}</ul>
<p><a class="yes" href="{allow}">Allow</a><a href="{cancel}">Cancel</a></p></html>"""


def answer(world: World, heard: Heard, title: str, code_name: str = "code") -> Reply:
    """Back to the app with a code; where the world asks people first, the page with what they are asked."""
    query = heard.query
    if world.asks_people and _ALLOWED not in query:
        return _page(world, heard, title)
    state, code = world.allow({name: value for name, value in query.items() if name != _ALLOWED})
    return Reply(302, {}, {"location": f"{query['redirect_uri']}?{urlencode({'state': state, code_name: code})}"})


def allowed(url: str) -> str:
    """The address behind the page's "Allow"."""
    return f"{url}&{_ALLOWED}=1"


def _page(world: World, heard: Heard, title: str) -> Reply:
    back = urlencode({"state": heard.query["state"], "error": "access_denied"})
    page = _PAGE.format(
        title=escape(title),
        accounts="".join(f"<li>{escape(one.name)} ({escape(one.currency)})</li>" for one in world.accounts),
        allow=escape(f"?{urlencode({**heard.query, _ALLOWED: '1'})}"),
        cancel=escape(f"{heard.query['redirect_uri']}?{back}"),
    )
    return Reply(200, page, {"content-type": "text/html; charset=utf-8"})
