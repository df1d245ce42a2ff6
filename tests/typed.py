"""What users write passes type checkers: ``python tests/typed.py`` runs mypy and pyright over README and tutorials.

The scripts are checked in an empty folder, against the package as it is installed there: its ``py.typed`` must be seen.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
CHECKERS = (("mypy", "--check-untyped-defs", "--warn-unused-ignores"), ("basedpyright", "--level", "error"))
BESIDE = {
    # As pyright has it; basedpyright's own rules are for the inside of a package.
    "pyrightconfig.json": json.dumps({"typeCheckingMode": "standard", "reportMissingModuleSource": False}),
    # PyTorch need not be installed for this.
    "torch.pyi": "from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n",
}
"""Files that lie in the folder with the scripts."""


def blocks() -> list[str]:
    """Return the README's blocks of Python."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)


def scripts() -> dict[str, str]:
    """Return all scripts that users are shown, by a name for each."""
    shown = {f"readme_{number}.py": text for number, text in enumerate(blocks(), 1)}
    for path in sorted((ROOT / "assets" / "docs" / "tutorials").glob("*.py")):
        shown[f"tutorial_{path.name}"] = path.read_text(encoding="utf-8")
    return shown


def main() -> int:
    """Return 1 where a checker refuses something, else 0."""
    failed = 0
    with TemporaryDirectory() as folder:
        for name, text in (scripts() | BESIDE).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        for checker, *options in CHECKERS:
            command = [str(Path(sys.executable).with_name(checker)), *options]
            if checker == "basedpyright":
                command += ["--pythonpath", sys.executable]
            failed |= subprocess.run([*command, *scripts()], cwd=folder, check=False).returncode
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
