"""Spellings that stand for no id: what languages, SDKs and template engines write when nothing is known.

Everybody who has no id shares them, so they name no person, no order and no event.
"""

import re
from collections.abc import Mapping

WORDS: Mapping[str, frozenset[str]] = {
    "JavaScript, Python, PHP, Go, Objective-C: nothing, or a value that is no text": frozenset(
        {"null", "nil", "none", "nonetype", "undefined", "nan", "inf", "infinity", "void", "true", "false"}
    ),
    "JavaScript's and PHP's texts for an object and a list": frozenset({"object", "array"}),
    "Google Analytics: (not set), (not provided)": frozenset({"notset", "notprovided"}),
    "PostHog: distinct ids that merge nobody": frozenset(
        {"anonymous", "guest", "distinctid", "id", "notauthenticated", "email", "undefined", "null", "none"}
    ),
    "Altertable: reserved user ids": frozenset({"anonymousid", "userid", "user", "visitorid", "visitor"}),
    "Mixpanel and Amplitude: invalid user ids": frozenset({"anon", "na", "unknown", "nil", "unset", "empty"}),
    "Shops' templates before sign-in": frozenset({"notloggedin", "loggedout", "unauthenticated", "unidentified"}),
    "Shops' forms: whoever orders without an account": frozenset(
        {"guestuser", "guestcustomer", "guestcheckout", "testuser"}
    ),
    "A field's own name": frozenset({"clientid", "deviceid", "sessionid", "order", "orderid", "ordernumber"}),
    "The same, and examples of documentation": frozenset(
        {"transaction", "transactionid", "yourorderid", "youruserid", "yourtransactionid"}
    ),
}
"""By who keeps them. In lower case, without separators and brackets: "notset" is "(not set)" and "Not-Set"."""
_WORDS = frozenset({""}).union(*WORDS.values())
_NO_MAILBOXES = frozenset(
    {
        *("noemail", "nomail", "noemailprovided", "none", "null", "nil", "undefined", "nan", "na", "notset"),
        *("notprovided", "notavailable", "notapplicable", "unknown", "anonymous", "anon", "guest", "guestuser"),
        *("test", "testuser", "noreply", "donotreply", "invalid", "dummy", "placeholder"),
    }
)
"""What shops write before the @ when a buyer has no address; without separators, in lower case."""
_NO_DOMAINS = frozenset(
    {
        *("null.com", "none.com", "undefined.com", "unknown.com", "noemail.com", "no-email.com", "noemail.org"),
        *("nomail.com", "no-mail.com", "noreply.com", "no-reply.com", "test.com", "test.test"),
        *("null.null", "none.none", "na.na"),
    }
)
"""What they write behind it. People of demos and tests live at example.com, so it is not among these."""
_SHARED_DEVICES = frozenset({"9774d56d682e549c", "lmy47d", "02:00:00:00:00:00"})
"""Android gave these ids to many devices; its addresses of network cards are all the same."""
_LONGEST_WORD = 30
_LONGEST = 200
_BRACKETS = " \t\r\n()<>[]{}\"'`"

_SEPARATORS = re.compile(r"[\s_\-./]+")
_DIGIT = re.compile("[1-9]")
# Zeroes and dashes, as Segment blocks them: the advertising id of who refused one, a GA client id that is not known.
# One digit or letter in all places of a UUID (RFC 9562: all zeros and all ones), and x for digits to be filled in.
_NOTHING = re.compile(
    r"[0\-.:\s]*|-1(\.0+)?|\[object .*|function\b.*|([0-9a-z])\2{7}(-?\2{4}){3}-?\2{12}|(x-*){4,}",
    re.DOTALL | re.IGNORECASE,
)
# The codes of one and of two digits (ITU-T E.164); the others have three.
_ONE_DIGIT = re.compile(
    r"(?>[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(\d)\1+",
)
_MARK = re.compile("[{<%$\\[#|@_:\ufffd]")
_TEMPLATE = re.compile(
    # Handlebars, Liquid, Jinja, ES6, Ruby, Razor, ERB, JSP, PHP, Thymeleaf, Mailchimp; URL-encoded and HTML-escaped.
    r"\{\{.*\}\}|\{%.*%\}|[$#@]\{.*\}|<[%?].*[%?]>|\[\[.*\]\]|\*\|.*\|\*|%7B%7B|&lt;[%?]|"
    # {order_id} <order_id> [ORDER_ID], never a GUID in braces
    r"^[{<\[][\s$]*[a-z_][a-z_.\- ]*[}>\]]$|"
    # %ORDER_ID% %%ORDER_ID%% #ORDER_ID# $order_id $order->id @order_id@ __ORDER_ID__ :order_id
    r"^(%{1,2})[a-z_][\w.\- ]*\1$|^(\#{1,3})[a-z_][a-z_.\- ]*\2$|^\$[a-z_][a-z_.\->\[\]'\"]*\$?$|"
    r"^(@{1,2})[a-z_.]+\3$|^__[a-z_\- ]+__$|^:[a-z_]+$|"
    # %s %d %1$s %(order_id)s
    r"^%(\d+\$)?[sd]$|^%\(\w+\)[sd]$|"
    # What could not be decoded is not told from what else could not be.
    "\ufffd",
    re.IGNORECASE | re.DOTALL,
)


def is_placeholder(text: str) -> bool:
    """Whether a text stands for no id. One of more than 200 characters never does."""
    if len(text) > _LONGEST:
        return False
    if not _DIGIT.search(text):
        if _NOTHING.fullmatch(text):
            return True
        if len(text) <= _LONGEST_WORD and _bare(text) in _WORDS:
            return True
    elif text == "-1" or text.lower() in _SHARED_DEVICES or _NOTHING.fullmatch(text):
        return True
    return _MARK.search(text) is not None and _TEMPLATE.search(text) is not None


def is_no_mailbox(address: str) -> bool:
    """Whether a mail address stands for none, such as noemail@shop.example or ada@none.com."""
    mailbox, _, domain = address.lower().rpartition("@")
    return _bare(mailbox) in _NO_MAILBOXES or domain in _NO_DOMAINS or domain.endswith(".invalid")


def is_no_phone(digits: str) -> bool:
    """Whether all digits behind the country's code are the same one: 10000000000, 491111111111."""
    return _ONE_DIGIT.fullmatch(digits) is not None


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text.strip(_BRACKETS)).lower()
