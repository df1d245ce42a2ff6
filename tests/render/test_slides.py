"""Slides for other programs: PowerPoint, a PDF with a page a moment, LaTeX's Beamer."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import av
import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn

from landscape.language import speaking
from landscape.lecture import Lecture, Slide
from landscape.lecture import save as save_lecture
from landscape.picture.moments import moments
from landscape.picture.strokes import stroke
from landscape.picture.themes import THEMES
from landscape.render import save
from landscape.render.beamer import FRAMES, SLIDES, typesettable
from landscape.render.sheet import Sheet
from landscape.stopping import Cancelled

HOSTILE = "=1+1 <b>&amp; \\end{frame} 50% $x_1$ ]]> {} ~^ #"
CHINESE, HEBREW = "鞍点在哪里？", "איפה נקודת האוכף?"
MIXED = "안장점은 נקודת אוכף (saddle) 鞍点, نقطة"
QUICK = {"size": (4, 3), "seconds": 0.1, "hold": 0.0, "fps": 10}
LINK = "https://example.org/app"


@pytest.fixture(scope="module")
def shown(make):
    return replace(make(n_tracks=2, n_steps=12, grid=11), title=HOSTILE)


@pytest.fixture(scope="module")
def slides(shown, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    return {
        theme: save(shown, folder / f"{theme}.pptx", theme=theme, address=LINK, **QUICK).path
        for theme in ("light", "dark")
    }


def film_of(slide):
    (film,) = (shape for shape in slide.shapes if shape.element.xpath(".//a:videoFile"))
    return film


def test_the_film_starts_with_its_slide_and_repeats(slides):
    slide = Presentation(slides["light"]).slides[0]
    film = film_of(slide)
    (timing,) = slide.element.xpath("p:timing")
    targets = {node.get("spid") for node in timing.iter(qn("p:spTgt"))}
    assert targets == {str(film.shape_id)}
    (play,) = slide.element.xpath("p:timing//p:cmd[@cmd='playFrom(0.0)']")
    outer = [node for node in play.iterancestors() if node.tag == qn("p:cTn")]
    assert [node.get("nodeType") for node in outer] == ["afterEffect", None, None, "mainSeq", "tmRoot"]
    (begin,) = outer[2].iter(qn("p:tn"))
    assert begin.getparent().get("evt") == "onBegin", "no click is waited for"
    assert begin.get("val") == outer[3].get("id")
    (media,) = timing.iter(qn("p:cMediaNode"))
    assert media[0].get("repeatCount") == "indefinite"
    numbers = [node.get("id") for node in timing.iter(qn("p:cTn"))]
    assert len(set(numbers)) == len(numbers)


def test_film_and_still_fill_the_same_place_the_still_finer(slides):
    slide = Presentation(slides["light"]).slides[0]
    film = film_of(slide)
    with zipfile.ZipFile(slides["light"]) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".mp4"))
        with av.open(io.BytesIO(file.read(name))) as movie:
            stream = movie.streams.video[0]
            width, height = stream.width, stream.height
    still = film.poster_frame
    assert still.size == (2 * width, 2 * height)
    assert film.width / film.height == pytest.approx(width / height, rel=1e-3)
    slide_width, slide_height = Presentation(slides["light"]).slide_width, Presentation(slides["light"]).slide_height
    assert film.left >= 0
    assert film.left + film.width <= slide_width
    assert film.top + film.height <= slide_height


def test_words_are_data_and_stay_text(slides, shown):
    slide = Presentation(slides["light"]).slides[0]
    assert slide.shapes.title.text_frame.text == HOSTILE
    assert HOSTILE in slide.notes_slide.notes_text_frame.text
    (link,) = (
        run
        for shape in slide.shapes
        if shape.has_text_frame
        for p in shape.text_frame.paragraphs
        for run in p.runs
        if run.hyperlink.address
    )
    assert link.hyperlink.address == f"{LINK}?{shown.query}"
    assert "example.org" in link.text


@pytest.mark.parametrize("address", ["", "ftp://example.org", "javascript:alert(1)//", "/app"])
def test_only_an_address_that_leads_somewhere_becomes_a_link(address):
    assert not Sheet("x", link=f"{address}?surface=saddle").address


def test_a_dark_slide_has_the_colours_of_the_theme(slides):
    with zipfile.ZipFile(slides["dark"]) as file:
        theme = file.read("ppt/theme/theme1.xml").decode()
        master = file.read("ppt/slideMasters/slideMaster1.xml").decode()
    dark = THEMES["dark"]
    for name, color in (("dk1", dark.background), ("lt1", dark.ink), ("hlink", dark.accent)):
        assert f'<a:{name}><a:srgbClr val="{color[1:]}"/>' in theme
    assert re.search(r'<p:clrMap [^>]*bg1="dk1"', master)


def test_the_same_gives_the_same_bytes(slides, shown, tmp_path):
    again = save(shown, tmp_path / "again.pptx", theme="light", address=LINK, **QUICK).path
    assert again.read_bytes() == slides["light"].read_bytes()


def test_a_picture_without_steps_is_no_film(tiny, tmp_path):
    slide = Presentation(save(replace(tiny, n_steps=0), tmp_path / "f.pptx", **QUICK).path).slides[0]
    assert not slide.element.xpath("p:timing | .//a:videoFile")
    assert slide.element.xpath(".//p:pic")


@pytest.mark.parametrize("size", [(0.5, 0.5), (60, 30)])
def test_a_size_that_powerpoint_does_not_have_is_refused(size, tiny, tmp_path):
    with pytest.raises(ValueError, match="inches long"):
        save(tiny, tmp_path / "f.pptx", size=size)
    assert not list(tmp_path.iterdir())


def test_words_of_a_lecture_fit_and_none_is_lost(tmp_path):
    long = " ".join(f"word{k}" for k in range(250))
    lecture = Lecture(
        long,
        (
            Slide(f"Title {long}", (HEBREW, long, "", long, long), "Said.\n\nTwice."),
            Slide(CHINESE, (HOSTILE,)),
            Slide(MIXED),
        ),
    )
    first, second, third = Presentation(save_lecture(lecture, tmp_path / "f.pptx", size="4:3")).slides
    title, body = first.shapes.title, first.placeholders[1]
    assert title.text_frame.text.endswith("…")
    assert body.text_frame.text.endswith("…")
    assert body.top + body.height <= 7.5 * 914400
    notes = first.notes_slide.notes_text_frame.text.split("\n")
    assert notes[:2] == ["Said.", "Twice."]
    on_slide = [title.text_frame.text, *body.text_frame.text.split("\n")]
    assert {f"Title {long}", HEBREW, long} <= {*notes, *on_slide}
    right, left = (p.get("rtl") for p in body.element.xpath(".//a:p/a:pPr")[:2])
    assert (right, left) == ("1", None)
    assert second.shapes.title.text_frame.text == CHINESE
    looks = [one.shapes.title.element.xpath(".//a:r/a:rPr")[0] for one in (second, third)]
    assert [look.get("lang") for look in looks] == ["zh-CN", "ko-KR"]
    assert [look.xpath("string(a:ea/@typeface)") for look in looks] == ["Microsoft YaHei", "Malgun Gothic"]
    assert second.placeholders[1].text_frame.text == HOSTILE


@pytest.mark.parametrize("ending", ["pptx", "steps.pdf", "beamer.zip"])
def test_what_is_cancelled_leaves_nothing(ending, shown, tmp_path):
    told = []

    def stop(*said):
        told.append(said)
        return len(told) < 2

    with pytest.raises(Cancelled):
        save(shown, tmp_path / f"f.{ending}", progress=stop, **(QUICK | {"seconds": 1.0} if ending == "pptx" else {}))
    assert len(told) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["pptx", "steps.pdf", "beamer.zip"])
def test_progress_only_grows_and_ends_at_its_total(ending, shown, tmp_path):
    told = []
    lecture = Lecture("Mine", (Slide("Words"), Slide(MIXED)))
    options = {"seconds": 0.1} if ending == "pptx" else {}
    save_lecture(lecture, tmp_path / f"f.{ending}", progress=lambda *said: told.append(said), **options)
    done = [now for now, _, _ in told]
    assert done == sorted(done)
    assert told[-1][:2] == (told[0][1], told[0][1])


def test_a_stepped_pdf_has_a_page_for_each_moment(shown, tmp_path, tool):
    path = save(shown, tmp_path / "f.steps.pdf", pages=6).path
    text = subprocess.run([tool("pdftotext"), "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    assert not text.stderr
    pages = text.stdout.split("\f")[:-1]
    found = moments(shown, 6)
    assert len(pages) == len(found)
    for page, moment in zip(pages, found, strict=True):
        assert f"step {moment.step} of 12" in page
        assert "Gradient norm" in page
        assert "1+1 <b>&amp;" in page
    # The verdicts stand where they can be given.
    assert ["still moving" in page for page in pages] == [False] * 5 + [True]
    one = save(shown, tmp_path / "one.pdf", dpi=150).path
    assert path.stat().st_size < 2 * one.stat().st_size, "what stands still is there once"


def test_pages_show_the_paths_that_single_figures_show(make, tmp_path, tool):
    scene = make(n_tracks=2, n_steps=12, grid=11)
    save(scene, tmp_path / "pages.pdf.steps.pdf", pages=3, legend=False)
    save(scene, tmp_path / "figure.pdf", step=12, legend=False)
    counts = []
    for name in ("pages.pdf.steps", "figure"):
        subprocess.run([tool("pdftoppm"), "-r", "50", "-png", f"{name}.pdf", name], cwd=tmp_path, check=True)
        last = max(tmp_path.glob(f"{name}-*.png"))
        with Image.open(last) as image:
            pixels = np.asarray(image.convert("RGB"), dtype=int)
        colors = [stroke(track.style, track.variant, THEMES["light"]).color for track in scene.tracks]
        apart = [np.abs(pixels - [int(color[k : k + 2], 16) for k in (1, 3, 5)]).sum(axis=-1) for color in colors]
        counts.append([int((distance < 60).sum()) for distance in apart])
    for on_page, in_figure in zip(*counts, strict=True):
        assert in_figure > 100
        assert 0.6 < on_page / in_figure < 1.4, "the foot makes the panels a little lower"


def test_beamer_takes_words_as_text_and_frames_as_overlays(shown, tmp_path):
    path = save(shown, tmp_path / "f.beamer.zip", pages=5, size="4:3", theme="dark", address=LINK).path
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == [FRAMES, SLIDES]
        assert file.read(FRAMES).startswith(b"%PDF-")
        tex = file.read(SLIDES).decode()
    assert "aspectratio=43" in tex
    assert (
        r"\begin{frame}{=1+1 \textless{}b\textgreater{}\&amp; \textbackslash{}end\{frame\} 50\% \$x\_1\$"
        in tex.replace("} \\&", "}\\&")
    )
    assert r"\foreach \p [count=\n] in {2,...,6}" in tex
    assert rf"\href{{{LINK}?surface=escaping\_saddle\&steps=60}}" in tex


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("Where is it? η 50% x² – “é”", True),
        ("ő Ł ß ñ", True),
        ("", True),
        (CHINESE, False),
        (HEBREW, False),
        ("Ж", False),
        ("ą", False),
        ("😀", False),
    ],
)
def test_what_every_tex_sets(text, can):
    assert typesettable(text) is can


def test_words_that_tex_cannot_set_are_drawn(shown, tmp_path):
    lecture = Lecture("Mixed", (Slide("Plain", ("a % b",)), Slide(CHINESE, ("文字",), HEBREW)))
    with zipfile.ZipFile(save_lecture(lecture, tmp_path / "f.beamer.zip")) as file:
        tex = file.read(SLIDES).decode()
    plain, drawn = tex.split(r"\begin{frame}")[1:]
    assert r"\item a \% b" in plain
    assert "includegraphics" not in plain
    assert drawn.startswith("[plain]\n")
    assert r"\includegraphics<\n>[page=\p" in drawn
    assert f"% Note: {HEBREW}" in drawn
    assert "lualatex or xelatex and a font" in tex.split(r"\documentclass")[0]
    with speaking("ko"):
        save(shown, tmp_path / "g.beamer.zip", pages=2, address=LINK)
    with zipfile.ZipFile(tmp_path / "g.beamer.zip") as file:
        korean = file.read(SLIDES).decode()
    assert "컴파일" in korean
    assert "{example.org}" in korean
    for lines in (tex, korean):
        assert typesettable("".join(line for line in lines.splitlines() if not line.startswith("%")))


def program(name):
    """Return a program that is too large to ask CI for; without it the test skips."""
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


def test_latex_compiles_the_slides(shown, tmp_path):
    latex = program("pdflatex")
    save(shown, tmp_path / "f.beamer.zip", pages=3, address=LINK)
    with zipfile.ZipFile(tmp_path / "f.beamer.zip") as file:
        file.extractall(tmp_path)
    done = subprocess.run(
        [latex, "-interaction=nonstopmode", "-halt-on-error", SLIDES], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Output written on slides.pdf (3 pages" in done.stdout


def test_libreoffice_opens_the_slides(slides, tmp_path, tool):
    office = program("soffice")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(slides["light"])]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = str(tmp_path / "light.pdf")
    text = subprocess.run([tool("pdftotext"), pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "50% $x_1$" in text
    assert "Open it live at example.org" in text
    images = subprocess.run([tool("pdfimages"), "-list", pdf], capture_output=True, text=True, check=True).stdout
    assert len(images.splitlines()) > 2, "the still stands where the film is"
