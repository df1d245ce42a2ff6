"""A scene in a Matplotlib figure that somebody else made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landscape.language import tr
from landscape.picture.scene import Panel, Picture
from landscape.picture.sharing import arranged
from landscape.picture.steps import Steps, step_of
from landscape.picture.themes import LIGHT, Theme, theme_of
from landscape.render.paper.figure import draw_panel
from landscape.render.paper.page import track_entries
from landscape.render.paper.pen import Pen

_TICKS = 5.5, 2.3  # what a number beside an axis takes along it, in sizes of the type


def draw_into(
    scene: Picture,
    target: Any,
    *,
    panels: Sequence[str] | None = None,
    step: Steps = None,
    theme: str | Theme = "light",
    title: bool = True,
    legend: bool = True,
) -> dict[str, Any]:
    """Draw panels of ``scene``, as they are at ``step``, into Matplotlib axes; return the axes by the panels' keys.

    ``target`` is one axes for the first panel, a sequence of axes for panels in their order, a mapping from keys of
    panels to axes, or a figure (or subfigure), which gets axes in the scene's columns. ``panels`` chooses panels by key
    and their order. The size of type is Matplotlib's ``font.size``, its face the one that is set; colours are the
    theme's, and so is the ground of a figure that gets its axes here. ``title`` writes the panels' titles, ``legend``
    into the first axes which colour is which optimizer. Nothing else is changed, and what stands in the axes stays.

    Raises ``UnknownName`` for an unknown panel, theme or key, ``TypeError`` for a target that is none, and
    ``ValueError`` for fewer panels than axes, for fewer axes than chosen ``panels``, for a relief in flat axes and for
    a flat panel in axes in space.
    """
    import matplotlib as mpl

    theme = theme_of(theme)
    shown = scene if panels is None else scene.only(panels)
    order = [panel.key for panel in scene.panels] if panels is None else list(dict.fromkeys(panels))
    axes = _axes_of(target, shown, order, theme.background)
    if panels is not None and len(axes) < len(order):
        raise _not_as_many(len(axes), order)
    pen = Pen(shown, theme, float(mpl.rcParams["font.size"]) / LIGHT.font_size)
    at = step_of(scene, step)
    for key, ax in axes.items():
        given = shown.panel(key)
        _check(ax, given)
        if given.kind != "space":  # a panel has scales of its own, whatever these axes had
            for scale, set_scale in ((ax.get_xscale(), ax.set_xscale), (ax.get_yscale(), ax.set_yscale)):
                if scale != "linear":
                    set_scale("linear")
        panel, pen.shared[key] = arranged(given, shown)
        ax.set_facecolor(theme.background)
        width, height = _size(ax)
        ticks = tuple(
            min(max(int(side / (pen.font_size * each)), 2), 7)
            for side, each in zip((width, height), _TICKS, strict=True)
        )
        for moving in draw_panel(ax, panel, pen, (ticks[0], ticks[1])):
            moving.show(at)
        if title and panel.title:
            ax.set_title(pen.text(panel.title), color=theme.ink, parse_math=False)
    entries = track_entries(pen)
    if legend and entries:
        first = next(iter(axes.values()))
        made = first.legend(
            *zip(*entries, strict=True),
            loc="upper right",
            facecolor=theme.background,
            edgecolor=theme.line,
            labelcolor=theme.ink,
            fontsize=0.9 * pen.font_size,
        )
        for text in made.get_texts():
            text.set_parse_math(False)
    return axes


def _axes_of(target: Any, scene: Picture, order: Sequence[str], ground: str) -> dict[str, Any]:
    """Return the axes of each panel, made where ``target`` is a figure."""
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

    if isinstance(target, Axes):
        return {order[0]: target}
    if isinstance(target, FigureBase):
        target.set_facecolor(ground)
        return _made(target, scene)
    if isinstance(target, Mapping):
        for key in target:
            scene.only([key])
        axes = dict(target)
    elif isinstance(target, Sequence | np.ndarray) and not isinstance(target, str):
        given = list(np.ravel(np.asarray(target, dtype=object)))
        if len(given) > len(order):
            raise _not_as_many(len(given), order)
        axes = dict(zip(order, given, strict=False))
    else:
        axes = {"": target}
    for wrong in [ax for ax in axes.values() if not isinstance(ax, Axes)] if axes else [target]:
        raise TypeError(
            tr(
                "a scene is drawn into Matplotlib axes, several of them or a figure, not into {kind}",
                kind=type(wrong).__name__,
            )
        )
    return axes


def _not_as_many(axes: int, order: Sequence[str]) -> ValueError:
    said = {"axes": axes, "panels": len(order), "keys": ", ".join(order)}
    return ValueError(tr("there are {axes} axes and {panels} panels: {keys}", **said))


def _made(figure: Any, scene: Picture) -> dict[str, Any]:
    """Return new axes in a figure, in the columns of the scene."""
    axes: dict[str, Any] = {}
    outer = figure.add_gridspec(1, len(scene.columns), width_ratios=scene.widths, wspace=0.4)
    for i, column in enumerate(scene.columns):
        inner = outer[0, i].subgridspec(len(column), 1, hspace=0.5)
        for j, key in enumerate(column):
            space = {"projection": "3d"} if scene.panel(key).kind == "space" else {}
            axes[key] = figure.add_subplot(inner[j, 0], **space)
    return axes


def _check(ax: Any, panel: Panel) -> None:
    """Raise ``ValueError`` where axes cannot hold a panel."""
    if ax.figure is None:
        raise ValueError(
            tr("panel {panel!r} needs axes of a figure, and these were removed from theirs", panel=panel.key)
        )
    wanted = "3d" if panel.kind == "space" else "rectilinear"
    if ax.name != wanted:
        said = {"panel": panel.key, "given": ax.name}
        if panel.kind == "space":
            raise ValueError(tr("panel {panel!r} needs axes in space, projection='3d', and these are {given}", **said))
        raise ValueError(tr("panel {panel!r} needs flat axes, and these are {given}", **said))


def _size(ax: Any) -> tuple[float, float]:
    """Return width and height of axes in points."""
    box = ax.get_window_extent()
    return 72 * box.width / ax.figure.dpi, 72 * box.height / ax.figure.dpi
