"""PDF files of many pages: what stands still on several of them is drawn and kept once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_pdf import GraphicsContextPdf, Name, Op, PdfFile, Reference, RendererPdf

from landscape.render.paper.figure import Drawing


@dataclass(frozen=True)
class Stream:
    """A drawn part of pages, and the names of the images that it shows."""

    place: Reference
    images: set[Name] = field(default_factory=set)


class PageFile(PdfFile):
    """A PDF file whose pages are made of streams that they may share.

    The contents of a page are an array of streams, read as if they were one (ISO 32000-1, table 30, "Contents"). Each
    page names the images of its own streams alone, for programs that copy single pages, as LaTeX does.
    """

    def __init__(self, file: BytesIO, about: dict[str, str | None]) -> None:
        super().__init__(file, metadata=about)
        self._now: Stream | None = None
        self._named: list[tuple[Reference, Sequence[Stream]]] = []

    def still(self, drawing: Drawing, dpi: float) -> Stream:
        """Draw a figure without anything that moves."""
        # Lengths on the page, as where heads stand, are worked out in pixels: here a pixel is a point.
        drawing.figure.set_dpi(72)
        moving = [artist for one in drawing.moving for artist in (*one.artists, *one.heads)]
        shown = [artist for artist in moving if artist.get_visible()]
        for artist in shown:
            artist.set_visible(False)
        with self._stream(drawing, dpi) as (stream, renderer):
            drawing.figure.draw(renderer)
        for artist in shown:
            artist.set_visible(True)
        return stream

    def moving(self, drawing: Drawing, step: int, dpi: float) -> Stream:
        """Draw what moves, with the playhead at ``step``. Call it after ``still``, which finds the places."""
        drawing.show(step)
        with self._stream(drawing, dpi) as (stream, renderer):
            for artist in [artist for one in drawing.moving for artist in one.artists]:
                artist.draw(renderer)
            for head in [head for one in drawing.moving for head in one.heads]:
                head.draw(renderer)
        return stream

    def page(self, drawing: Drawing, *streams: Stream) -> None:
        """Add a page as large as a figure that shows the streams, one over the other."""
        width, height = drawing.figure.get_size_inches()
        page, objects = self.reserveObject("page"), self.reserveObject("what a page shows")
        self._named.append((objects, streams))
        resources = {
            "Font": self.fontObject,
            "XObject": objects,
            "ExtGState": self._extGStateObject,
            "Pattern": self.hatchObject,
            "Shading": self.gouraudObject,
            "ProcSet": [Name(name) for name in ("PDF", "Text", "ImageB", "ImageC", "ImageI")],
        }
        self.writeObject(
            page,
            {
                "Type": Name("Page"),
                "Parent": self.pagesObject,
                "Resources": resources,
                "MediaBox": [0, 0, 72 * width, 72 * height],
                "Contents": [stream.place for stream in streams],
            },
        )
        self.pageList.append(page)

    def imageObject(self, image: Any) -> Name:
        """Return the name of an image, which the present stream shows."""
        name = super().imageObject(image)
        if self._now is not None:
            self._now.images.add(name)
        return name

    def finalize(self) -> None:
        """Write what the pages show, then the rest of the file."""
        forms = {name: form for name, form, *_ in self.markers.values()}
        forms |= {name: form for name, _, _, form, *_ in self.paths}
        images = {name: place for _, name, place in self._images.values()}
        for objects, streams in self._named:
            shown = {name: place for name, place in images.items() if any(name in stream.images for stream in streams)}
            self.writeObject(objects, forms | shown)
        super().finalize()

    @contextmanager
    def _stream(self, drawing: Drawing, dpi: float) -> Iterator[tuple[Stream, Any]]:
        # What lies outside the page is cut away by its size.
        self.width, self.height = drawing.figure.get_size_inches()
        stream = self._now = Stream(self.reserveObject("a part of pages"))
        self.beginStream(stream.place.id, self.reserveObject("length of a part of pages"))
        self.output(Op.gsave)
        # The state that Matplotlib's pages begin in.
        self.output(Name("DeviceRGB"), Op.setcolorspace_stroke)
        self.output(Name("DeviceRGB"), Op.setcolorspace_nonstroke)
        self.output(GraphicsContextPdf.joinstyles["round"], Op.setlinejoin)
        page = RendererPdf(self, dpi, self.height, self.width)
        renderer = MixedModeRenderer(drawing.figure, self.width, self.height, dpi, page)
        yield stream, renderer
        renderer.finalize()
        self.output(Op.grestore)
        self.endStream()
