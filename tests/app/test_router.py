from __future__ import annotations

import tomllib
from pathlib import Path

from app import pages, sitemap
from landscape.picture.themes import DARK, LIGHT

ROOT = Path(__file__).parents[2]


def test_every_page_has_an_address_of_its_own() -> None:
    assert len({page.entry.url for page in sitemap.PAGES}) == len(sitemap.pages())


def test_every_file_is_a_page() -> None:
    files = {path.stem for path in Path(pages.__file__).parent.glob("*.py")} - {"__init__"}
    listed = {name for name in files if hasattr(sitemap, name)}
    assert listed == files
    assert len(sitemap.pages()) == len(files)


def test_the_page_and_the_pictures_have_one_set_of_colours() -> None:
    theme = tomllib.loads((ROOT / "app" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name, style in (("light", LIGHT), ("dark", DARK)):
        assert theme[name]["primaryColor"] == style.accent
        assert theme[name]["backgroundColor"] == style.background
        assert theme[name]["secondaryBackgroundColor"] == style.surface
        assert theme[name]["textColor"] == style.ink
        assert theme[name]["borderColor"] == style.grid
