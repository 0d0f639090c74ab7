"""The platforms that take conversions: every module of `platforms/`. No list of them is kept."""

import importlib
import pkgutil
from functools import cache

from optiq.feedback.vendors import platforms
from optiq.feedback.vendors.contract import Vendor


@cache
def vendors() -> dict[str, Vendor]:
    """Every adapter, by the platform's name."""
    names = sorted(module.name for module in pkgutil.iter_modules(platforms.__path__))
    found: list[Vendor] = [importlib.import_module(f"{platforms.__name__}.{name}").VENDOR for name in names]
    return {vendor.platform: vendor for vendor in found}
