"""The faults that a report shows for a wrong address; its script runs in Node.js."""

import json
from urllib.parse import quote

from tests.unit.console.modules import result_of


def faults_of(*addresses: str) -> list[dict[str, str]]:
    own = {"by": ["channel", "ad", "landing_page"], "row": []}
    asked = f"m.faultsOf(new URLSearchParams(address), [{{site_id: 'site_1'}}], {json.dumps(own)}, [{{id: 'view_1'}}])"
    found = result_of("shared/view.ts", f"{json.dumps(addresses)}.map((address) => [...{asked}])")
    return [dict(faults) for faults in found]


def test_faults_of_is_empty_for_known_values() -> None:
    known = (
        "",
        "site=site_1&model=MARKOV&by=landing_page&from=2026-01-31&to=2028-02-29",
        "site=&model=&by=&from=&to=&row=anything",
        "period=last7d&compare=NONE&basis=TOUCH_DAY&where=channel~is~Email|channel~is~SMS;country~is_set&conversion=Lead",
        "segment=view_1",
    )
    assert faults_of(*known) == [{}] * len(known)


def test_each_fault_names_its_parameter() -> None:
    wrong = {
        "site": ["site_2", "SITE_1", "site_1 "],
        "model": ["LAST_CLICK", "markov", "toString", "__proto__"],
        "by": ["weather", "Channel", "constructor"],
        "from": ["yesterday", "2026-02-30", "2026-1-1", "2026-01-01T00:00:00Z", "20260101"],
        "to": ["0", "31.01.2026", "2026-13-01"],
        "period": ["last_thursday", "constructor"],
        "compare": ["before", "toString"],
        "basis": ["cash"],
        "where": ["weather~is~rain", "channel~like~x", "channel~is", "channel~is_set~x", "channel~is~%"],
        "segment": ["view_2", "view_1.view_2"],
        "days": ["30"],
        "from_day": ["2026-01-01"],
    }
    asked = [(name, value) for name, values in wrong.items() for value in values]
    for (name, value), faults in zip(asked, faults_of(*(f"{n}={quote(v)}" for n, v in asked)), strict=True):
        assert list(faults) == [name], value
        assert faults[name].endswith(".")


def test_faults_of_names_each_of_several_faults() -> None:
    (faults,) = faults_of("site=nowhere&model=MAGIC&from=soon&color=red&by=ad&by=channel")
    assert sorted(faults) == ["by", "color", "from", "model", "site"]
    assert faults["model"] == "There is no model “MAGIC”."
    assert faults["by"] == "This link has “by” more than once."
