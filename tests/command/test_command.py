"""The command: what it makes, what it tells, and what it returns."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import landscape as ls
from landscape.claims import CLAIMS, table
from landscape.command import ending_as_interrupted, main, parser
from landscape.command.spoken import as_asked
from landscape.figures import FIGURES
from landscape.language.pseudo import PSEUDO
from landscape.lecture import LECTURES, Lecture, Slide
from landscape.lecture.files import FORMATS as LECTURE_FORMATS
from landscape.render import FORMATS

SHORT = ls.Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-4)], n_steps=20)


@pytest.fixture
def recipe(tmp_path: Path) -> str:
    path = tmp_path / "run.json"
    path.write_text(SHORT.to_json(), encoding="utf-8")
    return str(path)


def commands() -> list[str]:
    (choices,) = (action.choices for action in parser()._actions if action.choices)
    return list(choices)


@pytest.mark.parametrize("command", commands())
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert f"landscape {command} " in said.split("positional arguments")[0].split("\n", 3)[-1], "it has an example"


def test_help_is_said_in_the_language_that_is_asked_for_before_or_behind_the_command(capsys):
    with as_asked(["claims", "--language", PSEUDO]):
        whole = parser()
        (commands,) = (action for action in whole._actions if action.choices)
        for one in (whole, *commands.choices.values()):
            texts = [one.description, *(group.title for group in one._action_groups), one.format_usage()]
            texts += [action.help for action in one._actions if action is not commands]
            assert [text for text in texts if not text.startswith("[")] == []
    assert main(["claims", "--list", "--language", "tlh"]) == main(["--lang", "ko_KR", "claims", "--list"]) == 0
    said = capsys.readouterr()
    assert "no catalogue for the language 'tlh'" in said.err
    assert "경사 하강법" in said.out
    assert parser().format_usage().startswith("usage: ")


def test_help_names_every_format_and_figure(capsys):
    for command, names in (("export", [*FORMATS, *FIGURES]), ("lecture", [*LECTURE_FORMATS, *LECTURES])):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        said = capsys.readouterr().out
        assert [name for name in names if name not in said] == []


def test_claims_are_measured_and_told(capsys, tmp_path):
    assert main(["claims", "softmax", "escape", "--seed", "3"]) == 0
    told = capsys.readouterr()
    assert "2 of 2 claims PASS" in told.out
    assert "steps of Adam" in told.out
    assert "100%  escape" in told.err
    assert main(["claims", "softmax", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "PASS"
    assert found["checks"][0]["name"] == "loss of the example"
    assert main(["claims", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CLAIMS)
    readme = tmp_path / "README.md"
    readme.write_text(f"Before.\n{table.BEGIN}\nold\n{table.END}\nAfter.\n", encoding="utf-8")
    assert main(["claims", "escape", "--readme", str(readme)]) == 0
    written = readme.read_text(encoding="utf-8")
    assert written.startswith("Before.\n")
    assert written.endswith(f"{table.END}\nAfter.\n")
    assert "| Four optimizers leave a saddle (`escape`) |" in written
    assert "old" not in written
    readme.write_text("nothing", encoding="utf-8")
    assert main(["claims", "escape", "--readme", str(readme)]) == 2
    assert "to write between" in capsys.readouterr().err


def test_a_failed_claim_is_told_by_the_status(monkeypatch, capsys):
    claim = CLAIMS["softmax"]
    wrong = replace(claim, expecting=lambda settings: {name: number + 1 for name, number in claim.expected().items()})
    monkeypatch.setitem(CLAIMS, "softmax", wrong)
    assert main(["claims", "softmax"]) == 1
    assert "0 of 1 claims PASS" in capsys.readouterr().out


@pytest.mark.parametrize("ending", [name for name in FORMATS if name not in ("mp4", "gif", "pptx", "zip")])
def test_a_recipe_becomes_a_file_of_every_format(ending, recipe, tmp_path, capsys):
    made = tmp_path / f"figure.{ending}"
    assert main(["export", recipe, "-o", str(made)]) == 0
    assert made.stat().st_size > 100
    assert capsys.readouterr().out == f"{made}\n"


def test_a_film_tells_how_far_it_is(recipe, tmp_path, capsys):
    made = tmp_path / "film.gif"
    assert main(["export", recipe, "-o", str(made), "--size", "320x180", "--seconds", "0.5", "--fps", "10"]) == 0
    assert "100%  frames" in capsys.readouterr().err
    assert made.read_bytes().startswith(b"GIF89a")


def test_options_looks_and_headline_reach_the_file(recipe, tmp_path):
    made = tmp_path / "figure.svg"
    told = ["--look", "view=relief", "--title", "Which\nway?", "--theme", "dark", "--size", "8x4.5", "--step", "3"]
    assert main(["export", recipe, "-o", str(made), *told]) == 0
    assert "Which way?" in made.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [
        Slide("A slide", experiment=SHORT).recipe(),
        Slide.of("A figure", "escape", FIGURES["escape"].recipe(), {}).recipe(),
        {"claim": "softmax", "seed": 1},
    ],
    ids=["run", "figure", "claim"],
)
def test_slides_and_results_are_recipes_too(data, tmp_path):
    path, made = tmp_path / "it.json", tmp_path / "it.svg"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main(["export", str(path), "-o", str(made)]) == 0
    assert made.stat().st_size > 1000


def test_settings_are_the_recipe_of_a_figure_that_is_named(tmp_path):
    path, made = tmp_path / "it.json", tmp_path / "it.txt"
    path.write_text('{"offset": 0.01, "curvature": 2.0}', encoding="utf-8")
    assert main(["export", str(path), "-o", str(made), "--figure", "escape"]) == 0
    assert "2" in made.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", LECTURE_FORMATS)
def test_a_lecture_becomes_a_file_of_every_format(ending, tmp_path, capsys):
    path, made = tmp_path / "mine.json", tmp_path / f"made.{ending}"
    path.write_text(Lecture("Mine", (Slide("Words"), Slide("A run", experiment=SHORT))).to_json(), encoding="utf-8")
    options = {"theme": "dark", "size": "4:3", "seconds": "0.1", "pages": "3"}
    told = [
        word
        for name, value in options.items()
        if name in LECTURE_FORMATS[ending].options
        for word in (f"--{name}", value)
    ]
    assert main(["lecture", str(path), "-o", str(made), *told]) == 0
    told = capsys.readouterr()
    assert told.out == f"{made}\n"
    assert ("100%" in told.err) == (ending != "json")
    assert made.stat().st_size > 100


def wrong_calls() -> list[tuple[str, list[str], str]]:
    """Return the name of each, the arguments and words of what is said; {} is a folder with the files of ``FILES``."""
    export = ["export", "{}/run.json", "-o"]
    return [
        ("no command", [], "required"),
        ("an unknown one", ["clams"], "invalid choice"),
        ("an unknown claim", ["claims", "escap"], "did you mean 'escape'"),
        ("a wrong seed", ["claims", "--seed", "-1"], "whole number"),
        ("a seed in other digits", ["claims", "--seed", "²"], "whole number"),
        ("a wrong port", ["app", "--port", "http"], "from 1 to 65535"),
        ("no file", ["export", "{}/nothing.json", "-o", "{}/x.pdf"], "there is no file"),
        ("a folder", ["export", "{}", "-o", "{}/x.pdf"], "is a folder"),
        ("no text", ["export", "{}/bytes.json", "-o", "{}/x.pdf"], "no text in UTF-8"),
        ("no JSON", ["export", "{}/broken.json", "-o", "{}/x.pdf"], "broken.json: not JSON"),
        ("a list", ["export", "{}/list.json", "-o", "{}/x.pdf"], "list.json: a recipe is a JSON object"),
        ("an empty recipe", ["export", "{}/empty.json", "-o", "{}/x.pdf"], "the recipe lacks surface"),
        ("a lecture", ["export", "{}/lecture.json", "-o", "{}/x.pdf"], "landscape lecture"),
        ("a slide of words", ["export", "{}/words.json", "-o", "{}/x.pdf"], "nothing to draw"),
        (
            "a slide with looks",
            ["export", "{}/words.json", "-o", "{}/x.pdf", "--look", "view=relief"],
            "it says itself",
        ),
        ("an unknown format", [*export, "{}/x.bmp"], "unknown format 'bmp'"),
        ("no ending", [*export, "{}/x"], "unknown format ''"),
        ("an unknown figure", [*export, "{}/x.pdf", "--figure", "basin"], "did you mean 'basins'"),
        ("a figure of something else", [*export, "{}/x.pdf", "--figure", "escape"], "unknown setting of escape"),
        ("an unknown look", [*export, "{}/x.pdf", "--look", "view=releif"], "did you mean 'relief'"),
        ("no look", [*export, "{}/x.pdf", "--look", "relief"], "must be NAME=CHOICE"),
        ("an option that the format has not", [*export, "{}/x.csv", "--dpi", "90"], ".csv has no --dpi"),
        ("a size of four", [*export, "{}/x.pdf", "--size", "8x5x2"], "two lengths"),
        ("no size", [*export, "{}/x.pdf", "--size", "0x5"], "inches"),
        ("a step too far", [*export, "{}/x.pdf", "--step", "21"], "from 0 to 20"),
        ("no folder to write to", [*export, "{}/none/x.pdf"], "there is no directory"),
        ("a folder in the place of the file", [*export, "{}/folder.pdf"], "is a directory"),
        ("no lecture", ["lecture", "{}/run.json", "-o", "{}/x.html"], "run.json: not a lecture"),
        ("an unknown lecture", ["lecture", "local_optimum", "-o", "{}/x.html"], "there is no file"),
        ("a lecture as a film", ["lecture", "{}/lecture.json", "-o", "{}/x.mp4"], "unknown format 'mp4'"),
        (
            "a theme for what has none",
            ["lecture", "{}/lecture.json", "-o", "{}/x.json", "--theme", "dark"],
            "no --theme",
        ),
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "folder.pdf").mkdir()
    (folder / "bytes.json").write_bytes(b"\xff\xfe\x00")
    for name, text in {
        "run": SHORT.to_json(),
        "broken": '{"surface": ',
        "list": "[]",
        "empty": "{}",
        "lecture": Lecture("Mine", (Slide("Words"),)).to_json(),
        "words": '{"title": "Words", "figure": ""}',
    }.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("arguments", "words"), [call[1:] for call in wrong_calls()], ids=[c[0] for c in wrong_calls()]
)
def test_what_is_wrong_is_said_and_nothing_is_written(arguments, words, files, capsys):
    before = sorted(files.iterdir())
    try:
        status = main([argument.replace("{}", str(files)) for argument in arguments])
    except SystemExit as left:
        status = left.code
    told = capsys.readouterr()
    assert status == 2
    assert words in told.err
    assert told.out == ""
    assert sorted(files.iterdir()) == before
    with suppress(SystemExit):
        main(["--language", PSEUDO, *(argument.replace("{}", str(files)) for argument in arguments)])
    assert words not in capsys.readouterr().err, "it is not translated"


@pytest.fixture(params=[name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)])
def ending(request):
    """A signal that ends the process, as Python starts with it, even where the tests run with it ignored (nohup, &)."""
    number = getattr(signal, request.param)
    before = signal.signal(number, signal.default_int_handler if request.param == "SIGINT" else signal.SIG_DFL)
    yield number
    signal.signal(number, before)


def test_a_stopped_export_leaves_no_file(ending, recipe, tmp_path, monkeypatch, capsys):
    def stop(*arguments: object, **options: object) -> None:
        signal.raise_signal(ending)

    before = signal.getsignal(ending)
    monkeypatch.setattr("landscape.render.paper.figure.draw", stop)
    assert main(["export", recipe, "-o", str(tmp_path / "figure.pdf")]) == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.json"]
    assert "stopped" in capsys.readouterr().err
    assert signal.getsignal(ending) is before


def test_a_signal_that_is_ignored_stays_ignored(ending):
    signal.signal(ending, signal.SIG_IGN)
    with ending_as_interrupted():
        signal.raise_signal(ending)
    assert signal.getsignal(ending) is signal.SIG_IGN


@pytest.mark.parametrize("module", ["landscape", "landscape.claims"])
def test_it_runs_as_a_module_and_bears_that_nobody_reads_on(module):
    arguments = [sys.executable, "-m", module, *(["claims"] if module == "landscape" else []), "--list"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ) as running:
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (0, b"")
