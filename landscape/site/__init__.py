"""A folder of static pages: every surface with its lesson, every claim, and lectures; it needs no server."""

from landscape.site.write import site

__all__ = ["site"]
