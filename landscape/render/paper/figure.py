"""Any scene on paper, with Matplotlib: PDF and SVG with real text, PNG at any resolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path as FilePath
from typing import Any

from landscape.language import tr
from landscape.picture.camera import View
from landscape.picture.scene import InNumbers, MovingField, Panel, Picture
from landscape.picture.sharing import arranged
from landscape.picture.sizes import PageSize, Size, check_dpi, page
from landscape.picture.steps import PathName, Steps, in_numbers, step_of
from landscape.picture.themes import LIGHT, Theme, theme_of
from landscape.render.paper.axes import dress
from landscape.render.paper.data import DATA
from landscape.render.paper.page import lay_out
from landscape.render.paper.pen import Pen
from landscape.render.paper.plane import PLANE, Drawer
from landscape.render.paper.settings import settings
from landscape.render.paper.space import SPACE, fit, set_up
from landscape.render.paper.text import wrap
from landscape.render.paper.trails import Moving
from landscape.render.words import caption as captions

_LINE = 1.6
"""Height of a line of numbers beside an axis, in sizes of the type: exponents stand high."""


@dataclass(frozen=True)
class Drawing:
    """A Matplotlib figure of a scene and what moves in it."""

    figure: Any
    moving: tuple[Moving, ...]
    pen: Pen

    def show(self, step: int) -> None:
        """Put the playhead at ``step``."""
        for one in self.moving:
            one.show(step)


def to_matplotlib(
    scene: Picture,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    view: View | None = None,
    step: Steps = None,
    title: bool = True,
    legend: bool = True,
    caption: bool = False,
    transparent: bool = False,
    arithmetic: PathName = "",
) -> Any:
    """Return the scene as a ``matplotlib.figure.Figure``, with the playhead at ``step`` (the last one if ``None``).

    ``size`` is a name of ``sizes.PAGES`` or (width, height) in inches, ``theme`` a name of ``style.THEMES``.
    ``view`` (elevation, azimuth) in degrees stands for the scene's own in panels in space. ``caption`` prints the
    recipe below the picture, ``arithmetic`` the step of the path with this label, from ``step`` on, in numbers
    (``scene.in_numbers``). Raises ``UnknownName`` for another size, theme or path. Drawing it later follows
    Matplotlib's settings of that moment: ``scene.save`` embeds fonts as it should, ``figure.savefig`` as they are set.
    """
    size, theme = page(size), theme_of(theme)
    at, told = step_of(scene, step), in_numbers(scene, arithmetic, step)
    pen = Pen(scene, theme, size.font / LIGHT.font_size, words=_words(told))
    with settings(pen.fonts):
        drawing = draw(pen, size, view, title=title, legend=legend, caption=caption, transparent=transparent, told=told)
        drawing.show(at)
    return drawing.figure


def _words(told: InNumbers | None) -> str:
    """Return the text whose letters a step in numbers needs."""
    return "" if told is None else told.head + told.text


def draw(
    pen: Pen,
    size: Size,
    view: View | None = None,
    *,
    title: bool = True,
    legend: bool = True,
    caption: bool = False,
    transparent: bool = False,
    foot: float = 0.0,
    told: InNumbers | None = None,
) -> Drawing:
    """Draw everything that stands still and prepare what moves. Call within ``drawing.settings``."""
    place = lay_out(
        pen, size, title=title, legend=legend, caption=caption, transparent=transparent, foot=foot, told=told
    )
    moving: list[Moving] = []
    spaces: list[tuple[Any, Any]] = []
    planes: list[tuple[Any, Panel]] = []
    for given in pen.scene.panels:
        if given.key not in place.cells:
            continue
        panel, pen.shared[given.key] = arranged(given, pen.scene)
        if panel.kind == "space":
            frame, ax = place.space(panel.key)
            spaces.append((frame, ax))
        else:
            frame = ax = place.axes(panel.key)
            planes.append((ax, panel))
        moving += draw_panel(ax, panel, pen, place.ticks(panel.key), view, panel.key in place.shares_x)
        if panel.title and not (place.titled and panel.title == pen.scene.title):
            _head(frame, panel.title, pen, place.room(panel.key))
    for last, lines in place.verdicts:
        moving.append(_appearing(last, lines))
    _settle(place.figure)
    for ax, panel in planes:
        _thin_out(ax, panel, pen, place.ticks(panel.key)[1])
    for frame, ax in spaces:
        fit(ax, frame)
    return Drawing(place.figure, tuple(moving), pen)


def draw_panel(
    ax: Any, panel: Panel, pen: Pen, ticks: tuple[int, int], view: View | None = None, shares_x: bool = False
) -> list[Moving]:
    """Draw a panel into ``ax`` with at most so many numbers beside its axes; return what moves in it."""
    if panel.kind == "space":
        set_up(ax, panel, pen, view or panel.view)
        return _draw_layers(ax, panel, pen, SPACE)
    _set_up_plane(ax, panel, pen, ticks, shares_x)
    moving = _draw_layers(ax, panel, pen, PLANE | DATA)
    # Drawing moves limits and aspect; they are the panel's.
    ax.set_xlim(*pen.limits(panel, "x"))
    ax.set_ylim(*pen.limits(panel, "y"))
    equal = panel.equal_aspect and panel.x.scale == panel.y.scale == "linear"
    ax.set_aspect("equal" if equal else "auto", adjustable="box", anchor="C")
    return moving


def _appearing(last: int, lines: Sequence[Any]) -> Moving:
    """Return lines of text that are there from a step on."""

    def show(step: int) -> None:
        for line in lines:
            line.set_visible(step >= last)

    return Moving(lines, show)


def _draw_layers(ax: Any, panel: Panel, pen: Pen, drawers: dict[type, Drawer]) -> list[Moving]:
    """Draw the layers of a panel, lowest first; return those that move."""
    moving: list[Moving] = []
    covering = False
    for i, layer in enumerate(panel.layers):
        before = set(ax.get_children())
        drawer = drawers.get(type(layer))
        if drawer is None:
            raise TypeError(
                tr(
                    "a layer of type {layer} cannot be printed in a panel of kind {kind!r}",
                    layer=type(layer).__name__,
                    kind=panel.kind,
                )
            )
        moved = drawer(ax, layer, panel, pen, 1.0 + i)
        if moved is None and covering:
            # What stands still over a field that changes has to be drawn again with it.
            added = [child for child in ax.get_children() if child not in before]
            moved = Moving(sorted(added, key=lambda child: child.get_zorder()), lambda step: None)
        if moved is not None:
            moving.append(moved)
        covering = covering or isinstance(layer, MovingField)
    if covering:
        moving.append(Moving(list(ax.spines.values()), lambda step: None))
    return moving


def _head(ax: Any, title: str, pen: Pen, width: float) -> None:
    ax.set_title(
        "\n".join(wrap(pen.text(title), pen.font_size, pen, width, most=2, bold=True)),
        loc="left",
        fontsize=pen.font_size,
        color=pen.theme.ink,
        fontweight="bold",
        pad=pen.points(8),
        parse_math=False,
    )


def _settle(figure: Any) -> None:
    """Find the places of the panels once, so that saving need not draw everything twice."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine(None)
    for ax in figure.axes:
        # The solver's last digits depend on where its variables lie in memory; the file must not.
        if ax.get_axes_locator() is None:
            ax.set_position([round(v, 7) for v in ax.get_position(original=True).bounds])


def _thin_out(ax: Any, panel: Panel, pen: Pen, most: int) -> None:
    """Leave fewer numbers beside a panel that came out too low for as many."""
    ax.apply_aspect()
    height = 72 * ax.get_position().height * ax.figure.get_size_inches()[1]
    room = max(int(height / (_LINE * pen.font_size)), 2)
    if room <= most:
        # Between even numbers there are as many steps as are asked for, so one number more.
        dress(ax, panel.y, "y", *pen.limits(panel, "y"), room - 1 if panel.y.scale == "linear" else room)


def _set_up_plane(ax: Any, panel: Panel, pen: Pen, ticks: tuple[int, int], shares_x: bool) -> None:
    theme = pen.theme
    ax.set_facecolor(theme.background)
    for letter, axis, most in (("x", panel.x, ticks[0]), ("y", panel.y, ticks[1])):
        dress(ax, axis, letter, *pen.limits(panel, letter), most)
    ax.set_axisbelow(True)
    ax.grid(True, color=theme.grid, linewidth=pen.points(0.8), zorder=0.0)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set(color=theme.line, linewidth=pen.points(0.9))
    ax.tick_params(
        labelsize=pen.font_size * 0.88,
        labelcolor=theme.muted,
        color=theme.line,
        width=pen.points(0.8),
        length=pen.points(3),
        pad=pen.points(3),
    )
    kind = {"fontsize": pen.font_size * 0.95, "color": theme.ink, "parse_math": False}
    ax.set_xlabel(pen.text(panel.x.label), labelpad=pen.points(3), **kind)
    # A panel called "Loss" need not say so again beside its axis.
    if panel.y.label.casefold() != panel.title.casefold():
        ax.set_ylabel(pen.text(panel.y.label), labelpad=pen.points(3), **kind)
    if shares_x:
        ax.set_xlabel("")
        ax.tick_params(axis="x", labelbottom=False)


def write(
    scene: Picture,
    path: FilePath,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    dpi: float = 200,
    view: View | None = None,
    step: Steps = None,
    title: bool = True,
    legend: bool = True,
    caption: bool = False,
    transparent: bool = False,
    arithmetic: PathName = "",
    address: str = "",
) -> Sequence[str]:
    """Write the scene as PDF, SVG or PNG, whichever the ending of ``path`` says; return what there is to tell.

    ``dpi`` is the resolution of a PNG, and of the heat maps and reliefs inside a PDF or SVG. The other options are
    those of ``to_matplotlib``; ``address`` is where the app runs, for the link. The same scene and options give the
    same bytes.
    """
    size, theme = page(size), theme_of(theme)
    check_dpi(dpi, size)
    at, told = step_of(scene, step), in_numbers(scene, arithmetic, step)
    ending = path.suffix.lower().removeprefix(".")
    pen, buffer = Pen(scene, theme, size.font / LIGHT.font_size, words=_words(told)), BytesIO()
    with settings(pen.fonts):
        drawing = draw(pen, size, view, title=title, legend=legend, caption=caption, transparent=transparent, told=told)
        drawing.show(at)
        # Into memory first: on a full disk Matplotlib's writers end in errors about compression and open files.
        drawing.figure.savefig(
            buffer, format=ending, dpi=dpi, metadata=captions.metadata(scene, ending, address), transparent=transparent
        )
    path.write_bytes(buffer.getbuffer())
    return [pen.note] if pen.note else []
