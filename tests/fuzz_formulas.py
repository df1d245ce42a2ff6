"""Type formulas at random and see what comes of them: a surface that can be worked with, or a refusal.

    python tests/fuzz_formulas.py 100000            # that many strings; figures at the end
    python tests/fuzz_formulas.py 100000 --seed 7

Strings are drawn from a grammar, cut, spliced and sprinkled with other signs. Of each accepted one the value, gradient
and Hessian are computed on a grid of its box and its LaTeX is written; of one in a hundred a descent is drawn as well.
Counted are strings that end otherwise than in a surface or a ``FormulaError``, and those that take more than a second
of processor time.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

import numpy as np

import landscape as ls
from landscape.surfaces.formula.words import FUNCTIONS

PAIRS = (
    ("x", "y"),
    ("x",),
    ("w",),
    ("u", "v"),
    ("x1", "x2"),
    ("x₁", "x₂"),
    ("θ", "φ"),
    ("w", "b"),
    ("t",),
    ("w0", "w1"),
)
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "10",
    "99",
    "0.5",
    ".1",
    "1e9",
    "1e99",
    "1e-99",
    "1/3",
    "½",
    "pi",
    "e",
    "π",
    "2.5",
    "100",
)
SIGNS = ("+", "-", "*", "/", "^", "**", "−", "·", "×", "÷", "", "", " ", "^2", "²", "³", "⁻¹")
SPRINKLED = "+-*/^().,|√πθxyzwe0123456789 ²³⁻₁½−·×\u200b\u00a0（）＋eE_!=<>[]{}'\"\\%:;ßéхπ"
LIMIT = 1.0
"""Seconds of processor time that one string may take."""


def term(rng: random.Random, names: tuple[str, ...], depth: int) -> str:
    """Return a piece of a formula."""
    kind = rng.random()
    if depth <= 0 or kind < 0.25:
        return rng.choice(names) if rng.random() < 0.7 else rng.choice(NUMBERS)
    inner = term(rng, names, depth - 1)
    if kind < 0.5:
        function = rng.choice(list(FUNCTIONS))
        n_arguments = rng.randint(*FUNCTIONS[function])
        return f"{function}({', '.join([inner, *(term(rng, names, depth - 2) for _ in range(n_arguments - 1))])})"
    if kind < 0.55:
        return f"|{inner}|"
    if kind < 0.6:
        return f"{rng.choice('-√')}{inner}"
    if kind < 0.7:
        return f"({inner}){rng.choice(('^', '**'))}{rng.choice((*NUMBERS, *names, f'({inner})'))}"
    other = term(rng, names, depth - rng.randint(1, 3))
    return f"{rng.choice(('', '('))}{inner}{rng.choice(SIGNS)}{other}"


def typed(rng: random.Random) -> str:
    """Return a string that somebody might type."""
    names = rng.choice(PAIRS)
    shape = rng.random()
    if shape < 0.1:  # one function many times in itself
        function, times = rng.choice(list(FUNCTIONS)), rng.randint(2, 25)
        text = f"{function}(" * times + rng.choice((*names, f"{names[0]}+1")) + ")" * times
    elif shape < 0.2:  # a long sum
        terms = (term(rng, names, 2) for _ in range(rng.randint(5, 60)))
        text = rng.choice("+-*").join(terms)
    else:
        text = term(rng, names, rng.randint(1, 9))
    if rng.random() < 0.05:
        text = rng.choice(("=", "z = ", "f(x) = ", "f(x, y) = ", "y=", "J(w)=")) + text
    text = text + ")" * max(text.count("(") - text.count(")"), 0)
    while rng.random() < 0.4:  # slips of the hand
        at = rng.randint(0, len(text))
        cut = rng.randint(0, 3)
        text = text[:at] + rng.choice((rng.choice(SPRINKLED), "", text[at : at + 5])) + text[at + cut :]
    return text


def use(text: str, draws: bool) -> bool:
    """Make a surface of a string and use it; return whether it was accepted."""
    try:
        surface = ls.formula(text)
    except ls.FormulaError as error:
        place = 0 if error.position is None else error.position
        if not 0 <= place <= len(text):
            raise ValueError(f"a refusal at {place}, outside the text") from error
        return False
    grid = surface.domain.grid((9, 8)[: surface.n_dims])
    shape, n = grid.shape[:-1], surface.n_dims
    value, gradient = surface.value_and_gradient(grid)
    hessian = surface.hessian(grid)
    for array, wanted in (
        (surface.value(grid), shape),
        (value, shape),
        (gradient, (*shape, n)),
        (hessian, (*shape, n, n)),
    ):
        assert array.dtype == np.float64, array.dtype
        assert array.shape == wanted, (array.shape, wanted)
    assert surface.latex()
    assert surface.gradient_latex()
    assert surface.hessian_latex()
    again = ls.formula(surface.understood, surface.domain)
    assert again.variables == surface.variables
    np.testing.assert_array_equal(again.value(grid), surface.value(grid))
    if draws:
        run = ls.Experiment(surface, ("sgd", "adam"), [(0.5,) * n, (-1.0,) * n], n_steps=20).run()
        run.scene().to_plotly()
    return True


def main() -> int:
    """Count and say what happened."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("n", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--draw-every", type=int, default=100)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    ls.formula("x^2").hessian([1.0])
    count: Counter[str] = Counter()
    longest = (0.0, "")
    for k in range(given.n):
        text = typed(rng)
        draws = given.draw_every > 0 and k % given.draw_every == 0
        begin = time.process_time()
        try:
            count["surfaces" if use(text, draws) else "refused"] += 1
        except Exception as error:
            count["broken"] += 1
            print(f"broken: {text!r}: {type(error).__name__}: {str(error)[:200]}", flush=True)
        seconds = time.process_time() - begin
        if not draws:
            longest = max(longest, (seconds, text))
            if seconds > LIMIT:
                count["slow"] += 1
                print(f"slow: {text!r}: {seconds:.1f} s", flush=True)
        if (k + 1) % 500 == 0 or k + 1 == given.n:
            figures = ", ".join(f"{count[name]} {name}" for name in ("surfaces", "refused", "broken", "slow"))
            print(f"{k + 1} strings, seed {given.seed}: {figures}; the longest took {longest[0]:.2f} s", flush=True)
    return 1 if count["broken"] or count["slow"] else 0


if __name__ == "__main__":
    sys.exit(main())
