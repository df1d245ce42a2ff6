"""Pairs of surface and rule, and a reader in the browser's language to judge: Node where it is, else the browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.render.files import text_of
from landscape.render.player.payload import HERE
from landscape.surfaces.base import Surface

N_STEPS, N_STARTS = 200, 4
RULES = {key: rule for key, rule in OPTIMIZERS.items() if issubclass(rule, ElementwiseOptimizer)}

# Reads jobs from a file, answers with what the machine found, or the error's sentence.
DRIVER = """
const wide = (path) => Object.fromEntries(Object.entries(path).map(([k, v]) =>
  [k, k === "x" ? v.map((c) => Array.from(c, String)) : typeof v === "number" || !v ? v : Array.from(v, String)]));
const answer = ({ live, steps, turns }) => {
  try {
    const machine = new Machine(live);
    const jobs = machine.walkers.map(({ values }, walker) =>
      ({ walker, starts: live.starts, turns: turns?.[walker] ?? [{ from: 0, values }] }));
    return machine.run(jobs, steps ?? live.n_steps).flat().map(wide);
  } catch (error) {
    return error.message;
  }
};
"""


def starts_of(surface: Surface) -> np.ndarray:
    """The starts of a surface's pairs."""
    return surface.domain.sample(np.random.default_rng(0), N_STARTS)


def plain(live: dict[str, Any]) -> dict[str, Any]:
    """What the player has in hand once it has put the arrays back."""
    factors = live.get("factors")
    return live | {"factors": None if factors is None else [float(f) for f in factors]}


def run(jobs: list[dict[str, Any]], folder: Path) -> list[Any]:
    """Let the player's own script answer; paths come as dicts of arrays, refusals as sentences."""
    script = text_of(HERE, "live.js") + DRIVER
    node = shutil.which("node")
    if node is None:
        answers = _in_the_browser(f"(asked) => {{ {script} return asked.map(answer); }}", jobs)
    else:
        (folder / "asked.json").write_text(json.dumps(jobs), encoding="utf-8")
        main = 'const { readFileSync } = require("fs");' + script
        main += 'process.stdout.write(JSON.stringify(JSON.parse(readFileSync("asked.json")).map(answer)));'
        (folder / "main.js").write_text(main, encoding="utf-8")
        done = subprocess.run([node, "main.js"], cwd=folder, capture_output=True, text=True, timeout=300, check=True)
        answers = json.loads(done.stdout)
    return [answer if isinstance(answer, str) else [_numbers(path) for path in answer] for answer in answers]


def _in_the_browser(function: str, jobs: list[dict[str, Any]]) -> Any:
    """Return what a function of the jobs returns in the system's Chromium."""
    from playwright.sync_api import sync_playwright

    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.skip("neither Node nor a Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        answers = browser.new_page().evaluate(function, jobs)
        browser.close()
    return answers


def _numbers(path: dict[str, Any]) -> dict[str, Any]:
    def read(texts: list[str]) -> np.ndarray:
        return np.array([float(text.replace("Infinity", "inf")) for text in texts])

    return {
        "points": np.transpose([read(axis) for axis in path["x"]]),
        "values": read(path["values"]),
        "norms": read(path["norms"]),
        "last": path["last"],
    }
