"""Scenes as films: MP4 that presentation programs play, and GIF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from landscape.language import tr
from landscape.picture.camera import View
from landscape.picture.scene import Picture
from landscape.picture.sizes import ScreenSize, screen
from landscape.picture.themes import Theme, theme_of
from landscape.progress import counting
from landscape.render.film.indexed import Indexed
from landscape.render.film.stage import Stage
from landscape.render.words import caption as captions

LONGEST = 36_000
"""The most frames of a film."""

SIZES = {"mp4": "1080p", "gif": "720p"}
RATES = {"mp4": 30.0, "gif": 20.0}
"""Size and frames a second of a film of which nothing else was told."""


@dataclass(frozen=True)
class Plan:
    """Which step each frame shows: from the first to the last, then ``hold`` frames of the last."""

    steps: tuple[int, ...]
    hold: int
    fps: Fraction

    @classmethod
    def of(cls, n_steps: int, seconds: float, fps: float, hold: float) -> Plan:
        """Return the plan of a film that runs ``seconds`` at ``fps`` and stands still for ``hold`` seconds at its end.

        Whole steps only: between two steps an optimizer is nowhere. Raises ``ValueError`` for numbers that make no
        film.

        >>> Plan.of(10, seconds=1, fps=6, hold=0.5).steps
        (0, 2, 4, 6, 8, 10)
        """
        for name, number, low, high in (("seconds", seconds, 0.0, 3600.0), ("fps", fps, 1, 120), ("hold", hold, 0, 60)):
            if isinstance(number, bool) or not isinstance(number, int | float) or not low <= number <= high:
                said = {"name": name, "low": low, "high": high, "number": number}
                raise ValueError(tr("{name} must be a number from {low:g} to {high:g}, not {number!r}", **said))
        moving, still = max(1, round(seconds * fps)), round(hold * fps)
        if moving + still > LONGEST:
            raise ValueError(
                tr("{frames} frames are too many for one file; the most is {most}", frames=moving + still, most=LONGEST)
            )
        steps = np.rint(np.linspace(0, n_steps, moving)).astype(int) if moving > 1 else np.array([n_steps])
        return cls(tuple(steps.tolist()), still, Fraction(fps).limit_denominator(1001))

    @property
    def n_frames(self) -> int:
        """Frames in all."""
        return len(self.steps) + self.hold


def write(
    scene: Picture,
    path: Path,
    *,
    size: ScreenSize | None = None,
    theme: str | Theme = "light",
    seconds: float = 6.0,
    fps: float | None = None,
    hold: float = 1.5,
    loop: bool = True,
    view: View | None = None,
    title: bool = True,
    legend: bool = True,
    address: str = "",
) -> Sequence[str]:
    """Write the scene as MP4 or GIF, whichever the ending of ``path`` says; return what there is to tell.

    ``size`` is a name of ``sizes.SCREENS`` or (width, height) in pixels: 1080p for MP4, 720p for GIF unless told.
    ``fps`` is 30 for MP4, 20 for GIF unless told; a GIF counts time in hundredths of a second, so that its frames
    last 1/fps on average. ``hold`` keeps the last frame for so many seconds. A GIF repeats for ever with ``loop``.
    Each frame is counted (``landscape.progress``). Memory does not grow with the length of the film.
    """
    ending = path.suffix.lower().removeprefix(".")
    gif = ending == "gif"
    width, height = screen(size or SIZES[ending])
    plan = Plan.of(scene.n_steps, seconds, RATES[ending] if fps is None else fps, hold)
    if gif and plan.fps > 50:
        raise ValueError(
            tr("fps of a GIF must be at most 50, not {fps:g}: viewers slow faster ones down", fps=float(plan.fps))
        )
    stage = Stage(scene, width, height, theme_of(theme), view=view, title=title, legend=legend)
    said = said_in(scene, address)
    with counting(plan.n_frames, tr("frames")) as count:
        if gif:
            _write_gif(said["comment"], path, stage, plan, loop, count.advance)
        else:
            write_mp4(said, path, stage, plan, count.advance)
    return [stage.pen.note] if stage.pen.note else []


def said_in(scene: Picture, address: str = "") -> dict[str, str]:
    """Return what a film tells about itself."""
    return {key: text for key, text in captions.metadata(scene, "mp4", address).items() if text}


def write_mp4(said: Mapping[str, str], path: Path, stage: Stage, plan: Plan, tick: Callable[[], None]) -> None:
    """Write H.264 in yuv420p, the colours marked as BT.709, the index first so that it plays while it loads.

    ``said`` is what it tells about itself; ``tick()`` is called after each frame.
    """
    import av
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    height, width = stage.still.shape[:2]
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        container.metadata.update(said)
        # A short look-ahead bounds what the encoder keeps; the pictures hardly change, so it costs nothing.
        stream: Any = container.add_stream(
            "libx264",
            rate=plan.fps,
            options={"preset": "veryfast", "crf": "18", "rc-lookahead": "8"},
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        context.gop_size = max(1, round(2 * plan.fps))

        def encode(frame: Any) -> None:
            container.mux(stream.encode(frame))

        # One frame is encoded beside the drawing of the next; no more than these two are alive.
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode") as worker:
            waiting: Future[None] | None = None
            shown: int | None = None
            for number, step in enumerate([*plan.steps, *[plan.steps[-1]] * plan.hold]):
                if step != shown:
                    shown = step
                    # The stage draws into one buffer: no copy is needed to hand it over.
                    frame = av.VideoFrame.from_numpy_buffer(stage.frame(step), format="rgba").reformat(
                        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
                    )
                if waiting is not None:
                    waiting.result()
                frame.pts, frame.time_base = number, 1 / plan.fps
                waiting = worker.submit(encode, frame)
                tick()
            if waiting is not None:
                waiting.result()
        encode(None)


def _write_gif(comment: str, path: Path, stage: Stage, plan: Plan, loop: bool, tick: Callable[[], None]) -> None:
    """Write a GIF with one palette; the hold is the duration of the last frame."""
    import av

    theme, pen = stage.pen.theme, stage.pen
    kept = [
        theme.background,
        theme.ink,
        theme.muted,
        theme.outline,
        *(pen.stroke(t.id).color for t in pen.scene.tracks),
    ]
    samples = [stage.still, *(stage.frame(plan.steps[k]).copy() for k in (0, len(plan.steps) // 2, -1))]
    indexed = Indexed(samples, kept)
    palette = np.zeros((256, 4), dtype=np.uint8)
    palette[: len(indexed.colors), 0] = 255
    palette[: len(indexed.colors), 1:] = indexed.colors
    height, width = samples[0].shape[:2]
    last = max(1, round(100 * (plan.hold + 1) / plan.fps))
    options = {"loop": "0" if loop else "-1", "final_delay": str(last)}
    with av.open(str(path), "w", format="gif", options=options) as container:
        stream: Any = container.add_stream("gif", rate=100)
        stream.width, stream.height, stream.pix_fmt = width, height, "pal8"
        stream.codec_context.time_base = Fraction(1, 100)
        for number, step in enumerate(plan.steps):
            indices: Any = (indexed(stage.frame(step)), palette)
            frame = av.VideoFrame.from_ndarray(indices, format="pal8")
            frame.pts, frame.time_base = round(100 * number / plan.fps), Fraction(1, 100)
            container.mux(stream.encode(frame))
            tick()
        container.mux(stream.encode(None))
        for _ in range(plan.hold):
            tick()
    _add_comment(path, comment)


def _add_comment(path: Path, text: str) -> None:
    """Put a comment behind the header and palette of a GIF (GIF89a specification, sections 18, 19 and 24)."""
    data = text.encode()
    pieces = [data[k : k + 255] for k in range(0, len(data), 255)]
    block = b"\x21\xfe" + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\x00"
    with path.open("r+b") as file:
        header = file.read(13)
        place = 13 + (3 * 2 ** ((header[10] & 7) + 1) if header[10] & 0x80 else 0)
        # Everything behind it moves up, the end first; a film may be longer than memory.
        end, chunk = path.stat().st_size, 1 << 20
        while end > place:
            begin = max(place, end - chunk)
            file.seek(begin)
            moved = file.read(end - begin)
            file.seek(begin + len(block))
            file.write(moved)
            end = begin
        file.seek(place)
        file.write(block)
