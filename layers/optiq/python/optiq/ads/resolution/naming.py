"""Names of campaigns, as links and people write them."""

import re
import unicodedata
from functools import lru_cache

_RUNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=8_192)
def slug(name: str) -> str:
    """The same for spellings of one name: "Spring Sale", "spring_sale" and "SPRING-SALE" are spring-sale.

    A name of marks alone is "", which no name is equal to.
    """
    return _RUNS.sub("-", unicodedata.normalize("NFKC", name).lower()).strip("-")
