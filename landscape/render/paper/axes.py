"""The axes of a printed panel, as Matplotlib has them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from landscape.picture.axes import log_ticks, symlog_ticks
from landscape.picture.scene import Axis


def dress(ax: Any, axis: Axis, letter: str, low: float, high: float, most: int) -> None:
    """Give a Matplotlib axis its scale, range and at most about ``most`` labelled ticks."""
    from matplotlib import ticker

    own = ax.xaxis if letter == "x" else ax.yaxis
    set_scale = ax.set_xscale if letter == "x" else ax.set_yscale
    set_limits = ax.set_xlim if letter == "x" else ax.set_ylim
    if axis.ticks:
        if axis.scale != "linear":
            set_scale(axis.scale, **(_symlog(axis) if axis.scale == "symlog" else {}))
        set_limits(low, high)
        named_ticks(own, axis.ticks)
        own.set_minor_locator(ticker.NullLocator())
        return
    if axis.scale == "linear":
        set_limits(low, high)
        own.set_major_locator(ticker.FixedLocator(_even(low, high, most)))
        if max(abs(low), abs(high)) >= 1e5 or high - low < 1e-4:
            own.set_major_formatter(ticker.FuncFormatter(_short))
        return
    if axis.scale == "log":
        set_scale("log", nonpositive="mask")
        set_limits(low, high)
        exponents = log_ticks(math.log10(low), math.log10(high), most)
        if len(exponents) < 2:
            # Within a factor of three the axis is as good as even, and 1, 2, 5 would leave one number or none.
            few = ticker.FixedLocator(_even(low, high, most))
            own.set_major_locator(few if high < 3 * low else ticker.LogLocator(subs=(1.0, 2.0, 5.0)))
            own.set_major_formatter(ticker.FuncFormatter(_short))
            own.set_minor_locator(ticker.NullLocator())
            return
        own.set_major_locator(ticker.FixedLocator([10.0**k for k in exponents]))
        own.set_minor_locator(ticker.NullLocator())
        own.set_major_formatter(ticker.LogFormatterMathtext(labelOnlyBase=False))
        return
    set_scale("symlog", **_symlog(axis))
    set_limits(low, high)
    own.set_major_locator(ticker.FixedLocator(symlog_ticks(axis, low, high, most)))
    own.set_minor_locator(ticker.NullLocator())
    own.set_major_formatter(ticker.LogFormatterMathtext(labelOnlyBase=False, linthresh=axis.linear_within))


def _even(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from ``low`` to ``high``, in about ``most`` even steps."""
    from matplotlib import ticker

    even = ticker.MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    seen = [float(at) for at in even if low <= at <= high]
    # Matplotlib wants two numbers, and would rather have too many than one.
    return seen if len(seen) <= most + 1 else seen[::2]


def _symlog(axis: Axis) -> dict[str, float]:
    # Matplotlib divides this scale by 1 - 1/10: the linear part is as long as a decade, as ``scaled`` has it.
    return {"linthresh": axis.linear_within, "linscale": 0.9}


def named_ticks(own: Any, ticks: Sequence[tuple[float, str]]) -> None:
    """Give a Matplotlib axis marks at given places with given texts."""
    from matplotlib import ticker

    own.set_major_locator(ticker.FixedLocator([at for at, _ in ticks]))
    texts = dict(ticks)
    own.set_major_formatter(ticker.FuncFormatter(lambda at, _: plain(texts.get(at, ""))))


def plain(text: str) -> str:
    """Return a tick's text with the one sign escaped that Matplotlib takes for the start of a formula."""
    return text.replace("$", r"\$")


def _short(value: float, _: object = None) -> str:
    return f"{value:.3g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e").replace("-", "\u2212")
