"""Spellings that stand for no id: what languages, SDKs and template engines write when nothing is known.

Everybody who has no id shares them, so they name no person, no order and no event.
"""

import html
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
    "Shops' templates before sign-in": frozenset(
        {"notloggedin", "loggedout", "unauthenticated", "unidentified", "nouser"}
    ),
    "What is not there any more, or not yet": frozenset(
        {"notavailable", "notapplicable", "deleted", "removed", "redacted"}
    ),
    "What is to be filled in": frozenset({"placeholder", "replaceme", "changeme", "todo", "tbd"}),
    "Shops' forms: whoever orders without an account": frozenset(
        {"guestuser", "guestcustomer", "guestcheckout", "testuser"}
    ),
    "A field's own name": frozenset(
        {"clientid", "deviceid", "sessionid", "customerid", "accountid", "memberid", "order", "orderid", "ordernumber"}
    ),
    "The same, and examples of documentation": frozenset(
        {"transaction", "transactionid", "yourorderid", "youruserid", "yourtransactionid"}
        | {"uid", "customer", "client", "account", "member"}
    ),
    "Guests, in other languages": frozenset({"gast", "gäst", "invité", "invitado", "ospite", "convidado", "gość"}),
    "Databases and .NET: an empty column, an object as a text": frozenset({"\\n", "systemobject", "symbol", "dbnull"}),
    "Nobody, in several words": frozenset(
        {"noid", "nouserid", "useridnotset", "defaultuser", "anonymoususer", "missing", "unavailable"}
        | {"default", "blank", "dummy", "dummyuser", "anonym", "gastbenutzer"}
    ),
}
"""By who keeps them. In lower case, without separators and brackets: "notset" is "(not set)" and "Not-Set"."""
_WORDS = frozenset({""}).union(*WORDS.values())
_PREFIXES = frozenset(
    {"ord", "o", "cust", "c", "u", "usr", "inv", "invoice", "tx", "txn", "trx", "ref", "person", "lead", "contact"}
    | {"no", "nr", "num", "number", "cid", "pid"}
)
"""What senders put before an id, also before one that is not there: `ORD-null`. Beside it no word says anything."""
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
_FORM_MAILBOXES = frozenset(
    {
        *(
            "no",
            "my",
            "your",
            "the",
            "some",
            "a",
            "an",
            "any",
            "email",
            "mail",
            "name",
            "yourname",
            "youremail",
            "myemail",
        ),
        *("user", "username", "example", "sample", "someone", "somebody", "customer", "abc", "address", "mailaddress"),
        *("firstname", "lastname", "firstnamelastname", "emailaddress", "me", "you"),
    }
)
_FORM_DOMAINS = frozenset(
    {"email", "mail", "domain", "yourdomain", "mydomain", "company", "yourcompany", "website", "site"}
)
"""What forms show in an empty field, on both sides of the @."""
_SHARED_DEVICES = frozenset({"9774d56d682e549c", "lmy47d", "02:00:00:00:00:00"})
"""Android gave these ids to many devices; its addresses of network cards are all the same."""
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LONGEST_WORD = 30
_LONGEST = 200
_BRACKETS = " \t\r\n()<>[]{}\"'`#"
_REPEATED = re.compile("(?:undefined|null|none|nil|nan)+")
_TO_FILL_IN = re.compile(
    "(?:your|my|the|insert|enter|put|replace|with|example|sample|dummy|fake|unique|user|customer|client|visitor|"
    "order|transaction|account|member|device|session)+(?:id|number|here)+"
)
"""The words of `INSERT_USER_ID_HERE`."""

_SEPARATORS = re.compile(r"[\s_\-./#:=|,;]+")
_DIGIT = re.compile("[1-9]")
# Zeroes and dashes, as Segment blocks them: the advertising id of who refused one, a GA client id that is not known.
# One digit or letter in all places of a UUID (RFC 9562: all zeros and all ones), and x for digits to be filled in.
_NOTHING = re.compile(
    r"[0\-.:?*\s]*|-1(\.0+)?|\[object .*|function\b.*|([0-9a-z])\2{7}(-?\2{4}){3}-?\2{12}|(x-*){4,}|"
    # Swift's and Java's text of a value that may be absent; a spreadsheet's errors; Google's cookie without an id.
    r"optional\((nil|\"\")?\)|optional\.empty|\#(n/a|ref|value|name|null|num|div/0)[!?]?|"
    r"GA\d\.[\d-]+\.(undefined|null|none|nan|0*)(\.(undefined|null|none|nan|0*))?",
    re.DOTALL | re.IGNORECASE,
)
# The codes of one and of two digits (ITU-T E.164); the others have three.
_CODES = r"(?>[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})"
_CODE = re.compile(_CODES)
_ONE_DIGIT = re.compile(rf"{_CODES}(\d)\1+")
_UP = "0123456789" * 2
_DOWN = _UP[::-1]
_SHORTEST_COUNT = 8
_MARK = re.compile("[{<%$\\[#|@_:\ufffd]")
_TEMPLATE = re.compile(
    # Handlebars, Liquid, Jinja, ES6, Ruby, Razor, ERB, JSP, PHP, Thymeleaf, Mailchimp; URL-encoded and HTML-escaped.
    r"\{\{.*\}\}|\{%.*%\}|[$#@%]\{.*\}|<[%?].*[%?]>|\[\[.*\]\]|\*\|.*\|\*|%7B%7B|&lt;[%?]|"
    # Makefiles and their like, Salesforce, Template Toolkit, ColdFusion.
    r"^\$\([a-z_][\w.]*\)$|^\{![a-z_][\w.]*\}$|^\[%.*%\]$|^<cf[a-z]+>|"
    # {order_id} <order_id> [ORDER_ID], never a GUID in braces
    r"^[{<\[][\s$]*[a-z_][a-z_.\- ]*[}>\]]$|"
    # %ORDER_ID% %%ORDER_ID%% #ORDER_ID# $order_id $order->id @order_id@ __ORDER_ID__ :order_id
    r"^(%{1,2})[a-z_][\w.\- ]*\1$|^(\#{1,3})[a-z_][a-z_.\- ]*\2$|^\$[a-z_][a-z_.\->\[\]'\"]*\$?$|"
    r"^(@{1,2})[a-z_.]+\3$|^__[a-z_\- ]+__$|^:[a-z_]+$|"
    # @Model.UserId of Razor; @ann.smith may be somebody's name.
    r"^@(model|user|customer|visitor|order|item|view(bag|data))\.[\w.]+$|"
    # %s %d %1$s %(order_id)s
    r"^%(\d+\$)?[sd]$|^%\(\w+\)[sd]$|"
    # What could not be decoded can't be distinguished from other such text.
    "\ufffd",
    re.IGNORECASE | re.DOTALL,
)


def without_blanks(text: str) -> str:
    """The text without blanks around it, also those that nobody sees: spreadsheets and PHP put a mark before."""
    return text.strip().strip(_INVISIBLE).strip()


def is_placeholder(text: str) -> bool:
    """Whether a text stands for no id. One of more than 200 characters never does."""
    if len(text) > _LONGEST:
        return False
    if "&" in text:
        text = html.unescape(text)
    if not _DIGIT.search(text):
        if _NOTHING.fullmatch(text) or _NOTHING.fullmatch(text.strip(_BRACKETS).removeprefix("urn:uuid:")):
            return True
        if len(text) <= _LONGEST_WORD and _says_nothing(text):
            return True
    elif text == "-1" or text.lower() in _SHARED_DEVICES or _NOTHING.fullmatch(text):
        return True
    return _MARK.search(text) is not None and _TEMPLATE.search(text) is not None


def is_no_mailbox(address: str) -> bool:
    """Whether a mail address stands for none, such as noemail@shop.example or ada@none.com."""
    mailbox, _, domain = address.lower().rpartition("@")
    name = domain.partition(".")[0]
    # xxx@xxx.com and 0@0.com; no@email.com and your@domain.com.
    one_letter = len({*mailbox, *name}) == 1
    of_a_form = _bare(mailbox) in _FORM_MAILBOXES and name in _FORM_DOMAINS
    of_an_example = mailbox == name == "example"
    listed = _bare(mailbox) in _NO_MAILBOXES or domain in _NO_DOMAINS or domain.endswith(".invalid")
    return one_letter or of_a_form or of_an_example or listed


def is_no_phone(digits: str) -> bool:
    """Whether all digits behind the country's code are the same one, or all digits, or these, are counted: 10000000000,
    491111111111, 1234567890, 49123456789."""
    if _ONE_DIGIT.fullmatch(digits):
        return True
    behind = _CODE.sub("", digits, count=1)
    return any(len(part) >= _SHORTEST_COUNT and (part in _UP or part in _DOWN) for part in (digits, behind))


def _says_nothing(text: str) -> bool:
    """Whether a text is such a word, or several: `undefined.undefined`, `anonymous_user`."""
    bare = _bare(text)
    if bare in _WORDS or _TO_FILL_IN.fullmatch(bare) or _REPEATED.fullmatch(bare):
        return True
    words = _SEPARATORS.split(text.strip(_BRACKETS).lower())
    return not _PREFIXES.issuperset(words) and all(word in _WORDS or word in _PREFIXES for word in words)


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text.strip(_BRACKETS)).lower()
