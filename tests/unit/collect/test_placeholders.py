"""Which spellings stand for no id, and which ids only look like one."""

import pytest
from optiq.collect.placeholders import WORDS, is_placeholder


@pytest.mark.parametrize("word", sorted(set().union(*WORDS.values())))
@pytest.mark.parametrize("form", ["{}", "({})", "<{}>", '"{}"', "[{}]"])
def test_every_listed_word_is_a_placeholder_in_any_case_and_bracket(word: str, form: str) -> None:
    assert is_placeholder(form.format(word))
    assert is_placeholder(form.format(word.upper()))


@pytest.mark.parametrize(
    "said",
    [
        *("", "-", "0", "000", "0.0", "-1", "00000000-0000-0000-0000-000000000000", "00:00:00:00:00:00"),
        *("(not set)", "not_set", "Not Set", "N/A", "n.a.", "<nil>", "{}", "[]", '""', "NaN", "User ID", "order_id"),
        *("ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "xxxx", "xxxxxxxx-xxxx-xxxx"),
        *("11111111-1111-1111-1111-111111111111", "[object Object]", "[object Promise]"),
        *("function () { [native code] }", "9774D56D682E549C", "lmy47d"),
    ],
)
def test_what_sdks_write_for_nothing_is_a_placeholder(said: str) -> None:
    assert is_placeholder(said)


@pytest.mark.parametrize(
    "said",
    [
        *("{{order.id}}", "{{ page.orderNumber }}", "{{{id}}}", "A-{{ order.id2 }}", "{% order.id %}", "${orderId}"),
        *("#{order.id}", "@{order}", "<%= id %>", "<?php echo $id; ?>", "[[order_id]]", "[[${order.id}]]", "*|ORDER|*"),
        *("{order_id}", "<order_id>", "[ORDER_ID]", "%ORDER_ID%", "%%ORDER_ID%%", "#ORDER#", "##order##", "@order@"),
        *("$order_id", "$order->id", "$ORDER_ID$", "__ORDER_ID__", ":order_id", "%s", "%1$s", "%(order_id)s"),
        *("%7B%7Border.id%7D%7D", "&lt;%= id %&gt;"),
    ],
)
def test_a_template_that_was_not_filled_in_is_a_placeholder(said: str) -> None:
    assert is_placeholder(said)


@pytest.mark.parametrize(
    "said",
    [
        *("1", "1010", "#1010", "A-1", "10-0", "1.1700000000", "user-1", "guest-17", "order 7", "null-1", "x", "ada"),
        *("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "gid://shop/Order/1"),
        *("$device:0190-ab", "$RCAnonymousID:1f", "@ada", "a@b.example", "Undefeated", "nobody", "50%", "100%-A", "_1"),
        *("{{" * 200, "xxx", "ffffffff", "11111111", "fffffffe-ffff-ffff-ffff-ffffffffffff", "xbox"),
    ],
)
def test_an_id_that_only_looks_like_one_is_none(said: str) -> None:
    assert not is_placeholder(said)
