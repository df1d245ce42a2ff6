"""What the README shows runs as it stands there."""

import re
from pathlib import Path

import pytest

from landscape.claims import CLAIMS
from tests.typed import blocks

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = blocks()


def test_the_two_commands_stand_on_the_first_screen():
    first = README.splitlines()[:15]
    venv = "python3 -m venv .venv && .venv/bin/pip install -e "
    assert f"    {venv}. && .venv/bin/streamlit run app/main.py" in first
    assert f'    {venv}".[test]" && .venv/bin/pytest -n 2 --dist loadfile' in first
    assert f'{venv.replace("pip install", "pip install -q")}".[test]" && .venv/bin/pytest -n 2 --dist loadfile' in (
        ROOT / ".ci" / "run"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_of_code_runs(number, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[number], f"README block {number + 1}", "exec"), {})
    assert capsys.readouterr().out or list(tmp_path.iterdir())


def test_pictures_and_files_that_it_names_are_there():
    for name in re.findall(r"\]\(([^)#]+)\)|`((?:landscape|app|tests|assets)/[\w./]*)`", README):
        path = next(filter(None, name))
        assert path.startswith("http") or (ROOT / path).exists(), path
    for script in re.findall(r"`(bench_\w+\.py)`", README):
        assert (ROOT / "tests" / "benchmarks" / script).exists(), script


def commands(text):
    """Return the commands in a text's indented blocks, without the words that stand beside them."""
    return [re.split(r" {2,}", line.strip())[0] for line in re.findall(r"(?m)^ {4}\S.*$", text)]


def test_the_korean_readme_has_its_commands_and_code_and_names_what_is_there():
    korean = (ROOT / "README.ko.md").read_text(encoding="utf-8")
    outside = re.sub(r"(?ms)^```.*?^```", "", korean)
    assert commands(outside)[:2] == commands(README)[:2]
    assert set(commands(outside)) <= set(commands(README))
    assert [line for line in commands(README) if line.startswith("landscape ")] == commands(outside)[2:]
    assert set(re.findall(r"(?ms)^```python\n(.*?)^```", korean)) <= set(BLOCKS)
    assert "(README.ko.md)" in README
    for name, part in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", korean):
        text = (ROOT / name).read_text(encoding="utf-8") if name.endswith(".md") else ""
        assert (ROOT / name).exists(), name
        titles = [
            re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in re.findall(r"(?m)^#+ (.*)$", text)
        ]
        assert not part or part in titles, part
    # landscape --language ko claims --readme README.ko.md
    row = re.compile(r"(?m)^\|.*\(`(\w+)`\) \|.*?\| ([-+e.\d]+) \| ([-+e.\d]+) \|")
    assert row.findall(korean) == row.findall(README)
    assert len(row.findall(korean)) == len(CLAIMS)
