"""What pyproject.toml cannot say: in a wheel the page lies inside the package, for ``app`` is nobody's name to take."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithPage(build_py):
    """Copies ``app/`` to where ``landscape.command.app`` looks for it."""

    def run(self) -> None:
        """Build the modules, then copy the page; what is installed to be edited has it beside the package."""
        super().run()
        if not self.editable_mode:
            place = Path(self.build_lib, "landscape", "_page", "app")
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree("app", place, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": BuildWithPage})
