"""Segment's API, called by pages as its own browser client calls it: from another origin."""

import pytest
from playwright.sync_api import BrowserContext

from infra.local.system import Running
from tests.browser.recorder import Recorder
from tests.system.sites import create_site

pytestmark = [pytest.mark.browser, pytest.mark.system]

_SEND = """
async ({ url, key }) => {
  const said = { type: 'track', event: 'Signed Up', anonymousId: 'v1', context: { page: { url: location.href } } }
  const send = async (name, headers, body) => {
    const answer = await fetch(`${url}/v1/${name}`, { method: 'post', headers, body: JSON.stringify(body) })
    return [answer.status, (await answer.json()).success]
  }
  const plain = { 'Content-Type': 'text/plain' }
  const rudder = { ...plain, 'Content-Type': 'application/json', AnonymousId: 'djE=', 'X-Requested-With': 'page' }
  const preflighted = { 'Content-Type': 'application/json', Authorization: `Basic ${btoa(`${key}:`)}` }
  return [
    await send('t', plain, { ...said, writeKey: key }),
    await send('b', plain, { batch: [said], writeKey: key }),
    await send('track', preflighted, said),
    await send('batch', { ...preflighted, ...rudder }, { batch: [said] }),
    await send('/batch', rudder, { batch: [said], writeKey: key }),
    await send('batch/', preflighted, { batch: [said] }),
    await send('t', plain, { ...said, writeKey: 'wk_nobodys' }),
  ]
}
"""


def test_a_page_of_another_origin_sends_and_reads_every_answer(
    running: Running, context: BrowserContext, recorder: Recorder
) -> None:
    site = create_site(running.home.path)
    page = context.new_page()
    page.goto(recorder.url("/shop"))

    answers = page.evaluate(_SEND, {"url": running.url, "key": site.write_key})

    assert answers == [[200, True]] * 6 + [[401, None]]
