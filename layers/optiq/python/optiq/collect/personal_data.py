"""E-mail addresses, phone numbers and secrets in texts: found, and replaced before anything is kept.

An address or number becomes `email:…` or `phone:…`, the beginning of the keyed hash that identities of the same
organization have; a secret becomes `(hidden)`. Replacing twice changes nothing. A text may be a whole address of a
page, percent-encoded more than once. What is no address or number must stay: order numbers, prices, instants, ids.
"""

import re
import unicodedata
from urllib.parse import quote, unquote, unquote_plus

from optiq.collect.automata import finder
from optiq.collect.identities import phone_number
from optiq.collect.key_names import SECRET_NAMES, names_phone
from optiq.kernel.secrets import identity_hash

HIDDEN = "(hidden)"
EMAIL = "an e-mail address was replaced by its hash"
PHONE = "a phone number was replaced by its hash"
SECRET = "a secret was hidden"  # noqa: S105 - what a warning says, and no secret

_HASH_CHARACTERS = 16
"""80 bits of an identity's 128: enough to tell people of one organization apart, and no identifier to join by."""
_MOST_HASHES = 1_000
"""Of one request; what is found beyond is hidden without a hash, so that a body full of addresses stays cheap."""
_MOST_ENCODINGS = 10
_SAFE = ":()~!*,"

_OWN_KEY = r"[wo][kspi]_[A-Za-z0-9_-]{32}"
_PHONE_NAMES = r"(?:phone|tel|mobil|handy|msisdn|whatsapp|fax)[a-z0-9_\[\]%.-]*"
# What the name of a secret ends with; the short ones are names of their own.
_LONG_NAMES = (
    r"(?:token|passw(?:or)?d|passwort|pwd|passphrase|secret|signature|credentials?|jwt|authorization|sess(?:ion)?[_-]?id|"
    rf"(?:api|access|private|write)[_-]?key[_-]?id|{SECRET_NAMES}|samlresponse)"
)
_SHORT_NAMES = r"(?:sid|sig|auth|session|otp|bearer|code)"
# Behind the name: its own bracket closed, and brackets as PHP and Rails write lists and objects.
_BRACKETS = r"(?:[\])]|%5d)?(?:(?:\[|%5b)[a-z0-9_.-]{0,40}(?:\]|%5d)){0,3}"
_NUMBERED = r"\d{0,2}"
_DASHES = "‐‑‒–—―"
may_hold = finder(
    r"@|＠|﹫|&(?:amp;)*#(?:0*64|x0*40)\b|&(?:amp;)*commat;|=40[a-z0-9]|\\u(?:ff20|fe6b)|"
    r"%(?:40|25|2b|3d|26%23|26commat|26amp)|%ef%b[cd9]|%u00[2-7]|\\u00[2-7]|"
    rf"\+[1-9](?:[0-9 ().\-/]|\u00a0|\u202f|{'|'.join(_DASHES)}|\\u00a0|\\u20(?:2f|1[0-5])){{5}}|"
    rf"00[1-9][0-9]{{0,2}} [0-9(]|hash:[a-z_]+:|(?:tel|sms|callto):|wa\.me/|{_OWN_KEY}|"
    r"(?:bearer|basic) [a-z0-9+/_.=-]{16}|"
    rf"{_LONG_NAMES}{_BRACKETS}{_NUMBERED}(?:=|\s*\\*\")|{_SHORT_NAMES}{_NUMBERED}=|"
    rf"passw(?:or)?ds?[_-]?(?:confirm|again|repeat|{_NUMBERED}\\*\")|\"(?:otp|sig|bearer){_NUMBERED}\s*\\*\"|"
    rf"{_PHONE_NAMES}(?:=|\s*\\*\"\s*:)|\"(?:name|key)\\*\"\s*:\s*\\*\"{_PHONE_NAMES}"
)
"""Whether a text, or a body of JSON, may hold any of it. False is certain: what is found below, this finds first."""

_TOKEN = re.compile(r'[^\s/?#&=;<>"]+')
_ESCAPE = re.compile(r"(?:\\u|%u)00([2-7][0-9A-Fa-f])")
# The sign as HTML, full-width letters and quoted-printable write it. A parameter that begins with 40 is no address.
_AT_SIGN = re.compile(r"&(?:amp;)*(?:#(?:0*64|x0*40)(?:;|(?![0-9a-f]))|commat;)|＠|﹫|\\u(?:ff20|fe6b)", re.IGNORECASE)
_QUOTED_AT_SIGN = re.compile(r"(?<![?&;\w.+-])([\w.+-]{1,64})=40(?=[\w-]+\.)")
_FULL_STOP = re.compile(
    r"(@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})(?:[。．｡]|\\u(?:3002|ff0e|ff61))(?=[\w-])", re.IGNORECASE
)
_USER_INFO = re.compile(r"(?<=://)[^\s/?#]+@")
# What may stand before @ within a longer text, and in a text that is nothing else.
_LOCAL = r"""[^\s@/?#&=;,:<>()\[\]{}"\\|%]"""
_ADDRESS = re.compile(
    rf'(?:(?<!{_LOCAL}){_LOCAL}++|"[^"@]{{1,64}}")@[\w-]+(?:\.[\w-]+)*\.(?P<top>[^\W\d_]{{2,}}|xn--[\w-]+)'
)
_WHOLE_LOCAL = r"""[^\s@/?#&=;,:<>()\[\]{}"\\]"""
_WHOLE_ADDRESS = re.compile(rf"{_WHOLE_LOCAL}{{1,64}}@{_WHOLE_LOCAL}+\.(?P<top>[^\W\d_][\w-]*)")
_FILE_ENDINGS = frozenset(
    {"png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "ico", "js", "mjs", "css", "html", "htm", "php", "json", "xml"}
)
"""No top-level domain is called so: `logo@2x.png` is a file."""
_PHONE_SEPARATORS = rf"[ \u00a0\u202f().\-/{_DASHES}]{{0,3}}"
_PHONE_NUMBER = re.compile(
    r"(?:(?<![^\s=/(\[,;\"'>])|(?<=tel:)|(?<=sms:)|(?<=one:)|(?<=app:)|(?<=ile:))"
    rf"(?:\+|00(?=[1-9][0-9]{{0,2}} ))[1-9](?:{_PHONE_SEPARATORS}[0-9]){{7,14}}(?![\w])",
    re.IGNORECASE,
)
_PHONE_LINK = re.compile(
    r"(?:(?<=tel:)|(?<=sms:)|(?<=callto:)|(?<=wa\.me/))\+?[0-9][0-9().\-/ ]{5,22}[0-9]", re.IGNORECASE
)
_ONE_POINT_OR_THOUSANDS = re.compile(r"\+\d+\.\d+|\+\d{1,3}(?:\.\d{3})+")
_FEWEST_DIGITS = 7
_PHONE_DIGITS = re.compile(
    rf"[+(]{{0,2}}[0-9][0-9\s().\-/{_DASHES}]{{4,40}}[0-9]\)?(?:\s?(?:x|ext\.?)\s?[0-9]{{1,6}})?"
)
# Somebody's number as they write it: "Tel. 0151 2345678 (mobil)", and two of them.
_ONE_PHONE = rf"(?:[^\W\d_]{{1,12}}[.:]?\s?)?{_PHONE_DIGITS.pattern}\s?(?:\([^\d()]{{1,20}}\))?"
_PHONE_VALUE = re.compile(
    rf"{_ONE_PHONE}(?:\s?(?:[,;|&]|or|and|oder|und|et|ou|o|y)\s?{_ONE_PHONE}){{0,2}}", re.IGNORECASE
)
# From where a name begins: tried at each letter, a text of names costs the square of its length.
_PARAMETER = re.compile(r"(?<![^=?&;#\s\"'])([^=?&;#\s\"']{1,100}+=)([^&;#\s\"'<>]+)")
# Each name once, from where it begins; a search for all names of secrets at each letter costs thirty times as much.
_NAME = re.compile(r"(?<![^=?&;#\s\"'])([^=?&;#\s\"']++)=")
_LONGEST_NAME = 120
_is_secret_name = finder(rf"{_LONG_NAMES}{_BRACKETS}{_NUMBERED}$")
_is_short_secret_name = finder(rf"(?:\b|_){_SHORT_NAMES}{_BRACKETS}{_NUMBERED}$")
# A password may hold a semicolon; where semicolons part parameters, those behind it go too.
_SECRET_VALUE = re.compile(r"[^&#\s\"'<>]+")
_CREDENTIALS = re.compile(r"(?<=bearer )[a-z0-9+/_.=-]{16,}|(?<=basic )[a-z0-9+/_.=-]{16,}", re.IGNORECASE)
_OWN_SECRET = re.compile(rf"(?<![A-Za-z0-9])(?=[wo][kspi]_[a-z0-9_-]{{0,64}}[A-Z]){_OWN_KEY}[A-Za-z0-9_-]*")


class Texts:
    """Replaces what is found in the texts of one request, by the hashes of one organization.

    Every method adds to `found` what it replaced: EMAIL, PHONE, SECRET.
    """

    def __init__(self, platform_secret: bytes, organization_id: str) -> None:
        self._secret = platform_secret
        self._organization_id = organization_id
        self._hashes = 0

    def hidden(self, text: str, found: set[str], encodings: int = 0) -> str:
        """The text without addresses, numbers and secrets; `encodings` is how many it was freed of before."""
        if not may_hold(text):
            return text
        if encodings > _MOST_ENCODINGS:
            found.add(SECRET)
            return HIDDEN
        plain = _unescaped(text)
        if plain != text:
            hidden = self.hidden(plain, found, encodings + 1)
            # What is found only in the text as it was, such as the name of a parameter, needs no second look within.
            return hidden if hidden != plain else self._searched(text, found)
        if "%" in text:
            text = _TOKEN.sub(lambda token: self._decoded(token[0], found, encodings), text)
        return self._searched(text, found)

    def _searched(self, text: str, found: set[str]) -> str:
        """The text without what stands in it as it is."""
        if "@" in text:
            text = self._without_addresses(text, found)
        if "=" in text:
            text = self._without_parameters(text, found)
        text = _PHONE_NUMBER.sub(lambda number: self._number(number[0], found), text)
        text = _PHONE_LINK.sub(lambda number: self._phone(number[0], found), text)
        return _replace(_CREDENTIALS, _replace(_OWN_SECRET, text, found), found)

    def phone(self, value: str, found: set[str]) -> str:
        """A value that is called a phone number with its hash for it, if it is one in any form; else the value."""
        plain = "".join(str(unicodedata.decimal(each, each)) for each in value.strip()) if len(value) <= 100 else ""
        if not _PHONE_VALUE.fullmatch(plain):
            return value
        return _PHONE_DIGITS.sub(lambda number: self._called_phone(number[0], found), plain)

    def _called_phone(self, number: str, found: set[str]) -> str:
        return self._phone(number, found) if sum(map(str.isdecimal, number)) >= _FEWEST_DIGITS else number

    def _decoded(self, token: str, found: set[str], encodings: int) -> str:
        """A piece of an address; one that holds something is encoded again."""
        plain = unquote(token) if "%" in token else token
        if plain == token:
            return token
        hidden = self.hidden(plain, found, encodings + 1)
        return token if hidden == plain else quote(hidden, safe=_SAFE)

    def _without_addresses(self, text: str, found: set[str]) -> str:
        if "://" in text:
            without = _USER_INFO.sub("", text)
            if without != text:
                found.add(SECRET)
                text = without
        whole = text.strip()
        if (match := _WHOLE_ADDRESS.fullmatch(whole)) and match["top"].lower() not in _FILE_ENDINGS:
            return self._hash("email", whole.lower(), EMAIL, found)
        return _ADDRESS.sub(lambda address: self._address(address, found), text)

    def _address(self, match: re.Match[str], found: set[str]) -> str:
        if match["top"].lower() in _FILE_ENDINGS:
            return match[0]
        address = match[0].lstrip("'`*")
        return match[0][: len(match[0]) - len(address)] + self._hash("email", address.lower(), EMAIL, found)

    def _without_parameters(self, text: str, found: set[str]) -> str:
        """Without the values of parameters that are called secrets or phone numbers."""

        def phone(match: re.Match[str]) -> str:
            if not names_phone(unquote(match[1][:-1])):
                return match[0]
            value = unquote_plus(match[2])
            # A plus that was not encoded reads as a space.
            number = self.phone(value, found)
            return match[0] if number == value else match[1] + number

        return _PARAMETER.sub(phone, _without_secrets(text, found))

    def _number(self, number: str, found: set[str]) -> str:
        return number if _ONE_POINT_OR_THOUSANDS.fullmatch(number) else self._phone(number, found)

    def _phone(self, number: str, found: set[str]) -> str:
        # A zero in brackets is dialled within the country only.
        number = number.replace("(0)", "") if number.startswith(("+", "00")) else number
        digits = "".join(character for character in number if character.isdecimal())
        return self._hash("phone", phone_number(number) or digits, PHONE, found)

    def _hash(self, kind: str, value: str, sentence: str, found: set[str]) -> str:
        found.add(sentence)
        self._hashes += 1
        if self._hashes > _MOST_HASHES:
            return HIDDEN
        return f"{kind}:{identity_hash(self._secret, self._organization_id, kind, value)[:_HASH_CHARACTERS]}"


def _without_secrets(text: str, found: set[str]) -> str:
    """Without the values of parameters that are called secrets."""
    # A code alone may be a coupon; with a state beside it, it is what a sign-in gave (RFC 6749, 4.1.2).
    codes = "state=" in text
    pieces, end = [], 0
    for match in _NAME.finditer(text):
        name = match[1][-_LONGEST_NAME:]
        if match.start() < end or not (
            _is_secret_name(name) or (_is_short_secret_name(name) and (codes or not _is_code(name)))
        ):
            continue
        value = _SECRET_VALUE.match(text, match.end())
        if value and value[0] != HIDDEN:
            found.add(SECRET)
            pieces += [text[end : match.end()], HIDDEN]
            end = value.end()
    return "".join((*pieces, text[end:])) if pieces else text


def _is_code(name: str) -> bool:
    return name.lower().rstrip("0123456789").endswith("code")


def _unescaped(text: str) -> str:
    """One step nearer to what the text means, as JSON, HTML, JavaScript and mails write signs. The work is linear."""
    if "u00" in text:
        text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    text = _QUOTED_AT_SIGN.sub(r"\1@", _AT_SIGN.sub("@", text))
    return _FULL_STOP.sub(r"\1.", text) if "@" in text else text


def _replace(pattern: re.Pattern[str], text: str, found: set[str]) -> str:
    hidden = pattern.sub(HIDDEN, text)
    if hidden != text:
        found.add(SECRET)
    return hidden
