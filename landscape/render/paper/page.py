"""The page under a printed scene: where panels, title, legend and notes go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from landscape.picture.key import Sign, groups_of, notes_of, signs_of, verdicts_of
from landscape.picture.scene import Field, InNumbers, Panel
from landscape.picture.sizes import Size
from landscape.render.paper.arithmetic import write_step
from landscape.render.paper.pen import Pen
from landscape.render.paper.text import text_width, wrap

# Below this width : height the columns of a scene are laid one under the other.
UPRIGHT = 1.3
# What the sign of a legend's entry and the space around it take, in heights of its type.
_BESIDE = 5.4


@dataclass(frozen=True)
class Page:
    """A Matplotlib figure with a cell for each panel.

    ``verdicts`` are what stands below of how each path ended, from which step on.
    ``sizes`` are what the panels use of them in points; ``shares_x`` are the panels that have the same x axis as the
    one below. ``titled`` tells whether the scene's title stands on the page.
    """

    figure: Any
    cells: dict[str, Any]
    sizes: dict[str, tuple[float, float]]
    shares_x: frozenset[str]
    titled: bool
    verdicts: tuple[tuple[int, list[Any]], ...]
    pen: Pen

    def axes(self, key: str) -> Any:
        """Return new flat axes in the cell of a panel."""
        return self.figure.add_subplot(self.cells[key])

    def space(self, key: str) -> tuple[Any, Any]:
        """Return an empty frame in the cell of a panel, which takes part in the layout, and axes in space for it.

        The layout of Matplotlib does not know how large axes in space are: ``space.fit`` puts them in place.
        """
        import mpl_toolkits.mplot3d  # noqa: F401  it registers the projection

        frame = self.axes(key)
        frame.set_axis_off()
        ax = self.figure.add_axes((0.0, 0.0, 1.0, 1.0), projection="3d")
        ax.set_facecolor("none")
        ax.set_in_layout(False)
        return frame, ax

    def room(self, key: str) -> float:
        """Return the points that a title over a panel may take, its colour bar beside it included."""
        panel = self.pen.scene.panel(key)
        # A panel that fills its cell has its numbers within it, and the title begins beside them.
        numbers = 0.0 if _natural(panel, self.pen) else 3.6 * self.pen.font_size
        return self.sizes[key][0] - numbers + 0.7 * _bar(panel, self.pen)

    def ticks(self, key: str) -> tuple[int, int]:
        """Return how many labelled ticks have room on the x and y axis of a panel."""
        width, height = self.sizes[key]
        font = self.pen.font_size
        return min(max(int(width / (font * 5.5)), 2), 7), min(max(int(height / (font * 2.3)), 2), 7)


def lay_out(
    pen: Pen,
    size: Size,
    *,
    title: bool,
    legend: bool,
    caption: bool,
    transparent: bool,
    foot: float = 0.0,
    told: InNumbers | None = None,
) -> Page:
    """Make the figure, write title, legend, notes and caption, and divide the rest among the panels.

    ``foot`` points at the bottom are left free for whoever asked; ``told`` is a step in numbers, which stands over the
    legend.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    scene, theme = pen.scene, pen.theme
    figure = Figure(figsize=(size.width, size.height), facecolor="none" if transparent else theme.background)
    width, height = 72 * size.width, 72 * size.height
    edge = pen.font_size * 0.9
    top = height - edge
    if title and scene.title:
        top = _title(figure, pen, width, height, top, edge)
    bottom = edge * 0.8 + foot
    for text in reversed([*notes_of(scene), *([scene.caption] if caption and scene.caption else [])]):
        bottom, _ = _small_print(figure, pen, text, width, height, bottom, edge)
    verdicts = []
    if legend:
        lines = sum(len(_lines(text, pen, width - 2 * edge)) for text, _ in verdicts_of(scene))
        # A low page keeps its room for the panels.
        fits = bottom + 1.35 * 0.78 * pen.font_size * lines <= 0.2 * height
        for text, last in reversed(verdicts_of(scene) if fits else ()):
            bottom, written = _small_print(figure, pen, text, width, height, bottom, edge, tight=True)
            verdicts.append((last, written))
        bottom += 0.4 * pen.font_size * bool(verdicts)
        bottom = _legend(figure, pen, width, height, bottom)
    if told is not None:
        bottom = write_step(figure, pen, told, (edge, bottom, width - 2 * edge, 0.5 * (top - bottom)))
    pad = pen.font_size * 0.35 / 72
    figure.set_layout_engine(
        ConstrainedLayoutEngine(
            rect=(edge / width, bottom / height, 1 - 2 * edge / width, (top - bottom) / height),
            w_pad=pad,
            h_pad=pad,
            wspace=0.03,
            hspace=0.03,
        )
    )
    cells, sizes, shares_x = _cells(figure, pen, width - 2 * edge, top - bottom)
    return Page(figure, cells, sizes, frozenset(shares_x), bool(title and scene.title), tuple(verdicts), pen)


def _cells(
    figure: Any, pen: Pen, width: float, height: float
) -> tuple[dict[str, Any], dict[str, tuple[float, float]], set[str]]:
    """Return each panel's cell of the grid, the points that it uses of it, and which panels share the x axis below."""
    scene = pen.scene
    columns = [[scene.panel(key) for key in column] for column in scene.columns if column]
    shares = [w for column, w in zip(scene.columns, scene.widths, strict=True) if column]
    upright = width / max(height, 1.0) < UPRIGHT
    cells: dict[str, Any] = {}
    sizes: dict[str, tuple[float, float]] = {}
    shares_x: set[str] = set()
    if upright:
        weights = _heights(columns, pen, width, height)
        outer = figure.add_gridspec(len(columns), 1, height_ratios=weights)
        for i, row in enumerate(columns):
            inner = outer[i, 0].subgridspec(1, len(row))
            for j, panel in enumerate(row):
                cells[panel.key] = inner[0, j]
                sizes[panel.key] = _used(panel, pen, width / len(row), height * weights[i] / sum(weights))
        return cells, sizes, set()
    weights = _widths(columns, shares, pen, width, height)
    outer = figure.add_gridspec(1, len(columns), width_ratios=weights)
    for i, column in enumerate(columns):
        inner = outer[0, i].subgridspec(len(column), 1)
        for j, panel in enumerate(column):
            cells[panel.key] = inner[j, 0]
            sizes[panel.key] = _used(panel, pen, width * weights[i] / sum(weights), height / len(column))
        shares_x |= {above.key for above, below in pairwise(column) if _same_x(above, below, pen)}
    return cells, sizes, shares_x


def _same_x(above: Panel, below: Panel, pen: Pen) -> bool:
    flat = above.kind == below.kind == "plane"
    return flat and above.x == below.x and pen.limits(above, "x") == pen.limits(below, "x")


def _natural(panel: Panel, pen: Pen) -> float | None:
    """Return width : height of a panel that keeps its proportions, ``None`` for one that fills its cell."""
    if panel.kind == "space":
        return 1.15
    if not panel.equal_aspect or not panel.x.scale == panel.y.scale == "linear":
        return None
    (left, right), (low, high) = pen.limits(panel, "x"), pen.limits(panel, "y")
    return (right - left) / (high - low)


def _used(panel: Panel, pen: Pen, width: float, height: float) -> tuple[float, float]:
    """Return how much of its cell a panel uses."""
    natural = _natural(panel, pen)
    if natural is None:
        return width, height
    return min(width, height * natural), min(height, width / natural)


def _beside(panel: Panel, pen: Pen) -> float:
    """Return the points that labels and a colour bar take at the sides of a panel."""
    return pen.font_size * 3.6 + _bar(panel, pen)


def _bar(panel: Panel, pen: Pen) -> float:
    """Return the points that a colour bar takes."""
    return pen.font_size * (4.5 if any(isinstance(layer, Field) for layer in panel.layers) else 0.0)


def _widths(
    columns: Sequence[Sequence[Panel]], shares: Sequence[float], pen: Pen, width: float, height: float
) -> list[float]:
    """Return the widths of the columns: no wider than a panel of fixed proportions can use."""
    wanted = [width * share / sum(shares) for share in shares]
    for i, column in enumerate(columns):
        natural = _natural(column[0], pen) if len(column) == 1 else None
        if natural is not None and len(columns) > 1:
            need = (height - 4.5 * pen.font_size) * natural + _beside(column[0], pen)
            wanted[i] = min(max(need, 0.3 * width), 0.66 * width)
    free = [
        i
        for i, column in enumerate(columns)
        if len(columns) > 1 and (len(column) > 1 or _natural(column[0], pen) is None)
    ]
    if free and len(free) < len(columns):
        left = width - sum(w for i, w in enumerate(wanted) if i not in free)
        total = sum(shares[i] for i in free)
        for i in free:
            wanted[i] = max(left, 0.2 * width) * shares[i] / total
    return wanted


def _heights(columns: Sequence[Sequence[Panel]], pen: Pen, width: float, height: float) -> list[float]:
    """Return the heights of the rows of an upright page."""
    wanted = []
    for row in columns:
        natural = _natural(row[0], pen) if len(row) == 1 else None
        if natural is None:
            wanted.append(width / len(row) / 1.5)
        else:
            wanted.append((width - _beside(row[0], pen)) / natural + 4.0 * pen.font_size)
    if len(wanted) > 1 and wanted[0] > 0.68 * sum(wanted):
        wanted[0] = 0.68 / 0.32 * sum(wanted[1:])
    return wanted


def _title(figure: Any, pen: Pen, width: float, height: float, top: float, edge: float) -> float:
    size = pen.points(pen.theme.title_size) * 1.1
    for line in wrap(pen.text(pen.scene.title), size, pen, width - 2 * edge, most=3, bold=True):
        figure.text(
            edge / width,
            top / height,
            line,
            fontsize=size,
            fontweight="bold",
            color=pen.theme.ink,
            va="top",
            ha="left",
            parse_math=False,
        )
        top -= 1.25 * size
    return top - 0.25 * size


def _small_print(
    figure: Any, pen: Pen, text: str, width: float, height: float, bottom: float, edge: float, *, tight: bool = False
) -> tuple[float, list[Any]]:
    """Write a text from ``bottom`` upwards; return where it ends and its lines."""
    size = pen.font_size * 0.78
    written = []
    for line in reversed(_lines(text, pen, width - 2 * edge)):
        written.append(
            figure.text(
                edge / width,
                bottom / height,
                line,
                fontsize=size,
                color=pen.theme.muted,
                va="bottom",
                ha="left",
                parse_math=False,
            )
        )
        bottom += 1.35 * size
    return bottom + (0.0 if tight else 0.3 * size), written


def _lines(text: str, pen: Pen, width: float) -> list[str]:
    """Return the lines of a text in small print."""
    return wrap(pen.text(text), 0.78 * pen.font_size, pen, width, most=12)


def _legend(figure: Any, pen: Pen, width: float, height: float, bottom: float) -> float:
    """Write the legend in rows from ``bottom`` upwards; return where the panels may begin."""
    entries_of = (track_entries(pen), _signs(pen))
    # Large type for the last row of a hall must not leave the panels no room: a tall legend is set smaller.
    for factor in (0.95, 0.85, 0.75):
        size = pen.font_size * factor
        room = width - 2 * size
        rows = [part for entries in entries_of for part in rows_of(_cut(entries, size, pen, room), size, pen, room)]
        if 1.6 * size * len(rows) <= 0.15 * height:
            break
    for row in reversed(rows):
        marks = all(handle.get_linestyle() == "None" for handle, _ in row if hasattr(handle, "get_marker"))
        made = figure.legend(
            [handle for handle, _ in row],
            [label for _, label in row],
            loc="lower center",
            bbox_to_anchor=(0.5, bottom / height),
            ncols=len(row),
            fontsize=size,
            frameon=False,
            labelcolor=pen.theme.ink,
            borderpad=0.0,
            borderaxespad=0.0,
            handlelength=1.2 if marks else 2.6,
            handletextpad=0.6,
            columnspacing=2.0,
        )
        for text in made.get_texts():
            text.set_parse_math(False)
        bottom += 1.6 * size
    return bottom + (0.4 * size if any(entries_of) else 0.0)


def _cut(entries: list[tuple[Any, str]], size: float, pen: Pen, width: float) -> list[tuple[Any, str]]:
    """Return legend entries whose names end in an ellipsis where one alone would be wider than ``width`` points."""
    return [(handle, "".join(wrap(label, size, pen, width - _BESIDE * size, most=1))) for handle, label in entries]


def rows_of(entries: list[tuple[Any, str]], size: float, pen: Pen, width: float) -> list[list[tuple[Any, str]]]:
    """Divide legend entries evenly among as few rows as hold them in ``width`` points."""
    needs = [text_width(label, size, pen) + _BESIDE * size for _, label in entries]
    for n in range(1, len(entries) + 1):
        each = -(-len(entries) // n)
        cuts = range(0, len(entries), each)
        if each == 1 or all(sum(needs[k : k + each]) <= width for k in cuts):
            return [entries[k : k + each] for k in cuts]
    return []


def track_entries(pen: Pen) -> list[tuple[Any, str]]:
    """Return handles and names of a legend for the groups of tracks."""
    from matplotlib.lines import Line2D

    return [
        (
            Line2D(
                [],
                [],
                **pen.line(group.tracks[0].id)
                | pen.marker(group.tracks[0].id, 0.8)
                | {"linewidth": pen.line_width, "color": group.stroke.color},
            ),
            pen.text(group.name),
        )
        for group in groups_of(pen.scene, pen.theme)
    ]


def _signs(pen: Pen) -> list[tuple[Any, str]]:
    return [(_handle(sign, pen), pen.text(sign.label)) for sign in signs_of(pen.scene, pen.theme)]


def _handle(sign: Sign, pen: Pen) -> Any:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if sign.shape == "mark":
        return Line2D([], [], **pen.still(sign.symbol, sign.color, sign.outline, sign.size))
    if sign.shape == "line":
        dash: Any = (0, sign.dash) if sign.dash else "-"
        return Line2D([], [], color=sign.color, linewidth=pen.line_width * sign.width, linestyle=dash)
    return Patch(facecolor=sign.color, alpha=sign.opacity, linewidth=0)
