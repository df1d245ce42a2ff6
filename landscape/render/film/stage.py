"""A scene as moving pixels: what stands still is drawn once, each frame costs what moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr
from landscape.picture.camera import View
from landscape.picture.scene import Picture
from landscape.picture.sizes import PAGES, Size
from landscape.picture.sizes import page as size_of
from landscape.picture.themes import LIGHT, Theme
from landscape.render.paper.figure import draw
from landscape.render.paper.pen import Pen
from landscape.render.paper.settings import settings
from landscape.render.paper.trails import Tracer

Pixels = NDArray[np.uint8]


class Stage:
    """Draws the frames of a scene, ``width`` x ``height`` pixels each, with Matplotlib's Agg.

    ``page`` is what they fill, by default as high as a slide.
    """

    def __init__(
        self,
        scene: Picture,
        width: int,
        height: int,
        theme: Theme,
        *,
        view: View | None = None,
        title: bool = True,
        legend: bool = True,
        page: Size | None = None,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        # As high as a slide, so that type has the size that it has there, whatever the number of pixels.
        slide = PAGES["16:9"].height
        size = page or size_of((width / height * slide, slide))
        self.pen = Pen(scene, theme, size.font / LIGHT.font_size, words=_clocked(0, scene.n_steps))
        with settings(self.pen.fonts):
            # Beside the title the clock has room; without one it gets a line of its own at the lower edge.
            drawing = draw(
                self.pen, size, view, title=title, legend=legend, foot=0 if title else 1.2 * self.pen.font_size
            )
            drawing.figure.set_dpi(height / size.height)
            # Rounding an odd aspect may have left the page a pixel too narrow.
            drawing.figure.set_size_inches(width / drawing.figure.dpi + 1e-9, height / drawing.figure.dpi + 1e-9)
            clock = self._clock(drawing.figure, above=title)
            drawing.show(scene.n_steps)
            self._canvas: Any = FigureCanvasAgg(drawing.figure)
            renderer = self._canvas.get_renderer()
            self._tracers = [None if m.trail is None else Tracer(m.trail, renderer) for m in drawing.moving]
            moving = [clock, *(artist for one in drawing.moving for artist in (*one.artists, *one.heads))]
            shown = [artist for artist in moving if artist.get_visible()]
            for artist in shown:
                artist.set_visible(False)
            self._canvas.draw()
            for artist in shown:
                artist.set_visible(True)
            self._still = self._canvas.copy_from_bbox(drawing.figure.bbox)
        self._moving = drawing.moving
        self._clock_text = clock
        self._n_steps = scene.n_steps

    def _clock(self, figure: Any, above: bool) -> Any:
        """Return the text at the right, ``above`` or below, that counts the steps."""
        size, edge = self.pen.font_size, self.pen.font_size * 0.9
        return figure.text(
            1 - edge / (72 * figure.get_figwidth()),
            1 - edge / (72 * figure.get_figheight()) if above else 0.5 * edge / (72 * figure.get_figheight()),
            "",
            fontsize=size,
            color=self.pen.theme.muted,
            ha="right",
            va="top" if above else "bottom",
            parse_math=False,
        )

    @property
    def still(self) -> Pixels:
        """The picture without anything that moves, (height, width, 4) RGBA."""
        self._canvas.restore_region(self._still)
        return np.array(self._canvas.buffer_rgba())

    def frame(self, step: int) -> Pixels:
        """Return the picture with the playhead at ``step``, (height, width, 4) RGBA; valid until the next call."""
        self._canvas.restore_region(self._still)
        self._clock_text.set_text(self.pen.text(_clocked(step, self._n_steps)))
        renderer = self._canvas.get_renderer()
        for one, tracer in zip(self._moving, self._tracers, strict=True):
            if tracer is not None:
                tracer.draw_line(renderer, step)
                continue
            one.show(step)
            for artist in one.artists:
                artist.draw(renderer)
        for one, tracer in zip(self._moving, self._tracers, strict=True):
            if tracer is not None:
                tracer.draw_head(renderer, step)
                continue
            for artist in one.heads:
                artist.draw(renderer)
        self._clock_text.draw(renderer)
        return np.asarray(self._canvas.buffer_rgba())


def _clocked(step: int, n_steps: int) -> str:
    """Return what the clock says."""
    return tr("step {step} of {all}", step=step, all=n_steps) if n_steps else ""
