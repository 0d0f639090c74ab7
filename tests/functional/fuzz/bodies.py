"""Request bodies as hypothesis makes them: near what each dialect means, and far from it."""

import json
from typing import Any

from hypothesis import strategies as st

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**15, max_value=10**25),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "NaN", "49.90", "EUR", "1e999", "2026-01-01T00:00:00Z", "https://a.example/?utm_source=b"]
    ),
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_TEXTS = st.text(max_size=40) | st.sampled_from(["v1", "u1", "x" * 300, "x" * 9_000])
_TIMES = st.sampled_from(
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+14:00",
    ]
)
_AMOUNTS = st.sampled_from([49.9, "49.90", "ten", -1, 10**30, 1e300, True, "", None, "1e5", "٤٢"])
_PROPERTIES = st.fixed_dictionaries(
    {},
    optional={"revenue": _AMOUNTS | ANYTHING, "value": _AMOUNTS, "currency": _TEXTS | ANYTHING, "order_id": ANYTHING},
)


def _message(**plausible: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with any of the fields, each as meant or as anything else."""
    return st.fixed_dictionaries({}, optional={name: meant | ANYTHING for name, meant in plausible.items()})


_CONTEXT = _message(
    page=_message(url=_TEXTS, referrer=_TEXTS, title=_TEXTS),
    campaign=_message(source=_TEXTS, medium=_TEXTS, name=_TEXTS),
    userAgent=_TEXTS,
    sessionId=_TEXTS,
    traits=_message(email=_TEXTS, phone=_TEXTS),
    externalIds=st.lists(_message(type=_TEXTS, id=_TEXTS), max_size=3),
)
SEGMENT_MESSAGE = _message(
    type=st.sampled_from(["track", "page", "screen", "identify", "group", "alias"]),
    event=_TEXTS,
    name=_TEXTS,
    messageId=_TEXTS,
    anonymousId=_TEXTS,
    userId=_TEXTS,
    groupId=_TEXTS,
    previousId=_TEXTS,
    timestamp=_TIMES,
    originalTimestamp=_TIMES,
    sentAt=_TIMES,
    context=_CONTEXT,
    traits=_message(email=_TEXTS, phone=_TEXTS),
    properties=_PROPERTIES,
)
SEGMENT_BATCH = _message(
    batch=st.lists(SEGMENT_MESSAGE | ANYTHING, max_size=5), context=_CONTEXT, sentAt=_TIMES, writeKey=_TEXTS
)
BEACON_EVENT = _message(
    event_id=_TEXTS,
    kind=st.sampled_from(["page", "track", "identify"]),
    name=_TEXTS,
    timestamp=_TIMES,
    anonymous_id=_TEXTS,
    user_id=_TEXTS,
    session_id=_TEXTS,
    url=_TEXTS,
    referrer=_TEXTS,
    title=_TEXTS,
    properties=_PROPERTIES,
)
BEACON = _message(sent_at=_TIMES, events=st.lists(BEACON_EVENT | ANYTHING, max_size=5))
MEASUREMENT_EVENT = _message(
    name=st.sampled_from(["purchase", "page_view", "screen_view", "campaign_details", "login"]),
    params=_message(
        page_location=_TEXTS,
        page_title=_TEXTS,
        session_id=st.integers(),
        transaction_id=_TEXTS,
        value=_AMOUNTS,
        currency=_TEXTS,
        source=_TEXTS,
        campaign=_TEXTS,
        screen_name=_TEXTS,
    ),
    timestamp_micros=st.integers(),
)
MEASUREMENT = _message(
    client_id=_TEXTS,
    user_id=_TEXTS,
    timestamp_micros=st.integers(),
    events=st.lists(MEASUREMENT_EVENT | ANYTHING, max_size=5),
)


def bodies(document: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Documents as JSON (with NaN, where they hold it), the same cut or damaged, and plain bytes."""
    written = (document | ANYTHING).map(lambda value: json.dumps(value).encode())
    cut = st.tuples(written, st.integers(0, 200)).map(lambda pair: pair[0][: pair[1]])
    damaged = st.tuples(written, st.binary(max_size=3), st.integers(0, 200)).map(
        lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] :]
    )
    return written | written | written | cut | damaged | st.binary(max_size=200)
