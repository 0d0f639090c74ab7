"""How often a process looks for cycles of objects that nothing needs any more."""

import gc

_NEW_OBJECTS = 50_000
"""After which the collector looks. Modules, answers and the thousands of objects of a batch have no cycles, and it
looked at each of them again for every 700 new ones: a sixth of a start's CPU, a tenth of reading ads."""


def look_seldom() -> None:
    gc.set_threshold(_NEW_OBJECTS)
