"""Try the worst links and files of every page on the real server, watching its memory and the clock; print the figures.

    python tests/worst_links.py

Each must be answered, with a picture or a refusal, within 30 s, and the server may take 1.5 GiB more than it does at
rest. Needs Linux and a Chromium; ends with 1 where one fails.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SECONDS = 30.0
GIB = 1024**3
ROOM = 1.5 * GIB

EVERY_OPTIMIZER = "sgd;adam;newton;saddle_free_newton;lbfgs;trust_region"
TABLE = json.dumps({"data": {"name": "blobs", "n": 20_000, "n_classes": 8}})
PERCEPTRON = json.dumps({"data": {"name": "digits"}, "widths": [1000] * 8})

# The page, and the parameters of its address.
WORST: list[tuple[str, dict[str, str]]] = [
    ("", {"surface": "rastrigin", "n_dims": "10000000", "start": "random:200,seed:0"}),
    ("", {"surface": "rastrigin", "n_dims": "9" * 400}),
    ("", {"surface": "himmelblau", "start": "random:200", "opt": ";".join(["trust_region"] * 5), "steps": "600"}),
    ("", {"surface": "himmelblau", "start": "grid:4000", "steps": "60000"}),
    ("", {"surface": "himmelblau", "start": "grid:99999999x99999999"}),
    ("", {"surface": "escaping_saddle", "opt": ";".join(["sgd"] * 5000), "steps": "60000"}),
    ("", {"formula": "+".join(["sin(x*y)^3"] * 2000)}),
    ("", {"formula": "cosh(" * 16 + "x" + ")" * 16, "steps": "60000"}),
    ("", {"formula": "x" * 20_000}),
    ("", {"formula": "cos(x^2*y^2)", "domain": "-20,20,-20,20", "overlay": "manifolds"}),
    ("", {"formula": "sin(99x)*cos(99y)", "domain": "-100,100,-100,100", "overlay": "manifolds"}),
    ("", {"surface": "himmelblau", "opt": "lbfgs", "steps": "60000"}),
    ("", {"surface": "ackley", "opt": ";".join(["perturbed_gd"] * 5), "start": "random:200", "steps": "600"}),
    ("", {"title": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "steps": "9" * 401}),
    ("classify", {"surface": "softmax", "net": '{"data":{"name":"digits"}}', "opt": "newton", "steps": "2200"}),
    ("classify", {"surface": "softmax", "net": '{"data":{"name":"digits"}}', "opt": EVERY_OPTIMIZER, "steps": "5000"}),
    (
        "classify",
        {"surface": "softmax", "net": TABLE, "opt": "trust_region;adam", "steps": "5000", "start": "random:4"},
    ),
    ("classify", {"surface": "perceptron", "net": PERCEPTRON}),
    ("trained-networks", {"width": "16", "depth": "3", "n_steps": "1000", "data": "spirals", "view": "spectrum"}),
    ("trained-networks", {"width": "1e9", "depth": "3", "n_steps": "1e9"}),
    ("first-program", {"steps": "1000000000", "opt": ";".join(["newton"] * 100)}),
    ("many-dimensions", {"surface": "p_spin", "n_dims": "10000", "p.p": "2", "steps": "20"}),
    ("many-dimensions", {"surface": "p_spin", "n_dims": "400", "p.p": "3", "steps": "20000", "start": "random"}),
    ("many-dimensions", {"surface": "gaussian_field", "n_dims": "10000", "p.n_waves": "13000", "start": "random"}),
    ("many-dimensions", {"surface": "phase_retrieval", "n_dims": "4000", "start": "random", "steps": "20"}),
    ("many-dimensions", {"surface": "two_point_saddle", "n_dims": "1000", "opt": "newton", "steps": "20000"}),
    ("many-dimensions", {"surface": "two_point_saddle", "n_dims": "10000", "opt": "adam;sgd", "steps": "12000"}),
    ("which-minimum", {"opt": "newton;trust_region", "steps": "10000", "pixels": "400"}),
    ("which-minimum", {"surface": "ackley", "opt": "sgd;adam;rmsprop", "steps": "10000", "start": "grid:3000"}),
    ("fair-comparison", {"opt": EVERY_OPTIMIZER, "start": "random:100", "steps": "200", "maps": "on"}),
    ("fair-comparison", {"opt": "sgd;momentum;adam", "start": "grid:4000", "steps": "100000", "maps": "on"}),
    ("fair-comparison", {"opt": "sgd;momentum;adam", "steps": "1000000", "maps": "on"}),
    ("swarm", {"surface": "himmelblau", "start": "grid:99999999x99999999", "opt": EVERY_OPTIMIZER, "steps": "1000000"}),
    ("swarm", {"surface": "ackley", "start": "random:50000", "opt": ";".join(["adam"] * 8), "steps": "1000"}),
    ("swarm", {"surface": "plateau", "start": "random:50000", "opt": "sgd;momentum;rmsprop;adam", "steps": "200"}),
    ("off-a-saddle", {"curvature": "1e-300", "offset": "1e-300"}),
    ("off-a-saddle", {"curvature": "nan", "offset": "9" * 400}),
    ("how-many-minima", {"n": "1000000000"}),
    ("how-many-minima", {"n": "100"}),
    ("how-do-you-know", {"claim": "random_landscapes", "p.dimensions": "1e9", "seed": "9" * 400}),
    ("how-do-you-know", {"claim": "width", "p.nothing": "nan"}),
    ("give-a-lecture", {"lecture": "x" * 20_000, "slide": "9" * 400}),
]


def _lecture(old: str = "", new: str = "", **experiment: Any) -> bytes:
    """Return a lecture of one slide, with changes to its experiment and then to its text."""
    run = {"surface": {"name": "himmelblau"}, "optimizers": [{"name": "sgd"}], "starts": [[1.0, 1.0]], "n_steps": 100}
    slides = [{"title": "A slide", "experiment": run | experiment}]
    return json.dumps({"format": 1, "lecture": "Mine", "slides": slides}).replace(old, new).encode()


# The page, the text to click until there is a box for files, what the file is, its name and its bytes.
FILES: list[tuple[str, str, str, str, Callable[[], bytes]]] = [
    *(
        ("classify", "Iris, 3 classes", what, "table.csv", made)
        for what, made in (
            ("2 rows of 100,000 columns", lambda: b"\n".join([b",".join([b"1"] * 100_000)] * 2)),
            ("200,000 rows of 3 columns", lambda: b"1,2,x\n3,4,y\n" * 100_000),
            ("one line of 30 MB", lambda: b"1," * 15_000_000),
            ("one line of 2 MB", lambda: b"1;" * 990_000),
            ("one cell of 2 MB", lambda: b"a,b,k\n1,2,x\n2,3," + b"y" * 1_900_000),
            ("one quotation mark", lambda: b"a,b,k\n" + b'1,2,"x\n' * 200_000),
            ("1,000 columns, 900 classes", lambda: _table(900, 1_000)),
            ("90,000 rows, 50 classes", lambda: _table(90_000, 2, classes=50)),
            ("400,000 empty lines", lambda: b"a,b,k\n1,2,x\n" + b"\n" * 400_000 + b"2,3,y\n"),
            ("comments alone", lambda: b"# x\n" * 400_000),
            ("noise", lambda: random.Random(0).randbytes(1_900_000)),
            ("noise of foreign letters", lambda: bytes(random.Random(0).choices(range(0xA1, 0xFF), k=1_900_000))),
        )
    ),
    *(
        ("give-a-lecture", "The problem of local optima", what, "lecture.json", made)
        for what, made in (
            ("10,000,000 steps", lambda: _lecture(n_steps=10_000_000)),
            ("a rate that is no number", lambda: _lecture('"sgd"', '"sgd", "learning_rate": NaN')),
            ("a lone surrogate as title", lambda: _lecture('"A slide"', '"\\ud800"')),
            ("a rate of 401 digits", lambda: _lecture('"sgd"', f'"sgd", "learning_rate": {"9" * 401}')),
            ("nested 10,000 deep", lambda: _lecture("[[1.0, 1.0]]", "[" * 10_000 + "]" * 10_000)),
            ("50,000 starts", lambda: _lecture(starts=[[1.0, 1.0]] * 50_000)),
            ("10,000,000 dimensions", lambda: _lecture(surface={"name": "p_spin", "n_dims": 10_000_000})),
            ("100,000 slides", lambda: json.dumps({"slides": [{"title": "x"}] * 100_000}).encode()),
        )
    ),
]


def _table(rows: int, columns: int, classes: int = 0) -> bytes:
    """Return a table of digits whose last column is the class, one for each row where there are not fewer."""
    draw = random.Random(0)
    lines = (
        ",".join([*(str(draw.randrange(10)) for _ in range(columns - 1)), f"c{i % (classes or rows)}"])
        for i in range(rows)
    )
    return "\n".join(lines).encode()


def opened(url: str, query: dict[str, str]) -> tuple[str, ...]:
    """Read a link as its page does, and ask the page's rules: return what was refused, without drawing anything."""
    from app import pages

    modules = (import_module(f"app.pages.{found.name}") for found in iter_modules(pages.__path__))
    rules = next(module.page.rules for module in modules if module.page.entry.url == (url or "watch"))
    recipe, problems = rules.read(query, rules.first())
    try:
        rules.allow(recipe)
    except (ValueError, TypeError) as error:
        return (*problems, str(error))
    return problems


def _memory(pid: int) -> int:
    """Return the bytes that a process holds now."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines())
    return 1024 * int(fields["VmRSS"].split()[0])


def main() -> int:
    """Open every link in a tab of its own, one after the other."""
    from playwright.sync_api import TimeoutError, sync_playwright

    from tests.browser.conftest import BROWSERS, FLAGS, running

    browser_path = next(path for name in BROWSERS if (path := shutil.which(name)))
    failed = 0
    with (
        tempfile.TemporaryDirectory() as made_here,
        running(folder := Path(made_here)) as (url, pid),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=browser_path, args=FLAGS)
        _answered(browser.new_page(), url)
        rest = _memory(pid)
        print(f"at rest {rest / GIB:.2f} GiB")

        def tried(what: str, asked: Callable[[Any], None]) -> None:
            nonlocal failed
            tab, began = browser.new_page(), time.monotonic()
            tab.set_default_timeout(1000 * SECONDS)
            watching = Watch(pid)
            try:
                asked(tab)
                answer = "answered"
            except TimeoutError:
                answer = "NOT ANSWERED"
            most, seconds = watching.stop(), time.monotonic() - began
            tab.close()
            bad = answer != "answered" or most > rest + ROOM
            failed += bad
            print(
                f"{'FAILED' if bad else 'ok':6} {seconds:5.1f} s  +{max(most - rest, 0) / GIB:5.2f} GiB  {answer:12}  "
                f"/{what[:100]}{'...' if len(what) > 100 else ''}",
                flush=True,
            )

        for where, query in WORST:
            address = f"{where}?{urlencode(query)}"
            tried(address, lambda tab, address=address: _answered(tab, f"{url}/{address}"))
        for where, click, what, name, made in FILES:
            path = folder / name
            path.write_bytes(made())
            tried(f"{where}: {what}", lambda tab, at=(f"{url}/{where}", click, path): _opened(tab, *at))
        browser.close()
    n = len(WORST) + len(FILES)
    print(f"{n - failed} of {n} links and files are answered within {SECONDS:g} s and {ROOM / GIB:g} GiB")
    return int(failed > 0)


class Watch:
    """The most memory that a process holds, looked at twenty times a second in a thread."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most, self._going = pid, 0, True
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while self._going:
            self.most = max(self.most, _memory(self.pid))
            time.sleep(0.05)

    def stop(self) -> int:
        """Return it."""
        self._going = False
        self._thread.join()
        return self.most


def _answered(tab: Any, address: str) -> None:
    """Open an address and wait until the script of its page is through; a picture or a refusal is there then."""
    tab.goto(address)
    tab.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"] [data-testid="stMarkdown"]')


def _opened(tab: Any, address: str, click: str, path: Path) -> None:
    """Open a file on a page and wait for what is said of it, by us or by the box that takes it."""
    _answered(tab, address)
    tab.get_by_text(click).first.click()
    tab.locator("input[type=file]").first.set_input_files(path)
    told = "[data-testid=stAlert], [data-testid=stFileUploader] [role=alert]"
    tab.locator(told).or_(tab.get_by_text("Read as", exact=False)).first.wait_for()
    tab.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


if __name__ == "__main__":
    sys.exit(main())
