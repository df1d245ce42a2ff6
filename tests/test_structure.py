"""The house holds: imports go one way, importing stays light, and every page and room is where it should be."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "landscape"

# Lower rooms first. A module may import, when it is loaded, from its own room and from rooms before it.
# What a fluent method needs from a later room (Run.scene, Scene.save) it imports when it is called.
ORDER = (
    ("errors", "parameter", "stopping", "version", "words", "declared"),
    ("surfaces",),
    ("curvature",),
    ("optimizers",),
    ("picture",),
    ("recipe",),
    ("descent",),
    ("ensemble",),
    ("theory",),
    ("analysis",),
    ("experiment",),
    ("render",),
    ("scene",),
    ("scenes",),
    ("claims",),
    ("lecture",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
HEAVY = ("sympy", "matplotlib", "numba", "av", "plotly", "streamlit", "scipy.optimize", "pandas", "charset_normalizer")


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports_when_loaded(path: Path) -> list[str]:
    """The modules that a file imports at its top level, type checking apart."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def files(top: Path) -> list[Path]:
    return sorted(path for path in top.rglob("*.py") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("path", files(PACKAGE), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in imports_when_loaded(path):
        assert not module.startswith("app"), f"{path.name} imports {module}: the package never imports the app"
        room = room_of(module)
        if not module.startswith("landscape.") or own in ("__init__", "__main__"):
            continue
        assert room in RANK, f"{module} is in no room of the order"
        assert RANK[room] <= RANK[own], f"{own} imports {module}, which comes later"


def test_surfaces_and_optimizers_do_not_know_each_other():
    for room, other in (("surfaces", "optimizers"), ("optimizers", "surfaces")):
        for path in files(PACKAGE / room):
            assert not any(m.startswith(f"landscape.{other}") for m in imports_when_loaded(path)), path


def test_pages_hold_no_mathematics_and_no_drawing():
    for path in files(ROOT / "app" / "pages"):
        for module in imports_when_loaded(path):
            assert module.split(".")[0] not in ("numpy", "scipy", "sympy", "plotly", "matplotlib"), (path, module)


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


def test_the_lower_bounds_that_are_tested_are_those_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {*project["dependencies"], *project["optional-dependencies"]["test"]}
    lines = (ROOT / "tests" / "lower-bounds.txt").read_text(encoding="utf-8").splitlines()
    tested = {line for line in lines if not line.startswith("#")}
    assert tested == {bound.replace(">=", "==") for bound in declared}
