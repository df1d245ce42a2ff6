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

# Answers with what is told of steps of one path: its numbers, and what the player writes of them.
TELLER = """
const texts = (values) => values.map((value) => Array.isArray(value) ? texts(value) : String(value));
const answer = ({ live, walker, start, steps, turns }) => {
  const machine = new Machine(live);
  const job = { walker, turns: turns ?? [{ from: 0, values: machine.walkers[walker].values }] };
  const [[path]] = machine.run([{ ...job, starts: [live.starts[start]], remember: true }], live.n_steps);
  const { lines } = machine.rules[machine.walkers[walker].rule];
  return steps.map((t) => {
    const { point, gradient, numbers, alone, rate } = machine.told(job, path, t);
    const written = numbers.map((column) => column.map(inNumbers));
    const rows = carriedOut(lines, numbers[0]).map((line) =>
      [`${line.target} \u2190 ${withNames(line)}`, ...written.map((own) => putIn(line, own))]);
    return { x: texts(point), g: texts(gradient), numbers: texts(numbers), alone: texts(alone), rate, rows };
  });
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
    answers = answered(scripts("speaker", "data", "live") + DRIVER, jobs, folder)
    return [answer if isinstance(answer, str) else [_numbers(path) for path in answer] for answer in answers]


def tell(jobs: list[dict[str, Any]], folder: Path) -> list[Any]:
    """Let the player's own scripts tell steps: for each job a list of dicts, whose ``rows`` are what is written."""
    answers = answered(scripts("speaker", "data", "live", "arithmetic") + TELLER, jobs, folder)
    return [[{k: v if k == "rows" else _read(v) for k, v in one.items()} for one in answer] for answer in answers]


def scripts(*names: str) -> str:
    """Return scripts of the player as one."""
    return "".join(text_of(HERE, f"{name}.js") for name in names)


def answered(script: str, jobs: list[dict[str, Any]], folder: Path) -> list[Any]:
    """Return what a script's ``answer`` says to each job."""
    node = shutil.which("node")
    if node is None:
        return list(_in_the_browser(f"(asked) => {{ {script} return asked.map(answer); }}", jobs))
    (folder / "asked.json").write_text(json.dumps(jobs), encoding="utf-8")
    main = 'const { readFileSync } = require("fs");' + script
    main += 'process.stdout.write(JSON.stringify(JSON.parse(readFileSync("asked.json")).map(answer)));'
    (folder / "main.js").write_text(main, encoding="utf-8")
    done = subprocess.run([node, "main.js"], cwd=folder, capture_output=True, text=True, timeout=300, check=True)
    return list(json.loads(done.stdout))


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


def _read(texts: Any) -> np.ndarray:
    """Return the numbers of nested lists of texts."""
    return np.array(texts, dtype=float)


def _numbers(path: dict[str, Any]) -> dict[str, Any]:
    return {
        "points": np.transpose([_read(axis) for axis in path["x"]]),
        "values": _read(path["values"]),
        "norms": _read(path["norms"]),
        "last": path["last"],
    }
