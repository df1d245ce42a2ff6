"""Which scale shows a quantity honestly: axes for loss and gradient norm, colours for a field of losses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from landscape.scenes.base import Array, Axis, Field

# A quantity whose largest and typical small sizes are this far apart is shown logarithmically.
WIDE = 100.0
# A diverging path may rise to this many times the largest value of the others before it leaves the picture.
HEADROOM = 30.0


def loss_axis(values: Array, diverged: Array | None = None, label: str = "loss") -> Axis:
    """Return the axis for losses (tracks, steps): linear, logarithmic, or symmetric logarithmic.

    All positive (zeros aside) with a wide span: log. Negative ones with sizes of many orders: symmetric log. Else
    linear. ``diverged`` (tracks,) marks tracks that may leave the picture at the top; the axis then ends at
    ``HEADROOM`` times what the others and the starts need.
    """
    values = np.asarray(values, dtype=float)
    shown = values[np.isfinite(values)]
    if shown.size == 0:
        return Axis(label)
    capped = _without_the_runaways(values, diverged)
    shown = shown if capped is None else capped
    sizes = np.abs(shown[shown != 0])
    if sizes.size == 0:
        return Axis(label)
    low, high = float(shown.min()), float(shown.max())
    if low >= 0:
        scale = "log" if high > WIDE * float(np.quantile(sizes, 0.05)) else "linear"
        if scale == "log":
            return Axis(label, "log", None if capped is None else (float(sizes.min()) / 2, high))
        return Axis(label, range=None if capped is None else (low - 0.05 * (high - low), high))
    within = max(float(np.quantile(sizes, 0.05)), float(sizes.max()) * 1e-6)
    if sizes.max() > WIDE * within:
        within = 10.0 ** math.floor(math.log10(within))
        return Axis(label, "symlog", None if capped is None else (low * 1.5, high), linear_within=within)
    return Axis(label, range=None if capped is None else (low - 0.05 * (high - low), high))


def norm_axis(norms: Array, diverged: Array | None = None, label: str = "gradient norm") -> Axis:
    """Return the logarithmic axis for gradient norms (tracks, steps), cut at the top as ``loss_axis`` is."""
    capped = _without_the_runaways(np.asarray(norms, dtype=float), diverged)
    if capped is None or not np.any(capped > 0):
        return Axis(label, "log")
    positive = capped[capped > 0]
    return Axis(label, "log", (float(positive.min()) / 2, float(positive.max())))


def _without_the_runaways(values: Array, diverged: Array | None) -> Array | None:
    """Return the finite values up to the cap that diverged tracks get; ``None`` where no track is above it."""
    if diverged is None or not np.any(diverged):
        return None
    finite = np.where(np.isfinite(values), values, np.nan)
    calm = finite[np.logical_not(diverged)]
    reference = np.concatenate([calm[np.isfinite(calm)], finite[:, 0][np.isfinite(finite[:, 0])]])
    if reference.size == 0:
        return None
    top = HEADROOM * float(np.max(np.abs(reference)))
    if not np.nanmax(np.abs(finite)) > top > 0:
        return None
    kept = finite[np.isfinite(finite) & (np.abs(finite) <= top)]
    return np.append(kept, top)


@dataclass(frozen=True)
class LossScale:
    """How losses become colours or heights: f itself where ``below`` is ``None``, else log10(f - below)."""

    below: float | None
    ticks: tuple[tuple[float, str], ...] = ()

    @classmethod
    def fit(cls, losses: Array, log: bool = True, also: Array | None = None) -> LossScale:
        """Choose the scale for a field of losses: logarithmic if ``log`` and if that shows more.

        ``below`` lies under the lowest loss (``also`` counts: losses along paths) by as much as the lowest hundredth
        of the field rises above it, so that neither the floor is lost nor a single grid point gets a colour of its
        own. Losses that do not span orders of magnitude stay as they are.
        """
        finite = losses[np.isfinite(losses)]
        if not log or finite.size == 0:
            return cls(None)
        lowest, highest = float(finite.min()), float(finite.max())
        offset = float(np.quantile(finite, 0.01)) - lowest
        if not offset > 0 or highest - lowest < WIDE * offset or highest - lowest < 4 * (np.median(finite) - lowest):
            return cls(None)
        if also is not None and np.any(np.isfinite(also)):
            lowest = min(lowest, float(np.nanmin(also[np.isfinite(also)])))
        below = lowest - offset
        return cls(below, _ticks(below, lowest, highest))

    @property
    def label(self) -> str:
        """What the scaled numbers are."""
        if self.below is None:
            return "loss"
        return f"log10(loss {'-' if self.below > 0 else '+'} {abs(self.below):.3g})"

    def __call__(self, losses: Array) -> Array:
        """Return the scaled losses; NaN where a loss is not finite or not above ``below``."""
        losses = np.asarray(losses, dtype=float)
        if self.below is None:
            return np.where(np.isfinite(losses), losses, np.nan)
        scaled = np.full_like(losses, np.nan)
        np.log10(losses - self.below, out=scaled, where=np.isfinite(losses) & (losses > self.below))
        return scaled

    def field(self, x: Array, y: Array, losses: Array) -> Field:
        """Return the flat field of losses (len(y), len(x)) in these colours; the colour bar's marks are losses."""
        losses = np.where(np.isfinite(losses), losses, np.nan)
        if self.below is None:
            return Field(x, y, losses, label="loss")
        return Field(x, y, losses, "loss", color=self(losses), color_label=self.label, color_ticks=self.ticks)


def _ticks(below: float, lowest: float, highest: float, most: int = 6) -> tuple[tuple[float, str], ...]:
    """Return (log10(f - below), text) for round losses f from ``lowest`` to ``highest``, well apart in colour."""
    first, last = math.log10(lowest - below), math.log10(highest - below)
    size = max(abs(lowest), abs(highest))
    powers = [10.0**k for k in range(math.floor(math.log10(size)) - 8, math.floor(math.log10(size)) + 1)]
    steps = [m * p for p in powers for m in (1.0, 2.0, 5.0)]
    candidates = [0.0, *steps, *(-s for s in steps), *(10.0 ** math.floor(math.log10(size)) * k for k in range(-9, 10))]
    # Rounder numbers first; a mark is taken where it keeps its distance from those that are there.
    candidates = sorted({c for c in candidates if lowest <= c <= highest}, key=lambda c: (_roughness(c), abs(c)))
    chosen: list[float] = []
    for c in candidates:
        place = math.log10(c - below)
        if all(abs(place - math.log10(other - below)) > (last - first) / (most + 1) for other in chosen):
            chosen.append(c)
    return tuple((math.log10(c - below), f"{c:g}".replace("-", "−")) for c in sorted(chosen))


def _roughness(number: float) -> int:
    """Return how many significant digits a mark needs, powers of ten and zero first."""
    if number == 0:
        return 0
    mantissa = f"{abs(number):e}".split("e")[0].rstrip("0").rstrip(".")
    return 1 if mantissa == "1" else 2 if mantissa in ("2", "5") else 3
