"""Which scale shows a quantity honestly: axes for loss and gradient norm, colours for a field of losses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from landscape.language import mark, tr
from landscape.picture.scene import Array, Axis, Field, ends_of

LOSS, NORM = mark("loss"), mark("gradient norm")

# A quantity whose largest and typical small sizes are this far apart is shown logarithmically.
WIDE = 100.0
# Outside the drawn domain a path may reach this many times the largest size inside before it runs out of a panel.
HEADROOM = 30.0
# A loss below zero by at most this share of the largest first one is zero to rounding: its sign must not bend the axis.
ROUNDING = 1e-13


def loss_axis(values: Array, inside: NDArray[np.bool_] | None = None, name: str = LOSS) -> Axis:
    """Return the axis for losses (tracks, steps): linear, logarithmic, or symmetric logarithmic.

    All positive (zeros aside, and what rounding takes below zero) with a wide span: log. Negative ones with sizes of
    many orders: symmetric log. Else linear. ``inside`` (tracks, steps) tells which belong to points in the drawn
    domain: where tracks outside it reach
    more than ``HEADROOM`` times what is needed inside, the axis ends there and they run out of the panel. ``name`` is
    marked text.
    """
    values = np.asarray(values, dtype=float)
    limit = headroom(values, inside)
    shown = values[np.isfinite(values) & (np.abs(values) <= limit)]
    sizes = np.abs(shown[shown != 0])
    if sizes.size == 0:
        return Axis.of(name)
    low, high = float(shown.min()), float(shown.max())
    first = np.abs(values[..., 0])
    if -ROUNDING * float(np.max(first, where=np.isfinite(first), initial=0.0)) <= low < 0:
        low, sizes = 0.0, shown[shown > 0]
    beyond = bool(np.any(values > limit)), bool(np.any(values < -limit))
    cut = any(beyond)
    if beyond[0]:
        high = limit
    if beyond[1]:
        low = -limit
    if low >= 0:
        if high > WIDE * float(np.quantile(sizes, 0.05)):
            return Axis.of(name, "log", (float(sizes.min()) / 2, high) if cut else None)
        return Axis.of(name, range=(low - 0.05 * (high - low), high) if cut else None)
    # A twentieth of the sizes lie in the linear middle, and no more than six decades on either side of it.
    within = max(float(np.quantile(sizes, 0.05)), max(-low, high) * 1e-6)
    if max(-low, high) > WIDE * within:
        within = 10.0 ** math.floor(math.log10(within))
        ends = (low if beyond[1] else min(low * 1.5, -within), high if beyond[0] else max(high * 1.5, within))
        return Axis.of(name, "symlog", ends if cut else None, linear_within=within)
    margin = 0.05 * (high - low)
    return Axis.of(name, range=(low - margin * (not beyond[1]), high + margin * (not beyond[0])) if cut else None)


def norm_axis(norms: Array, inside: NDArray[np.bool_] | None = None) -> Axis:
    """Return the logarithmic axis for gradient norms (tracks, steps), cut at the top as ``loss_axis`` is."""
    norms = np.asarray(norms, dtype=float)
    limit = headroom(norms, inside)
    if not np.any(norms > limit):
        return Axis.of(NORM, "log")
    positive = norms[(norms > 0) & (norms <= limit)]
    return Axis.of(NORM, "log", (float(positive.min() if positive.size else limit / 10) / 2, limit))


def headroom(values: Array, inside: NDArray[np.bool_] | None) -> float:
    """Return the size up to which an axis follows ``values`` (tracks, steps): infinity if all are calm enough."""
    if inside is None or not np.any(inside):
        return math.inf
    reference = np.abs(values[inside])
    reference = reference[np.isfinite(reference)]
    largest = float(reference.max()) if reference.size else 0.0
    return HEADROOM * largest if largest > 0 else math.inf


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
            return tr(LOSS)
        if self.below > 0:
            return tr("log10(loss − {below:.3g})", below=self.below)
        return tr("log10(loss + {above:.3g})", above=-self.below)

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
            return Field(x, y, losses, label=tr(LOSS))
        return Field(x, y, losses, tr(LOSS), color=self(losses), color_label=self.label, color_ticks=self.ticks)


def fields_to_compare(x: Array, y: Array, losses: Sequence[Array], log: bool = True) -> tuple[Field, ...]:
    """Return the fields of several maps over one grid in one scale of colours, so that they can be compared."""
    scale = LossScale.fit(np.concatenate([np.ravel(one) for one in losses]), log)
    fields = [scale.field(x, y, one) for one in losses]
    ends = ends_of(np.concatenate([np.ravel(field.colored) for field in fields]))
    return tuple(replace(field, color_range=ends) for field in fields)


def _ticks(below: float, lowest: float, highest: float, most: int = 6) -> tuple[tuple[float, str], ...]:
    """Return (log10(f - below), text) for the lowest loss f and round ones up to ``highest``, well apart in colour."""
    gap = (math.log10(highest - below) - math.log10(lowest - below)) / (most + 1)
    top = math.floor(math.log10(max(abs(lowest), abs(highest))))
    sizes = [m * 10.0**k for k in range(top - 8, top + 1) for m in range(1, 10)]
    candidates = {c for c in (0.0, *sizes, *(-s for s in sizes)) if lowest <= c <= highest}
    chosen = [lowest]
    # Rounder numbers first; a mark is taken where it keeps its distance from those that are there.
    for c in sorted(candidates, key=lambda c: (_roughness(c), -abs(c))):
        place = math.log10(c - below)
        if all(abs(place - math.log10(other - below)) > gap for other in chosen):
            chosen.append(c)
    return tuple((math.log10(c - below), _text(c)) for c in sorted(chosen))


def _text(number: float) -> str:
    """Return a number as a mark on a colour bar."""
    size = abs(number)
    if number == 0 or 1e-3 <= size < 1e5:
        return f"{float(f'{number:.3g}'):g}".replace("-", "−")
    mantissa, exponent = f"{number:.1e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    factor = f"{float(mantissa):g}"
    return ({"1": "", "-1": "-"}.get(factor, f"{factor}·") + f"10{raised}").replace("-", "−")


def _roughness(number: float) -> int:
    """Return how many significant digits a mark needs, powers of ten and zero first."""
    if number == 0:
        return 0
    mantissa = f"{abs(number):e}".split("e")[0].rstrip("0").rstrip(".")
    return 1 if mantissa == "1" else 2 if mantissa in ("2", "5") else 3
