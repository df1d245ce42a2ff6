"""What tests of several rooms share."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def tool():
    """Return a function that finds a program; without it the test skips, except where CI is set: there it fails."""

    def find(name):
        path = shutil.which(name)
        if path is None:
            reason = f"{name} is not installed"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        return path

    return find
