"""The wheel's dependencies: what requirements/*.in name for Lambda and for one machine."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

_SETS = ("core", "lake", "local", "stripe")
_TO_BUILD = frozenset({"editables", "hatchling"})


class Requirements(MetadataHookInterface):
    """The one place that names a package is its .in file; the locks come from it too."""

    def update(self, metadata: dict[str, object]) -> None:
        """Adds `dependencies` to the project's metadata."""
        folder = Path(self.root) / "requirements"
        lines = [line.strip() for name in _SETS for line in (folder / f"{name}.in").read_text().splitlines()]
        named = [line for line in lines if line and not line.startswith(("#", "-r"))]
        metadata["dependencies"] = sorted(set(named) - _TO_BUILD)
