"""A table of somebody's own in a browser: a file is opened, said to be read otherwise, and drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import choose

TABLE = "Nr;Größe;Länge;Höhe;Art\r\n" + "".join(
    f"{i};{1 + i % 5},{i % 7};{i * i % 11},5;{i % 3},25;{'süß' if i % 2 else '-'}\r\n" for i in range(30)
)


def test_a_table_is_opened_and_read_otherwise(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None], tmp_path: Path
) -> None:
    path = tmp_path / "fruit.data"
    path.write_bytes(TABLE.encode("cp1252"))
    browser_page.goto(f"{app_url}/classify")
    drawn(browser_page)
    browser_page.get_by_text("Iris, 3 classes").first.click()
    browser_page.locator("input[type=file]").first.set_input_files(str(path))
    browser_page.get_by_text("Read as cp1252: semicolons, decimal comma", exact=False).wait_for()
    browser_page.get_by_text("column 'Nr' (it numbers the rows)", exact=False).wait_for()
    drawn(browser_page)
    choose(browser_page, "[aria-label*='Column of the class']", "Höhe")
    browser_page.get_by_text("class 'Höhe'", exact=False).first.wait_for()
    drawn(browser_page)
