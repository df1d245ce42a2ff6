"""Maps of basins as the browser draws them under a slider: what they take, and how they differ from the server's.

    python tests/benchmarks/bench_maps.py [pixels a side]

First 300 x 300 starts under four optimizers for 300 steps: milliseconds until the first coarse map and until all four
are painted, with shaders that are new and with those that are compiled, the longest frame of the page meanwhile, and
what all processes of the browser took of the processors.
Then the share of pixels that have another class than on the server's certified map at the same learning rates, drawn
from a payload at twice these, as under a slider. Which card renders is said first. Needs playwright and a Chromium.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

import landscape as ls
from landscape.analysis.basins import basins
from landscape.picture.numbers import typeset
from landscape.render.player.payload import player_payload
from landscape.scenes.basins import basins_scene, painting
from tests.browser.conftest import BROWSERS, FLAGS
from tests.browser.shaders import DRAWN, FITS, open_inside

RATES = {"sgd": 0.01, "momentum": 0.005, "rmsprop": 0.01, "adam": 0.1}
CARD = """() => {
  const { gl } = endsOf();
  return gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info").UNMASKED_RENDERER_WEBGL);
}"""


def recipe(surface: str, factor: float, n_steps: int) -> ls.Experiment:
    """Return four optimizers at so many times their rates."""
    walkers = tuple(ls.optimizer(name, learning_rate=factor * rate) for name, rate in RATES.items())
    return ls.Experiment(surface, walkers, [ls.SURFACES[surface].domain.lower], n_steps)


def payload(x: ls.Experiment, side: int) -> dict[str, Any]:
    """Return what a player of the map is given."""
    return player_payload(basins_scene(basins(x.surface, x.optimizers, (side, side), x.n_steps), x.run()))


def took(page: Any, rounds: int = 5) -> None:
    """Print what the maps of the issue take."""
    given = payload(recipe("himmelblau", 1.0, 300), 300)
    every: list[dict[str, Any]] = []
    browser = psutil.Process()

    def spent() -> float:
        times = [one.cpu_times() for one in browser.children(recursive=True)]
        return 1000 * sum(one.user + one.system for one in times)

    for k in range(rounds + 1):
        before = spent()
        # Other rates each time: nothing is known but the shaders.
        found = page.evaluate(DRAWN, [given, [rate * (1 + 0.01 * k) for rate in RATES.values()]])
        every.append(found | {"spent": spent() - before})
    for title, those in (("new shaders", every[:1]), ("compiled", every[1:])):
        rows = [(one["levels"][0][1], one["took"], one["gap"], one["spent"]) for one in those]
        coarse, whole, gap, busy = map(statistics.median, zip(*rows, strict=True))
        told = f"first {coarse:.0f} ms, all {whole:.0f} ms, longest frame {gap:.0f} ms, processors {busy:.0f} ms"
        print(f"300 x 300 x 4 x 300, {title}: {told}", flush=True)


def differs(page: Any, side: int) -> None:
    """Print a row a surface, a column an optimizer."""
    print(f"percent of {side} x {side} pixels with another class, after 300 steps: {', '.join(RATES)}")
    for name, surface in ls.SURFACES.items():
        if surface.n_dims != 2:
            continue
        given, now = payload(recipe(name, 2.0, 300), side), recipe(name, 1.0, 300)
        if not given["live"] or "map" not in given["live"] or not page.evaluate(FITS, given):
            print(f"    {name:26s} left to the server")
            continue
        drawn = page.evaluate(DRAWN, [given, list(RATES.values())])
        expected = painting(basins(surface, now.optimizers, (side, side), 300))
        names = np.array([typeset(one) for one in expected.names])[expected.classes.astype(int)]
        found = np.array(drawn["names"])[np.array(drawn["maps"])].reshape(names.shape)
        shares = 100 * (found != names).mean(axis=(1, 2))
        print(f"    {name:26s}" + "".join(f"{share:8.2f}" for share in shares), flush=True)


def main(side: int) -> None:
    """Print both tables."""
    path = next(path for one in BROWSERS if (path := shutil.which(one)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = open_inside(browser)
        print(page.evaluate(CARD))
        took(page)
        differs(page, side)
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
