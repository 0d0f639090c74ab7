"""Draws docs/pictures/*.svg: what each attribution model gives the touches of one journey, by the models themselves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from optiq.attribution.arrays import Paths
from optiq.attribution.bootstrap import estimate
from optiq.attribution.contracts import DATA_DRIVEN_MODELS, CountedPath, CustomWeights, Model, ModelParameters
from optiq.attribution.files.counted_paths import collected
from optiq.attribution.models import weigh

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"

JOURNEY = (("Organic Social", 21), ("Paid Search", 14), ("Email", 7), ("Paid Search", 2), ("Direct", 0))
"""The touches of the journey: channel, and days before the sale."""

PARAMETERS = ModelParameters(custom=CustomWeights(first=0.5, middle=0.3, last=0.2))

PATHS = (
    CountedPath(("Organic Social", "Paid Search"), conversions=20, value=1_000, nulls=180),
    CountedPath(("Paid Search", "Email", "Direct"), conversions=60, value=4_200, nulls=140),
    CountedPath(("Email", "Direct"), conversions=50, value=2_500, nulls=50),
    CountedPath(("Paid Search",), conversions=30, value=1_200, nulls=270),
    CountedPath(("Direct",), conversions=15, value=600, nulls=285),
)
"""What MARKOV and SHAPLEY learn from."""

_WIDTH, _HEIGHT, _FLOOR, _TALLEST = 640, 220, 160, 110
_BAR, _STEP = 72, 120
_BLUE, _INK, _PALE = "#2563eb", "#1f2937", "#6b7280"


def pictures() -> dict[str, str]:
    """The text of each picture by its file name."""
    return {f"{model.lower()}.svg": _picture(model, _weights(model)) for model in Model}


def _weights(model: Model) -> list[float]:
    known = collected(PATHS)
    codes = [known.channels.index(channel) for channel, _ in JOURNEY]
    journey = Paths(
        offsets=np.array([0, len(JOURNEY)], dtype=np.int64),
        age_seconds=np.array([86_400.0 * days for _, days in JOURNEY]),
        is_direct=np.array([channel == "Direct" for channel, _ in JOURNEY]),
        channels=np.array(codes, dtype=np.int64),
    )
    shares = {model: estimate(model, known.data(), resamples=0).shares} if model in DATA_DRIVEN_MODELS else {}
    weights: list[float] = weigh(model, journey, PARAMETERS, shares).tolist()
    return weights


def _picture(model: Model, weights: Sequence[float]) -> str:
    name = model.replace("_", " ").capitalize()
    said = ", ".join(f"{channel} {weight:.0%}" for (channel, _), weight in zip(JOURNEY, weights, strict=True))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img"'
        ' font-family="system-ui, sans-serif" font-size="13" text-anchor="middle">',
        f"<title>{name}: {said}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="#ffffff"/>',
        f'<line x1="20" y1="{_FLOOR}" x2="{_WIDTH - 20}" y2="{_FLOOR}" stroke="{_PALE}"/>',
    ]
    for place, ((channel, days), weight) in enumerate(zip(JOURNEY, weights, strict=True)):
        middle, height = 80 + place * _STEP, weight * _TALLEST
        top = _FLOOR - height
        when = "at the sale" if not days else f"{days} days before"
        lines += [
            f'<rect x="{middle - _BAR // 2}" y="{top:.1f}" width="{_BAR}" height="{height:.1f}" fill="{_BLUE}"/>',
            f'<text x="{middle}" y="{top - 8:.1f}" fill="{_INK}" font-weight="600">{100 * weight:.1f} %</text>',
            f'<text x="{middle}" y="{_FLOOR + 22}" fill="{_INK}">{channel}</text>',
            f'<text x="{middle}" y="{_FLOOR + 42}" fill="{_PALE}">{when}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, text in pictures().items():
        (FOLDER / file_name).write_text(text)
