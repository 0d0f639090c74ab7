"""What the tests over all routes need of each context. A context says it beside its own tests, in `things.py`:

- `IDS`: what creates a thing that a path names, by the name of the parameter, for an organization and a site;
- `BODIES`: a body that changes something, or what makes one for an organization and a site (`site_ids`), by route key,
  where the example of the API's reference does not.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from types import ModuleType

from optiq.kernel.manifest import contexts

Create = Callable[[str, str], str]
EVERYBODYS = {"platform"}
"""Parameters that name no tenant's thing: every organization may connect an advertising platform."""


def creators() -> Mapping[str, Create]:
    """What creates things, by the parameters that name them."""
    return {name: create for module in _modules() for name, create in module.IDS.items()}


def bodies() -> Mapping[str, object]:
    return {key: body for module in _modules() for key, body in module.BODIES.items()}


def _modules() -> Iterator[ModuleType]:
    for context in contexts():
        path = f"tests.functional.{context.name}.things"
        if find_spec(f"tests.functional.{context.name}") and find_spec(path):
            yield importlib.import_module(path)
