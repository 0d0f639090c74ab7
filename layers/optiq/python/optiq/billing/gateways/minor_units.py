"""Stripe's amounts: whole minor units of a currency, of which each currency has its own number of digits.

docs.stripe.com/currencies lists those that have none, and those that have three.
"""

_NONE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def micros_of(minor: int, currency: str) -> int:
    """Millionths of an amount in minor units."""
    return minor * micros_of_one(currency)


def minor_of(micros: int, currency: str) -> int:
    """Minor units of an amount in millionths. Raises ValueError for one with a part of a unit."""
    whole, rest = divmod(micros, micros_of_one(currency))
    if rest:
        raise ValueError(f"{micros} micros are no whole number of minor units of {currency}")
    return whole


def micros_of_one(currency: str) -> int:
    """Millionths of one minor unit."""
    code = currency.upper()
    return 1_000_000 if code in _NONE else 1_000 if code in _THREE else 10_000


def text_of(micros: int, currency: str) -> str:
    """An amount as mails write it, such as `29.00 USD`; parts of a minor unit are cut off."""
    code = currency.upper()
    digits = 0 if code in _NONE else 3 if code in _THREE else 2
    minor = abs(micros) // micros_of_one(code)
    whole, part = divmod(minor, 10**digits)
    return f"{'-' if micros < 0 else ''}{whole:,}{f'.{part:0{digits}d}' if digits else ''} {code}"
