"""The version of the package, read by pyproject.toml, captions and scripts."""

__version__ = "0.1.0"
"""The version of the package: major.minor.patch."""
