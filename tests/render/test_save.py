"""``save``: the format from the name, whole or not at all."""

import errno
import os
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path

import pytest

import landscape as ls
from landscape.errors import UnknownName
from landscape.render import FORMATS, save, to_bytes
from landscape.render.files import atomic
from landscape.render.words import texts
from landscape.render.words.caption import caption_of
from landscape.stopping import Cancelled

QUICK = {
    "mp4": {"size": (192, 108), "seconds": 0.2},
    "gif": {"size": (192, 108), "seconds": 0.2},
    "pptx": {"size": (2, 1.5), "seconds": 0.1, "hold": 0},
    "png": {"dpi": 30},
}
PLAIN = [ending for ending in FORMATS if ending not in ("zip", "py")]


@pytest.mark.parametrize("ending", PLAIN)
def test_the_ending_names_the_format(ending, tiny, tmp_path):
    saved = tiny.save(tmp_path / f"안장 1.{ending.upper()}", **QUICK.get(ending, {}))
    assert saved.path == tmp_path / f"안장 1.{ending.upper()}"
    assert saved.caption == caption_of(tiny)
    starts = {
        "pdf": b"%PDF-", "svg": b"<?xml", "png": b"\x89PNG", "mp4": b"\0\0\0", "gif": b"GIF89a", "html": b"<!DOCTYPE h",
        "csv": b"track,optimizer,", "npz": b"PK", "json": b"{", "tex": b"\\begin", "md": b"![", "txt": b"Tiny. ",
        "pptx": b"PK", "steps.pdf": b"%PDF-", "beamer.zip": b"PK",
    }  # fmt: skip
    assert saved.path.read_bytes().startswith(starts[ending])
    assert [p.name for p in tmp_path.iterdir()] == [saved.path.name]


def test_bytes_are_those_of_the_file(tiny, tmp_path):
    assert to_bytes(tiny, ".SVG", dpi=40) == save(tiny, tmp_path / "f.svg", dpi=40).path.read_bytes()


@pytest.mark.parametrize("ending", PLAIN)
def test_an_open_file_gets_what_a_path_would(ending, tiny, tmp_path):
    options = QUICK.get(ending, {})
    with (tmp_path / "open").open("wb") as file:
        assert tiny.save(file, format=ending, **options).path == tmp_path / "open"
    assert tiny.save(tmp_path / "named", format=f".{ending.upper()}", **options).path == tmp_path / "named"
    assert (tmp_path / "open").read_bytes() == (tmp_path / "named").read_bytes()
    text = StringIO()
    if ending in ("svg", "html", "csv", "json", "tex", "md", "txt"):
        assert tiny.save(text, format=ending, **options).path == Path("")
        assert text.getvalue().encode() == (tmp_path / "open").read_bytes()
    else:
        with pytest.raises(TypeError, match=f"{ending} is no text: open the file for bytes"):
            tiny.save(text, format=ending, **options)


@pytest.mark.parametrize(
    ("target", "refusal", "message"),
    [
        (BytesIO(), ValueError, "an open file has no ending.*format='pdf'"),
        (3, TypeError, "not int"),
        (None, TypeError, "N"),
    ],
)
def test_what_is_no_file_is_refused(target, refusal, message, tiny):
    with pytest.raises(refusal, match=message):
        tiny.save(target)
    with pytest.raises(UnknownName, match="pdf, svg"):
        tiny.save(BytesIO(), format="docx")


@pytest.mark.parametrize("ending", [ending for ending in PLAIN if FORMATS[ending].has_panels])
def test_every_format_shows_the_panels_that_are_asked_for(ending, scene, tmp_path):
    options = QUICK.get(ending, {})
    few = scene.save(tmp_path / f"few.{ending}", panels=["loss"], **options).path
    assert few.read_bytes() == save(scene.only(["loss"]), tmp_path / f"f.{ending}", **options).path.read_bytes()
    with pytest.raises(UnknownName, match=r"unknown panel 'losses'; did you mean 'loss'.*there are: map, loss"):
        scene.save(tmp_path / f"f.{ending}", panels=["losses"])


@pytest.mark.parametrize("ending", [ending for ending, kind in FORMATS.items() if not kind.has_panels])
def test_words_have_no_panels(ending, scene, tmp_path):
    with pytest.raises(TypeError, match=f"{ending} has no panels to choose from"):
        scene.save(tmp_path / f"f.{ending}", panels=["loss"])


@pytest.mark.parametrize("name", ["f.docx", "f", ".pdf", "f.pdf.", "f.webm"])
def test_an_unknown_format_lists_those_there_are(name, scene, tmp_path):
    with pytest.raises(UnknownName, match=", ".join(FORMATS)):
        save(scene, tmp_path / name)
    with pytest.raises(UnknownName, match="pdf, svg, png"):
        to_bytes(scene, "docx")
    assert not list(tmp_path.iterdir())


def test_an_option_that_a_format_lacks_is_refused(scene, tmp_path):
    with pytest.raises(TypeError, match=r"csv has no option 'theme'; it has: comments, address"):
        save(scene, tmp_path / "f.csv", theme="dark")
    with pytest.raises(TypeError, match="pdf has no option 'seconds'; it has: size, theme, dpi"):
        save(scene, tmp_path / "f.pdf", seconds=3)


def test_a_full_disk_leaves_what_was_there(scene, tmp_path, monkeypatch):
    (tmp_path / "f.csv").write_text("older")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    from landscape.render.words import tables

    monkeypatch.setattr(tables, "table_of", full)
    with pytest.raises(OSError, match="No space left"):
        save(scene, tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("ending", [ending for ending in FORMATS if ending != "py"])
def test_a_disk_that_is_really_full(ending, tiny, monkeypatch, tmp_path):
    """Every writer meets the device that is always full: the error comes out, and no file."""
    from contextlib import contextmanager

    @contextmanager
    def on_a_full_disk(path):
        with atomic(path) as part:
            part.unlink()
            part.symlink_to("/dev/full")
            yield part

    monkeypatch.setattr("landscape.render.formats.atomic", on_a_full_disk)
    options = QUICK.get(ending, {})
    if ending == "zip":
        options = {"seconds": 0.1, "video_size": (96, 96), "gif_size": (96, 96)}
    with pytest.raises(OSError, match="No space left"):
        save(tiny, tmp_path / f"f.{ending}", **options)
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_be_written_are_named(scene, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no directory .*missing"):
        save(scene, tmp_path / "missing" / "f.pdf")
    (tmp_path / "d.pdf").mkdir()
    with pytest.raises(IsADirectoryError, match=r"d\.pdf is a directory"):
        save(scene, tmp_path / "d.pdf")
    (tmp_path / "closed").mkdir(mode=0o500)
    if os.geteuid() != 0:
        with pytest.raises(PermissionError):
            save(scene, tmp_path / "closed" / "f.txt")


def write_half(target):
    with atomic(target) as part:
        part.write_text("half")
        raise KeyboardInterrupt


def test_atomic_files_have_the_usual_rights_and_follow_links(tmp_path):
    (tmp_path / "plain").touch()
    target, link = tmp_path / "there" / "t.txt", tmp_path / "link.txt"
    target.parent.mkdir()
    link.symlink_to(target)
    with atomic(link) as part:
        assert part.parent == target.parent
        assert part.suffix == ".txt"
        part.write_text("x")
        assert not target.exists()
    assert link.is_symlink()
    assert target.read_text() == "x"
    assert target.stat().st_mode == (tmp_path / "plain").stat().st_mode
    with pytest.raises(KeyboardInterrupt):
        write_half(target)
    assert target.read_text() == "x"
    assert len(list(target.parent.iterdir())) == 1


def test_a_name_as_long_as_names_may_be(tmp_path):
    with atomic(tmp_path / ("n" * 250 + ".txt")) as part:
        part.write_text("x")
    assert (tmp_path / ("n" * 250 + ".txt")).read_text() == "x"


def test_cancelled_is_not_swallowed_by_handlers_of_bad_values():
    assert not issubclass(Cancelled, ValueError | OSError)


def test_the_script_makes_the_same_scene_in_a_fresh_interpreter(tmp_path):
    experiment = ls.Experiment("escaping_saddle", ("sgd", "adam"), [(1.0, 1e-3), (-1.2, 0.5)], 40, seed=5)
    scene = experiment.run().scene()
    script = scene.save(tmp_path / "again.py").path
    scene.save(tmp_path / "here.csv")
    code = f"import runpy; runpy.run_path({str(script)!r})['experiment'].run().scene().save('there.csv')"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


@pytest.mark.parametrize(
    "look",
    [{"relief": True}, {"log_color": False}, {"dashed": True}, {}],
    ids=["relief", "linear colour", "dashes", "map"],
)
def test_the_script_draws_the_view_that_was_saved(look, tmp_path):
    experiment = ls.Experiment("himmelblau", ("sgd",), [(0.0, 0.0)], 5)
    script = experiment.run().scene(**look).save(tmp_path / "again.py").path.read_text(encoding="utf-8")
    drawn = f"run.scene({', '.join(f'{name}={value}' for name, value in look.items())})"
    assert drawn in script
    assert "# The run behind" not in script


def test_the_recipe_opens_again(tmp_path):
    experiment = ls.Experiment("saddle", ("adam",), [(1.0, 1e-3)], 5)
    path = experiment.run().scene().save(tmp_path / "r.json").path
    assert ls.Experiment.from_json(path.read_text(encoding="utf-8")) == experiment


def test_a_scene_without_an_experiment_has_no_script(curve, tmp_path):
    with pytest.raises(ValueError, match="no recipe that a script could follow"):
        save(curve, tmp_path / "f.py")
    assert not list(tmp_path.iterdir())
    assert texts.write_txt(curve, tmp_path / "t.txt") == []


def test_saving_a_table_loads_no_drawing_library(tmp_path):
    code = (
        "import sys, numpy as np; from landscape.picture.scene import *; from landscape.scene import Scene\n"
        "p = Panel('p', 'P', Axis('step'), Axis('y'), (Path('t', np.arange(2.0), np.arange(2.0)),))\n"
        "Scene('S', (p,), (Track('t', 't', 't', 'sgd', 1),), 1, (('p',),), (1.0,)).save('d.csv')\n"
        "print([m for m in ('matplotlib', 'av', 'plotly', 'PIL', 'sympy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
