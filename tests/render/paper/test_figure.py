"""Printed figures, opened again by programs that are not ours."""

import itertools
import subprocess
import threading
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.lines import Line2D
from PIL import Image

import landscape as ls
from landscape.errors import UnknownName
from landscape.lecture import Lecture, Slide
from landscape.lecture import save as save_lecture
from landscape.picture.key import MOST_ROWS, verdicts_of
from landscape.picture.scene import Axis, Field, Panel, Path, Track
from landscape.picture.sizes import PAGES
from landscape.picture.strokes import stroke
from landscape.picture.themes import THEMES
from landscape.render import save
from landscape.render.paper import fonts
from landscape.render.paper.figure import to_matplotlib
from landscape.render.paper.pen import texts_of
from landscape.scene import Scene

HOSTILE = "안장점 <script>alert(1)</script> $x_1^2$ 100% α_β & \\textbf{#~}"
SVG = "{http://www.w3.org/2000/svg}"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def lines_of(figure, panel=None):
    """The lines of tracks: those that move, in the panel with this index."""
    axes = figure.axes if panel is None else [figure.axes[panel]]
    return [line for ax in axes for line in ax.get_lines() if line.get_linestyle() != "None"]


def keys_of(figure):
    """The entries of tracks in the legends: text and line."""
    entries = [pair for one in figure.legends for pair in zip(one.get_texts(), one.legend_handles, strict=True)]
    return [(text, key) for text, key in entries if isinstance(key, Line2D) and key.get_linestyle() != "None"]


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


def test_a_pdf_has_its_text_and_embeds_its_fonts(scene, tmp_path, tool):
    path = save(scene, tmp_path / "f.pdf").path
    text = run(tool("pdftotext"), "-layout", path, "-")
    for word in (scene.title, "Gradient norm", "step", "adam (lr 0.02)", "minimum"):
        assert word in text
    rows = [line.split() for line in run(tool("pdffonts"), path).splitlines()[2:]]
    assert rows
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows), "embedded, subset, with unicode"
    info = run(tool("pdfinfo"), path)
    assert scene.title in info
    assert "Seed 0" in info
    assert "CreationDate" not in info


def test_fonts_with_postscript_outlines_are_embedded_as_readers_take_them(tiny, tmp_path, tool):
    path = save(replace(tiny, title="경사 하강법 ∇f → 0"), tmp_path / "f.pdf").path
    done = subprocess.run([tool("pdffonts"), path], capture_output=True, text=True, check=True)
    assert done.stderr == "", "poppler complains of fonts that are not what they are called"
    assert all(line.split()[-5] == "yes" for line in done.stdout.splitlines()[2:])


@pytest.mark.parametrize("name", PAGES)
def test_a_pdf_has_the_size_of_its_name(name, tiny, tmp_path, tool):
    path = save(tiny, tmp_path / "f.pdf", size=name, dpi=30).path
    found = next(line for line in run(tool("pdfinfo"), path).splitlines() if line.startswith("Page size"))
    width, height = (float(part) / 72 for part in found.split(":")[1].split("pts")[0].split(" x "))
    assert (width, height) == pytest.approx((PAGES[name].width, PAGES[name].height), abs=0.01)


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_hostile_titles_come_out_as_they_are(ending, make, tmp_path, tool):
    scene = make(title=HOSTILE, caption=HOSTILE, notes=(HOSTILE,), n_steps=5, grid=11)
    saved = save(scene, tmp_path / f"f.{ending}", dpi=50, caption=True)
    if ending == "pdf":
        text = run(tool("pdftotext"), "-layout", saved.path, "-")
        latin = HOSTILE.split(" ", 1)[1]
        assert text.count(latin) == 3
        assert (HOSTILE in text) != bool(saved.notes), "Korean letters are there, or it is said that they are not"
    elif ending == "svg":
        root = ET.parse(saved.path).getroot()
        texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
        assert sum(HOSTILE in text for text in texts) == 3 or saved.notes
        assert not list(root.iter(f"{SVG}script"))
        assert not [a for element in root.iter() for a in element.attrib if a.lower().startswith("on")]
        assert any(HOSTILE in (element.text or "") for element in root.iter() if element.tag.endswith("title"))
    else:
        with Image.open(saved.path) as image:
            assert image.info["Title"] == HOSTILE


def test_an_svg_is_xml_with_real_text_and_metadata(scene, tmp_path):
    root = ET.parse(save(scene, tmp_path / "f.svg", size="4:3").path).getroot()
    assert root.tag == f"{SVG}svg"
    assert (root.get("width"), root.get("height")) == ("720pt", "540pt")
    texts = ["".join(element.itertext()).strip() for element in root.iter(f"{SVG}text")]
    styles = {element.get("style") for element in root.iter(f"{SVG}text") if element.get("style")}
    assert all("sans-serif" in style for style in styles if "font-family" in style)
    assert any("font-family" in style for style in styles)
    assert {scene.title, "Loss", "Gradient norm", "step", "sgd (lr 0.02)"} <= set(texts)
    found = {}
    for element in root.iter():
        if "purl.org/dc" in element.tag:
            found.setdefault(element.tag.split("}")[1], element)
    assert found["title"].text == scene.title
    assert "Seed 0" in found["description"].text
    assert found["source"].text == "?surface=escaping_saddle&steps=60"
    assert "date" not in found


@pytest.mark.parametrize("transparent", [False, True])
def test_a_png_has_its_pixels_its_metadata_and_its_ground(transparent, scene, tmp_path):
    path = save(scene, tmp_path / "f.png", size=(6, 4), dpi=80, transparent=transparent, theme="dark").path
    with Image.open(path) as image:
        assert image.size == (480, 320)
        assert image.info["dpi"] == pytest.approx((80, 80), abs=0.1)
        assert image.info["Title"] == scene.title
        assert '"seed": 0' in image.info["Recipe"]
    corner = pixels(path)[2, -3]
    ground = tuple(int(THEMES["dark"].background[i : i + 2], 16) for i in (1, 3, 5))
    assert (corner[3] == 0) if transparent else (tuple(corner) == (*ground, 255))


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_the_same_scene_gives_the_same_bytes_whatever_the_users_settings(ending, scene, tmp_path):
    first = save(scene, tmp_path / f"a.{ending}", dpi=40).path.read_bytes()
    own = {"lines.linewidth": 9, "text.color": "red", "axes.grid": True, "svg.fonttype": "path", "font.size": 30}
    with mpl.rc_context(own):
        before = dict(mpl.rcParams)
        second = save(scene, tmp_path / f"b.{ending}", dpi=40).path.read_bytes()
        assert dict(mpl.rcParams) == before
    assert first == second


def test_exports_in_several_threads_do_not_disturb_each_other(scene, relief, tmp_path):
    jobs = {"a.svg": (scene, "light"), "b.png": (relief, "print"), "c.pdf": (scene, "dark")}
    alone = {
        name: save(one, tmp_path / name, theme=theme, dpi=40).path.read_bytes() for name, (one, theme) in jobs.items()
    }
    threads = [
        threading.Thread(target=save, args=(one, tmp_path / f"t{name}"), kwargs={"theme": theme, "dpi": 40})
        for name, (one, theme) in jobs.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: (tmp_path / f"t{name}").read_bytes() for name in jobs} == alone


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_optimizer_has_one_colour_on_screen_and_on_paper(theme, make):
    scene = make(n_tracks=8, n_steps=5, grid=5)
    figure = to_matplotlib(scene, theme=theme)
    on_paper = {text.get_text(): {key.get_color().lower()} for text, key in keys_of(figure)}
    for ax in figure.axes[:3]:
        found = {line.get_color().lower() for line in ax.get_lines() if len(line.get_xdata()) == 6}
        assert found == set().union(*on_paper.values())
    on_screen = {}
    for trace in scene.to_plotly(theme=theme).data:
        meta = trace.meta or {}
        if meta.get("role") == "path":
            on_screen.setdefault(meta["group"], set()).add(trace.line.color.lower())
    assert on_paper == on_screen
    assert len(on_paper) == 8
    assert on_paper["sgd (lr 0.02)"] == {stroke("sgd", theme=theme).color.lower()}


@pytest.mark.parametrize("kind", ["scene", "relief", "curve"])
def test_grey_paper_is_grey_and_tells_tracks_apart_by_dash_and_marker(kind, request, make, tmp_path):
    scene = request.getfixturevalue(kind)
    picture = pixels(save(scene, tmp_path / "f.png", theme="print", dpi=40).path)[..., :3].astype(int)
    assert np.max(np.ptp(picture, axis=-1)) <= 1
    figure = to_matplotlib(make(n_tracks=8, n_steps=40), theme="print")
    keys = [key for _, key in keys_of(figure)]
    assert len({(str(key._unscaled_dash_pattern), key.get_marker(), key.get_color()) for key in keys}) == 8
    beads = [
        line for line in figure.axes[1].get_lines() if line.get_linestyle() == "None" and len(line.get_xdata()) > 1
    ]
    assert {line.get_marker() for line in beads} == {key.get_marker() for key in keys}


def test_paths_lie_over_the_relief_from_every_side(make, tmp_path):
    from mpl_toolkits.mplot3d import proj3d

    scene = make(n_tracks=1, relief=True, n_steps=60, starts=((1.2, 0.6),))
    field, path = scene.panel("map").layers[:2]
    path = replace(path, head=False)
    scene = replace(scene, panels=(replace(scene.panel("map"), layers=(field, path)), *scene.panels[1:]))
    color = np.array([int(stroke("sgd").color[i : i + 2], 16) for i in (1, 3, 5)])
    for view in ((30, -130), (20, 40), (8, 120), (70, 0)):
        figure = to_matplotlib(scene, view=view, size=(8, 6))
        figure.savefig(tmp_path / "f.png", dpi=100)
        picture = pixels(tmp_path / "f.png")[..., :3].astype(int)
        ax = next(ax for ax in figure.axes if ax.name == "3d")
        x, y, _ = proj3d.proj_transform(path.x, path.y, path.z, ax.get_proj())
        places = ax.transData.transform(np.column_stack([x, y])) * 100 / figure.dpi
        seen = [np.abs(picture[599 - int(v), int(u)] - color).max() < 60 for u, v in places]
        assert all(seen), f"hidden at {view}"


def test_a_figure_stands_at_the_step_that_is_asked_for(scene, curve):
    for step in (0, 7, 60):
        figure = to_matplotlib(scene, step=step)
        heads = [line for line in figure.axes[1].get_lines() if line.get_linestyle() == "None"]
        assert [list(line.get_xdata()) for line in heads] == [[step]] * 4
        heads = [line for line in heads if line.get_markerfacecolor() == stroke(scene.tracks[0].style).color]
        loss = next(layer for layer in scene.panel("loss").layers if isinstance(layer, Path))
        assert list(heads[0].get_ydata()) == [loss.y[step]]
        tracks = [line for line in lines_of(figure, panel=1) if len(line.get_xdata()) == step + 1]
        assert {line.get_color() for line in tracks} == {stroke(track.style).color for track in scene.tracks}
    tangent = lines_of(to_matplotlib(curve, step=3), panel=0)[1]
    rise = np.diff(tangent.get_ydata()) / np.diff(tangent.get_xdata())
    assert rise == pytest.approx(curve.panel("curve").layers[1].slope[3])
    with pytest.raises(ValueError, match="from 0 to 60"):
        to_matplotlib(scene, step=61)


def test_how_each_path_ended_is_printed_once_it_has(scene):
    for step, shown in ((0, 0), (scene.n_steps, len(scene.tracks))):
        texts = [text.get_text() for text in to_matplotlib(scene, step=step).texts if text.get_visible()]
        assert sum(text.endswith("still moving") for text in texts) == shown
    crowd = replace(scene, tracks=tuple(replace(scene.tracks[0], id=f"{k}") for k in range(MOST_ROWS + 1)), panels=())
    assert verdicts_of(crowd) == ()


def test_powers_beside_a_colour_bar_have_their_letters(tmp_path):
    """Raised digits are not in every face: the ticks' letters too are looked for among the fonts."""
    ticks = ((0.0, "10⁻¹²"), (1.0, "3·10⁵"))
    axes = np.linspace(0.0, 1.0, 5)
    field = Field(axes, axes, axes[:, None] * axes, "loss", color_ticks=ticks)
    panel = Panel("map", "Map", Axis("x"), Axis("y", ticks=((0.5, "⅜ᵗʰ"),)), (field,))
    scene = Scene("Powers", (panel,), (), 0, (("map",),), (1.0,))
    assert not set("⁻¹²⅜ᵗʰ") - set("".join(texts_of(scene)))
    assert not save(scene, tmp_path / "f.png", dpi=50).notes  # no glyph is missing, and none warns of it


@pytest.mark.parametrize("size", ["16:9", "column", (9.0, 2.5)])
def test_a_map_has_one_scale_on_both_axes(size, scene):
    ax = to_matplotlib(scene, size=size).axes[0]
    ax.apply_aspect()
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    assert ax.bbox.width / (right - left) == pytest.approx(ax.bbox.height / (high - low), rel=1e-3)


def test_regions_change_with_the_playhead_and_samples_have_their_colour(classes):
    for step, edge in ((0, -0.5), (4, -0.5), (5, 0.0), (19, 0.0), (20, 0.5)):
        ax = to_matplotlib(classes, step=step).axes[0]
        shown = np.asarray(ax.get_images()[0].get_array())
        assert np.array_equal(shown[3], np.linspace(-1, 1, 21) > edge)
        lines = ax.get_lines()
        assert list(lines[0].get_xdata()) == [edge, edge]
        colors = ax.get_images()[0].get_cmap().colors
        assert [line.get_markerfacecolor() for line in lines[1:]] == list(colors)
        assert sum(len(line.get_xdata()) for line in lines[1:]) == 30
    texts = [text.get_text() for legend in ax.figure.legends for text in legend.get_texts()]
    assert sorted(texts) == ["SGD (lr 0.05)", "boundary", "left $", "right"]


CASES = {
    "diverged": {"diverged": True},
    "diverged relief": {"diverged": True, "relief": True},
    "one start": {"n_tracks": 1, "starts": ((1.2, 1e-4),)},
    "no steps": {"n_steps": 0},
    "no steps relief": {"n_steps": 0, "relief": True},
    "hole": {"hole": True},
    "hole in the relief": {"hole": True, "relief": True},
    "negative loss": {"y_scale": "symlog"},
    "negative loss on a log axis": {"y_scale": "log"},
    "no tracks": {"n_tracks": 0},
    "no words": {"title": "", "caption": ""},
    "many words": {"title": "Why " * 300, "notes": ("because " * 100, "x" * 900)},
}


@pytest.mark.parametrize("case", CASES)
def test_awkward_scenes_print_without_a_warning(case, make, tmp_path):
    """Warnings are errors in the tests, Matplotlib's own among them. Grey paper has every mark that others have."""
    saved = save(make(grid=15, **CASES[case]), tmp_path / "f.png", dpi=40, theme="print", size=(8, 6))
    assert np.ptp(pixels(saved.path)[..., :3]) > 100


@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
@pytest.mark.parametrize("values", [[np.nan] * 3, [0.0] * 3, [1e-300, 1.0, 1e300], [1e308, -1e308, 1.0]])
def test_any_numbers_fit_an_axis(scale, values, tmp_path):
    y = np.array(values)
    panel = Panel("p", "P", Axis("step"), Axis("y", scale), (Path("t", np.arange(3.0), y),))
    scene = Scene("S", (panel,), (Track("t", "t", "t", "sgd", 2),), 2, (("p",),), (1.0,))
    assert save(scene, tmp_path / "f.png", dpi=40, size=(4, 3)).path.stat().st_size > 1000


def test_many_tracks_keep_what_is_asked_of_the_page(make):
    figure = to_matplotlib(make(n_tracks=200, n_steps=3), size="4:3")
    assert len([line for line in figure.axes[1].get_lines() if len(line.get_xdata()) == 4]) == 200
    assert len(figure.legends[0].get_texts()) <= 8, "one entry a group"


def test_letters_without_a_font_are_told_and_shown_as_boxes(monkeypatch, make, tmp_path, tool):
    files = fonts._installed()
    monkeypatch.setattr(fonts, "_installed", lambda: {"DejaVu Sans": files["DejaVu Sans"]})
    fonts._families.cache_clear()
    try:
        scene = make(title="안장점 saddle", n_steps=3, grid=5)
        saved = save(scene, tmp_path / "f.pdf")
        film = save(scene, tmp_path / "f.gif", seconds=0.2, fps=5, size=(96, 64))
        told: list[str] = []
        save_lecture(Lecture("", (Slide("ก"),)), tmp_path / "l.pdf", tell=told.append)
    finally:
        fonts._families.cache_clear()
    assert len(saved.notes) == 1
    assert "안" in saved.notes[0]
    assert "fonts-noto-cjk" in saved.notes[0]
    assert film.notes == saved.notes
    (thai,) = told
    assert "ก" in thai
    assert "CJK" not in thai
    assert f"{fonts.NO_GLYPH * 3} saddle" in run(tool("pdftotext"), saved.path, "-")


def test_the_hollow_box_has_a_font_where_the_first_one_lacks_it(monkeypatch):
    letters = {"plain": frozenset("ab"), "broad": frozenset("ab" + fonts.NO_GLYPH)}
    monkeypatch.setattr(fonts, "_installed", lambda: {"Liberation Sans": "plain", "DejaVu Sans": "broad"})
    monkeypatch.setattr(fonts, "_letters", letters.__getitem__)
    assert fonts._families.__wrapped__(frozenset("a안")) == (("Liberation Sans", "DejaVu Sans"), {"안"})
    assert fonts._families.__wrapped__(frozenset("ab")) == (("Liberation Sans",), frozenset())


def test_a_family_without_a_regular_face_stands_in_for_boxes(monkeypatch):
    faces = [
        SimpleNamespace(name=n, fname=f, style="normal", weight=w)
        for n, f, w in (("Hangul", "thin", 100), ("Both", "bold", 700), ("Both", "regular", 400))
    ]
    monkeypatch.setattr("matplotlib.font_manager.fontManager.ttflist", faces)
    assert fonts._installed.__wrapped__() == {"Hangul": "thin", "Both": "regular"}


def test_unknown_names_list_those_there_are(scene, tmp_path):
    with pytest.raises(UnknownName, match="16:9, 4:3, square, column, two columns, poster"):
        save(scene, tmp_path / "f.pdf", size="A4")
    with pytest.raises(UnknownName, match="light, dark, projector, print"):
        save(scene, tmp_path / "f.pdf", theme="solarized")
    for wrong in (
        {"dpi": 0},
        {"dpi": np.nan},
        {"dpi": 1e5},
        {"size": (0, 3)},
        {"size": (3,)},
        {"size": (1e9, 2)},
    ):
        with pytest.raises(ValueError, match=r"dpi|size|side"):
            save(scene, tmp_path / "f.png", **wrong)
    assert not list(tmp_path.iterdir())


def test_a_layer_that_nobody_can_draw_is_refused(scene):
    panel = replace(scene.panels[1], layers=(object(),))
    with pytest.raises(TypeError, match="object cannot be printed in a panel of kind 'plane'"):
        to_matplotlib(replace(scene, panels=(panel,), columns=((panel.key,),), widths=(1.0,)))


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        *(("relief", size) for size in ("16:9", "square", "column", (4.0, 2.2), (3.0, 9.0))),
        *(("scene", size) for size in ("16:9", "column")),
    ],
)
def test_nothing_leaves_the_page_and_panels_keep_apart(kind, size, request):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    figure = to_matplotlib(request.getfixturevalue(kind), size=size)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[..., :3]
    rim = np.concatenate([picture[:2].reshape(-1, 3), picture[-2:].reshape(-1, 3), picture[:, :2].reshape(-1, 3)])
    assert np.all(rim == 255)
    assert np.all(picture[:, -2:] == 255)
    renderer = canvas.get_renderer()
    boxes = [legend.get_window_extent(renderer) for legend in figure.legends]
    for ax in figure.axes:
        if ax.name == "3d":
            boxes.append(Bbox.union([axis.get_tightbbox(renderer) for axis in (ax.xaxis, ax.yaxis, ax.zaxis)]))
        elif ax.get_subplotspec() is not None and ax.axison:
            boxes.append(ax.get_tightbbox(renderer))
    boxes = [box.padded(-2) for box in boxes]
    for i, box in enumerate(boxes):
        assert not box.count_overlaps(boxes[i + 1 :])


@pytest.mark.parametrize("faces", [None, ("DejaVu Sans",)])
@pytest.mark.parametrize("size", [*PAGES, (2.0, 6.0)])
def test_entries_of_a_legend_keep_apart_and_on_the_page(faces, size, scene, monkeypatch):
    """Whatever typeface there is: DejaVu Sans is the widest of them. Names that no page holds are cut."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    if faces:
        monkeypatch.setattr("landscape.render.paper.fonts._FACES", faces)
        monkeypatch.setattr("landscape.render.paper.fonts._families", fonts._families.__wrapped__)
    names = [f"{k} SGD with a learning rate {'of its own, ' * (2 + 4 * k)}kept for all steps" for k in range(6)]
    tracks = tuple(replace(scene.tracks[0], id=name, group=name, label=name) for name in names)
    figure = to_matplotlib(replace(scene, tracks=tracks + scene.tracks), size=size)
    figure.set_dpi(200)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    boxes = [
        text.get_window_extent(canvas.get_renderer())
        for text in (*figure.texts, *(text for legend in figure.legends for text in legend.get_texts()))
    ]
    assert all(box.x0 > 0 and box.x1 < figure.bbox.width for box in boxes)
    boxes = [box.padded(-1) for box in boxes]
    for i, box in enumerate(boxes):
        assert not box.count_overlaps(boxes[i + 1 :])


# A step in numbers under the panels -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def descent():
    optimizers = (ls.NAdam(learning_rate=0.02), ls.SGD(learning_rate=0.002))
    return ls.Experiment("himmelblau", optimizers, [(-0.5, 4.5)], 40).run().scene()


@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_a_step_in_numbers_stands_on_the_page_and_leaves_room(descent, size, theme, monkeypatch):
    if theme == "projector":  # where type is largest, in the widest typeface
        monkeypatch.setattr("landscape.render.paper.fonts._FACES", ("DejaVu Sans",))
        monkeypatch.setattr("landscape.render.paper.fonts._families", fonts._families.__wrapped__)
    label = descent.tracks[0].label
    figure = to_matplotlib(descent, size=size, theme=theme, step=5, arithmetic=label)
    bare = to_matplotlib(descent, size=size, theme=theme, step=5)
    before = {text.get_text() for text in bare.texts}
    added = [text for text in figure.texts if text.get_text() not in before]
    renderer = figure.canvas.get_renderer()
    page = figure.bbox
    boxes = [text.get_window_extent(renderer) for text in added]
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 for box in boxes)
    tallest = max(ax.get_window_extent(renderer).height for ax in figure.axes)
    assert tallest > 0.15 * page.height
    assert max(box.y1 for box in boxes) <= min(ax.get_tightbbox(renderer).y0 for ax in figure.axes) + 1.0
    told = descent.in_numbers[descent.tracks[0].id](5)
    printed = "".join("".join(text.get_text().split()) for text in added)
    for statement, cells in told.rows:
        assert "".join(statement.split()) in printed
        for put, result in cells:
            assert "".join(f"{put} = {result}".split()) in printed or cells[0] == cells[1]


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_files_hold_the_step_of_the_path_that_is_named(descent, tmp_path, ending):
    label, path = descent.tracks[1].label, tmp_path / f"step.{ending}"
    save(descent, path, step=5, arithmetic=label)
    bare = save(descent, tmp_path / f"bare.{ending}", step=5).path
    assert path.read_bytes() != bare.read_bytes()
    if ending == "pdf":
        text = run("pdftotext", "-layout", path, "-")
        told = descent.in_numbers[descent.tracks[1].id](5)
        assert told.head in text
        assert all(statement in text and cell[1] in text for statement, cells in told.rows for cell in cells)
    with pytest.raises(UnknownName, match="unknown path"):
        save(descent, path, arithmetic="Adam")


@pytest.mark.parametrize("size", [(3, 3), (6, 2), (3.4, 2.6)], ids=str)
@pytest.mark.parametrize("name", ["himmelblau", "double_well", "staircase", "plateau", "goldstein_price"])
def test_numbers_beside_a_low_axis_have_room(name: str, size: tuple[float, float]) -> None:
    figure = to_matplotlib(ls.Experiment.from_lesson(name).run().scene(), size=size)
    figure.canvas.draw()
    for ax in figure.axes:
        low, high = ax.get_ylim()
        ticks = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        boxes = [text.get_window_extent() for at, text in ticks if low <= at <= high and text.get_text()]
        assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
