"""Which spellings stand for no id, and which ids only look like one."""

import pytest
from optiq.collect.placeholders import WORDS, is_no_mailbox, is_no_phone, is_placeholder


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
        *(
            "#undefined",
            "ORD-null",
            "order #undefined",
            "undefinedundefined",
            "#",
            "#0",
            "cust_undefined",
            "user:undefined",
        ),
        *("id=undefined", "undefined|undefined", "null,null", "nullnull", "{0}", "\\N", "System.Object", "Symbol()"),
        *("{00000000-0000-0000-0000-000000000000}", "urn:uuid:00000000-0000-0000-0000-000000000000"),
        *("no-id", "AnonymousUser", "default_user", "customer", "uid", "Gast", "invité", "user_id_not_set"),
        *(
            "Optional(nil)",
            'Optional("")',
            "Optional.empty",
            "#N/A",
            "#REF!",
            "#DIV/0!",
            "GA1.2.undefined",
            "GA1.1.null.null",
        ),
        *(
            "undefined.undefined",
            "anonymous_user",
            "null-null",
            "guest user",
            "not_available",
            "customer_id",
            "deleted",
        ),
        *("REPLACE_ME", "CHANGE-ME", "PLACEHOLDER", "YOUR_USER_ID", "INSERT_CUSTOMER_ID_HERE", "example-order-number"),
        *("?", "***", "no-user", "No User"),
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
        *("&lt;order_id&gt;", "&#123;&#123;order_id&#125;&#125;", "&quot;&quot;", "&nbsp;"),
        *("%{user_id}", "$(user.id)", "{!User.Id}", "[% user.id %]", "<cfoutput>#user.id#</cfoutput>"),
        *("%7B%7Border.id%7D%7D", "&lt;%= id %&gt;", "@Model.UserId", "@user.id", "@ViewBag.User.Id"),
    ],
)
def test_a_template_that_was_not_filled_in_is_a_placeholder(said: str) -> None:
    assert is_placeholder(said)


@pytest.mark.parametrize(
    "said",
    [
        *("ord", "no", "ORD-7", "c_u", "null#7", "cust_ada", "$(a b)", "ref:no"),
        *("1", "1010", "#1010", "A-1", "10-0", "1.1700000000", "user-1", "guest-17", "order 7", "null-1", "x", "ada"),
        *("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "gid://shop/Order/1"),
        *(
            "$device:0190-ab",
            "$RCAnonymousID:1f",
            "@ada",
            "@ann.smith",
            "a@b.example",
            "Undefeated",
            "nobody",
            "50%",
            "100%-A",
            "_1",
        ),
        *(
            "yourdavid",
            "testdavid",
            "theodora",
            "anonymous_user_7",
            'Optional("u1")',
            "GA1.2.123.456",
            "#REF-7",
            "void-7",
        ),
        *("{{" * 200, "xxx", "ffffffff", "11111111", "fffffffe-ffff-ffff-ffff-ffffffffffff", "xbox"),
    ],
)
def test_an_id_that_only_looks_like_one_is_none(said: str) -> None:
    assert not is_placeholder(said)


@pytest.mark.parametrize(
    "address",
    [
        *("no@email.com", "xxx@xxx.com", "0@0.com", "a@a.aa", "111@111.com", "your@domain.com", "name@company.com"),
        *(
            "example@example.com",
            "email@email.com",
            "your.name@yourdomain.com",
            "noemail@shop.example",
            "ada@none.com",
            "user@mail.com",
        ),
    ],
)
def test_an_address_that_a_form_shows_is_nobodys(address: str) -> None:
    assert is_no_mailbox(address)


@pytest.mark.parametrize("address", ["ada@email.com", "ada@ada.com", "aaa@gmail.com", "norbert@no.com", "xxx@ada.com"])
def test_an_address_of_somebody_is_theirs(address: str) -> None:
    assert not is_no_mailbox(address)


@pytest.mark.parametrize(
    "digits", ["1234567890", "9876543210", "12345678", "123456789012", "49123456789", "491234567890", "10000000000"]
)
def test_a_number_that_is_counted_is_nobodys(digits: str) -> None:
    assert is_no_phone(digits)


@pytest.mark.parametrize("digits", ["4915112345678", "14155552671", "447911123456", "12025550123", "33612345670"])
def test_a_number_of_somebody_is_theirs(digits: str) -> None:
    assert not is_no_phone(digits)
