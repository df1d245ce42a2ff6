"""Importing stays light, and what is public is there. That imports go one way is held in pyproject.toml."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HEAVY = ("sympy", "matplotlib", "numba", "av", "plotly", "streamlit", "scipy.optimize", "pandas", "babel")


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, landscape; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    import landscape

    for name in landscape.__all__:
        assert getattr(landscape, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        landscape.no_such_name  # noqa: B018


def test_type_checkers_see_the_names_that_are_loaded_later():
    import landscape

    tree = ast.parse(Path(landscape.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.name: imported.module
        for branch in tree.body
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for imported in branch.body
        if isinstance(imported, ast.ImportFrom)
        for alias in imported.names
    }
    assert seen == landscape._LATER
    assert seen.keys() <= set(landscape.__all__)


def test_the_lower_bounds_that_are_tested_are_those_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {*project["dependencies"], *project["optional-dependencies"]["test"]}
    lines = (ROOT / "tests" / "lower-bounds.txt").read_text(encoding="utf-8").splitlines()
    tested = {line for line in lines if not line.startswith("#")}
    assert tested == {bound.replace(">=", "==") for bound in declared}


def test_citation_and_changelog_are_of_this_version() -> None:
    from landscape.version import __version__

    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {__version__}" in (ROOT / "assets" / "docs" / "changelog.md").read_text(encoding="utf-8")
