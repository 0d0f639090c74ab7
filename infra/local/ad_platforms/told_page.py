"""What a stand-in was told of conversions, as a page: in place of the events manager that a real platform has."""

import json
from html import escape

from infra.local.ad_platforms.told import ToldConversion
from infra.local.ad_platforms.world import Reply, World

PATH = "/events-manager"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Conversions that were told</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui;max-width:60rem;margin:6vh auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}th,td{{text-align:start;padding:.4rem;border-bottom:1px solid #8886;
vertical-align:top}}pre{{white-space:pre-wrap;word-break:break-all;font-size:.8rem;margin:0}}</style>
<h1>Conversions that were told</h1>
<p>This page stands in for the platform on this machine. No real account is behind it.</p>
<table><tr><th>Id</th><th>Counted</th><th>Received</th><th>Value</th><th>Event, as it came first</th></tr>{rows}</table>
<p>{tested} test events, which count nowhere.</p></html>"""


def answer(world: World) -> Reply:
    rows = "".join(map(_row, world.feedback.told.values()))
    page = _PAGE.format(rows=rows, tested=len(world.feedback.tested))
    return Reply(200, page, {"content-type": "text/html; charset=utf-8"})


def _row(one: ToldConversion) -> str:
    values = " → ".join(f"{value:.2f}" for value in one.values)
    shown = [one.event_id, str(one.count), str(one.received), values]
    cells = "".join(f"<td>{escape(text)}</td>" for text in shown)
    return f"<tr>{cells}<td><pre>{escape(json.dumps(one.event, indent=1))}</pre></td></tr>"
