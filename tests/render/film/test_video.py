"""Films, decoded again by FFmpeg's libraries and by Pillow."""

from itertools import pairwise

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image, ImageSequence

from landscape.errors import UnknownName
from landscape.picture.sizes import SCREENS, screen
from landscape.picture.strokes import stroke
from landscape.picture.themes import THEMES
from landscape.render import save
from landscape.render.film.indexed import Indexed
from landscape.render.film.stage import Stage
from landscape.render.film.video import Plan
from landscape.render.paper.figure import to_matplotlib
from landscape.render.paper.trails import spaced, thinned
from landscape.stopping import Cancelled

SMALL = {"size": (320, 180), "seconds": 1.0, "fps": 10, "hold": 0.5}


@pytest.fixture(scope="module")
def mp4(scene, tmp_path_factory):
    return save(scene, tmp_path_factory.mktemp("film") / "f.mp4", **SMALL).path


@pytest.fixture(scope="module")
def gif(scene, tmp_path_factory):
    return save(scene, tmp_path_factory.mktemp("film") / "f.gif", **SMALL).path


def frames_of(path):
    """The frames as RGB arrays, with their times in seconds."""
    with av.open(str(path)) as container:
        return [
            (float(frame.pts * frame.time_base), frame.to_ndarray(format="rgb24"))
            for frame in container.decode(container.streams.video[0])
        ]


def gif_frames(path):
    with Image.open(path) as image:
        return [(frame.info["duration"], np.asarray(frame.convert("RGB"))) for frame in ImageSequence.Iterator(image)]


def stage_of(scene, **options):
    return Stage(scene, 320, 180, THEMES["light"], **options)


def test_an_mp4_is_what_presentation_programs_play(mp4, scene):
    with av.open(str(mp4)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (320, 180)
        assert stream.average_rate == 10
        assert stream.frames == 15
        assert float(stream.duration * stream.time_base) == pytest.approx(1.5)
        assert container.metadata["title"] == scene.title
        assert "Seed 0" in container.metadata["comment"]
    data = mp4.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat"), "it plays while it loads"


def test_times_are_even_and_the_last_frame_is_held(mp4, gif):
    times, pictures = zip(*frames_of(mp4), strict=True)
    assert np.allclose(times, np.arange(15) / 10)
    # Ten frames move; five more show the last again, up to what the encoder does to them.
    assert all(np.abs(p.astype(int) - pictures[9]).max() < 40 for p in pictures[10:])
    durations = [duration for duration, _ in gif_frames(gif)]
    assert durations == [100] * 9 + [600]


def test_a_gif_has_its_size_comment_and_loop(gif, scene, tiny, tmp_path):
    with Image.open(gif) as image:
        assert image.size == (320, 180)
        assert image.n_frames == 10
        assert image.info["loop"] == 0
        assert scene.title in image.info["comment"].decode()
        assert image.info["version"] == b"GIF89a"
    once = save(tiny, tmp_path / "f.gif", loop=False, **SMALL).path
    with Image.open(once) as image:
        assert "loop" not in image.info


def test_heads_move_from_frame_to_frame(mp4, gif):
    for pictures in ([p for _, p in frames_of(mp4)][:10], [p for _, p in gif_frames(gif)]):
        for before, after in pairwise(pictures):
            moved = np.abs(before.astype(int) - after).max(axis=-1) > 60
            assert 10 < moved.sum() < 0.1 * moved.size


def in_420(picture):
    """A picture (height, width, 3) with one colour for four pixels, as H.264 has it before it codes anything."""
    known = {"dst_colorspace": Colorspace.ITU709, "dst_color_range": ColorRange.MPEG}
    frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24").reformat(format="yuv420p", **known)
    back = {"src_colorspace": Colorspace.ITU709, "src_color_range": ColorRange.MPEG}
    return frame.reformat(format="rgb24", **back).to_ndarray().astype(int)


def test_the_first_and_last_frame_are_the_steps_they_should_be(mp4, gif, scene):
    stage = stage_of(scene)
    wanted = [stage.frame(step)[..., :3].astype(int).copy() for step in (0, scene.n_steps)]
    decoded = [p for _, p in frames_of(mp4)]
    shown = [p for _, p in gif_frames(gif)]
    for i, picture in zip((0, -1), wanted, strict=True):
        assert np.abs(decoded[i].astype(int) - in_420(picture)).mean() < 1.0
        assert np.abs(shown[i].astype(int) - picture).mean() < 1.0
        assert np.abs(shown[i].astype(int) - wanted[-1 - i]).mean() > np.abs(shown[i].astype(int) - picture).mean()


def test_nothing_stirs_in_a_gif_where_nothing_moves(gif, scene):
    stage = stage_of(scene)
    still = stage.still[..., :3].astype(int)
    pictures = np.array([p for _, p in gif_frames(gif)]).astype(int)
    frames = [stage.frame(step)[..., :3].astype(int).copy() for step in Plan.of(60, 1, 10, 0).steps]
    rests = np.all([np.abs(frame - still).max(axis=-1) == 0 for frame in frames], axis=0)
    assert rests.mean() > 0.7
    assert np.all(np.ptp(pictures[:, rests], axis=0) == 0)


def test_a_gif_keeps_the_colours_of_the_optimizers(gif, scene):
    with Image.open(gif) as image:
        palette = {tuple(image.getpalette()[i : i + 3]) for i in range(0, 768, 3)}
    for key in ("sgd", "momentum", "rmsprop", "adam"):
        assert tuple(int(stroke(key).color[i : i + 2], 16) for i in (1, 3, 5)) in palette


def test_colours_survive_h264(make, tmp_path):
    """BT.709 in and out: a saturated head in the middle of the picture has the optimizer's colour."""
    scene = make(n_tracks=1, n_steps=30, starts=((1.2, 0.6),), grid=5)
    path = save(scene, tmp_path / "f.mp4", size=(640, 360), theme="projector", seconds=0.2, fps=10, hold=0).path
    wanted = np.array([int(stroke("sgd").color[i : i + 2], 16) for i in (1, 3, 5)])
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert (int(frame.colorspace), int(frame.color_range)) == (1, 1), "BT.709, limited range"
        picture = frame.to_ndarray(format="rgb24", src_colorspace="ITU709").astype(int)
    near = np.abs(picture - wanted).max(axis=-1) < 12
    assert near.sum() > 50


@pytest.mark.parametrize(
    ("kind", "theme"),
    [("curve", "light"), ("diverged", "print"), ("relief", "print")],
)
def test_trails_look_like_what_matplotlib_draws(kind, theme, request, make):
    """The short cut of the films against the artists themselves, at several steps."""
    scene = make(diverged=True) if kind == "diverged" else request.getfixturevalue(kind)
    fast, slow = (Stage(scene, 480, 270, THEMES[theme]) for _ in range(2))
    slow._tracers = [None] * len(slow._tracers)
    for step in (0, 1, scene.n_steps // 2, scene.n_steps):
        a, b = fast.frame(step)[..., :3].astype(int), slow.frame(step)[..., :3].astype(int)
        off = np.abs(a - b).max(axis=-1) > 48
        assert off.mean() < 0.001, f"step {step}"
        assert np.abs(a - b).mean() < 0.15


@pytest.mark.parametrize("kind", ["scene", "relief", "classes"])
def test_a_frame_is_the_printed_picture_at_its_step(kind, request):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    scene = request.getfixturevalue(kind)
    stage = Stage(scene, 480, 270, THEMES["dark"])
    for step in (scene.n_steps // 2, 0, scene.n_steps):
        canvas = FigureCanvasAgg(to_matplotlib(scene, theme="dark", size=(7.5 * 480 / 270, 7.5), step=step))
        canvas.figure.set_dpi(270 / 7.5)
        canvas.draw()
        printed = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
        filmed = stage.frame(step)[..., :3].astype(int).copy()
        printed[:20, 300:] = filmed[:20, 300:] = 0  # the film counts its steps there
        assert printed.shape == filmed.shape
        assert (np.abs(printed - filmed).max(axis=-1) > 48).mean() < 0.001, f"step {step}"


def test_progress_is_told_and_a_cancelled_film_leaves_nothing(tiny, tmp_path):
    seen = []
    save(tiny, tmp_path / "f.gif", progress=lambda *told: seen.append(told), **SMALL)
    assert seen == [(done, 15, "frames") for done in range(16)]
    old = (tmp_path / "f.gif").read_bytes()
    for ending in ("gif", "mp4"):
        with pytest.raises(Cancelled, match="after 3 of 15"):
            save(tiny, tmp_path / f"f.{ending}", progress=lambda done, total, what: done < 3, **SMALL)

    def broken(done, total, what):
        raise RuntimeError("the page is gone")

    with pytest.raises(RuntimeError, match="the page is gone"):
        save(tiny, tmp_path / "g.mp4", progress=broken, **SMALL)
    assert [p.name for p in tmp_path.iterdir()] == ["f.gif"], "no half file, and the older one stays"
    assert (tmp_path / "f.gif").read_bytes() == old


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_the_same_film_twice_is_the_same_file(ending, tiny, tmp_path):
    first, second = (save(tiny, tmp_path / f"{name}.{ending}", **SMALL).path.read_bytes() for name in "ab")
    assert first == second


CASES = {
    "diverged": {"diverged": True},
    "one start": {"n_tracks": 1, "starts": ((1.2, 1e-4),)},
    "no steps": {"n_steps": 0},
    "hole": {"hole": True, "relief": True},
    "two hundred": {"n_tracks": 200, "n_steps": 5},
    "title": {"title": "안장점 <script> $x_1$ 100% α\x00\n" * 3},
}


@pytest.mark.parametrize(("case", "ending"), [(case, ("gif", "mp4")[i % 2]) for i, case in enumerate(CASES)])
def test_awkward_scenes_make_films(case, ending, make, tmp_path):
    scene = make(grid=11, **CASES[case])
    path = save(scene, tmp_path / f"f.{ending}", size=(192, 108), seconds=0.3, fps=10, hold=0.1).path
    frames = frames_of(path)
    # Identical frames of a GIF may come as one.
    assert 1 <= len(frames) <= 4
    assert frames[0][1].shape == (108, 192, 3)


def test_bad_numbers_are_named(scene, tmp_path):
    with pytest.raises(UnknownName, match="720p, 1080p, 4K"):
        save(scene, tmp_path / "f.mp4", size="8K")
    wrong = (
        {"seconds": -1}, {"seconds": np.nan}, {"fps": 0}, {"fps": 500}, {"hold": "x"}, {"seconds": 3600, "fps": 120},
    )  # fmt: skip
    for options in wrong:
        with pytest.raises(ValueError, match=next(iter({"seconds", "fps", "hold"} & set(options))) + "|too many"):
            save(scene, tmp_path / "f.mp4", **options)
    with pytest.raises(ValueError, match="at most 50"):
        save(scene, tmp_path / "f.gif", fps=60)
    for size in ((10, 10), (0, 100), (1e9, 100), (320.5, 180), "wide", 7):
        with pytest.raises(ValueError, match=r"size|side"):
            save(scene, tmp_path / "f.mp4", size=size)
    assert not list(tmp_path.iterdir())


def test_sides_of_a_film_are_even():
    assert screen((321, 179)) == (322, 180)
    assert all(side % 2 == 0 for name in SCREENS for side in screen(name))


def test_a_plan_goes_from_the_first_step_to_the_last():
    plan = Plan.of(1000, seconds=5, fps=30, hold=1)
    assert (plan.steps[0], plan.steps[-1], plan.n_frames) == (0, 1000, 180)
    assert np.all(np.diff(plan.steps) >= 6)
    assert Plan.of(3, seconds=1, fps=10, hold=0).steps == (0, 0, 1, 1, 1, 2, 2, 2, 3, 3)
    assert Plan.of(7, seconds=0, fps=10, hold=0).steps == (7,)
    assert Plan.of(7, 1, 29.97, 0).fps == 2997 / 100 or abs(Plan.of(7, 1, 29.97, 0).fps - 29.97) < 1e-4


def test_thinned_points_stay_within_a_pixel():
    rng = np.random.default_rng(3)
    points = np.cumsum(rng.normal(0, 0.05, (5000, 2)), axis=0)
    kept = thinned(points, 0.4)
    assert kept[0] == 0
    assert kept[-1] == 4999
    assert len(kept) < 2500
    nearest = points[kept[np.searchsorted(kept, np.arange(5000), side="right") - 1]]
    assert np.abs(points - nearest).max() <= 0.4
    gap = points.copy()
    gap[100] = np.nan
    assert 100 in thinned(gap, 0.4)
    line = np.column_stack([np.arange(101.0), np.zeros(101)])
    assert list(spaced(line, 10, 30)) == [10, 40, 70]


def test_a_palette_holds_what_is_asked_and_takes_the_nearest():
    ramp = np.zeros((16, 256, 4), dtype=np.uint8)
    ramp[..., 0] = np.arange(256)
    ramp[..., 3] = 255
    indexed = Indexed([ramp], ["#10A0F0"])
    assert len(indexed.colors) <= 255
    assert (16, 160, 240) in {tuple(color) for color in indexed.colors.tolist()}
    shown = indexed.colors[indexed(ramp)]
    assert np.abs(shown.astype(int) - ramp[..., :3]).max() <= 2
    changed = ramp.copy()
    changed[3, 5, :3] = (16, 160, 240)
    assert tuple(indexed.colors[indexed(changed)[3, 5]]) == (16, 160, 240)
