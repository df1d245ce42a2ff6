"""What no rule may hold is said with its line, before the first step; whatever else it holds is the same compiled."""

from __future__ import annotations

import dataclasses
import math
import textwrap
from typing import Any

import numba
import numpy as np
import pytest
import scipy.special
from numpy.testing import assert_allclose

import landscape as ls
from landscape.ensemble import build
from landscape.ensemble.layout import knows_time
from landscape.errors import RuleError
from landscape.optimizers import rules


def helper(u):
    return 2.0 * u


AROUND = {"np": np, "math": math, "scipy": scipy, "helper": helper, "SHARE": 0.25, "NUMBERS": np.array([1.0, 2.0])}


@dataclasses.dataclass(frozen=True)
class Written(ls.ElementwiseOptimizer):
    """What the rules below share."""

    learning_rate: float = ls.parameter(0.01, 1e-5, 1.0, "step size")
    a: float = ls.parameter(0.5, 0.0, 1.0, "a number")

    key, title, n_slots = "written", "Written", 1


def of(rule: Any, **more: Any) -> type[Written]:
    """Return an optimizer with this rule, of one slot and one hyperparameter; text holds the lines of its body."""
    if isinstance(rule, str):
        space = dict(AROUND)
        exec("def rule(x, g, t, rate, s, h):\n" + textwrap.indent(rule, "    "), space)
        rule = staticmethod(space["rule"])
    return dataclasses.make_dataclass("Mine", [], bases=(Written,), frozen=True, namespace={"rule": rule, **more})


REFUSED = {
    "if x > 0:\n    return x - rate, s\nreturn x, s": "line 2.* one truth .*np.where",
    "return (x if g > 0 else x - rate), s": "one truth",
    "return x - rate * (x > 0 and g > 0), s": "np.logical_and",
    "return x - rate * (0 < x < 1), s": "one truth",
    "return x - rate * (not g), s": "one truth",
    "assert g > 0\nreturn x, s": "one truth",
    "while abs(g) > 1:\n    g = g / 2\nreturn x - g, s": "line 2.*one truth",
    "match g:\n    case 0.0:\n        return x, s\nreturn x - g, s": "one truth",
    "return max(x, 0), s": "chooses .* np.maximum",
    "return min(g, 1.0), s": "np.minimum",
    "return sorted([x, g])[0], s": "takes sorted",
    # where neither the first step nor the usual settings lead
    "if t > 50:\n    g = g if g > 0 else -g\nreturn x - g, s": "line 3.*one truth",
    "if h[0] > 0.9:\n    if t == 7:\n        return max(x, g), s\nreturn x - g, s": "line 4.*chooses",
    "if not h[0]:\n    g = math.tanh(g)\nreturn x - g, s": "line 3.*single numbers",
    "return x - math.tanh(g), s": "single numbers .* of NumPy",
    "return x - float(g), s": "single numbers",
    "return x - rate * g / np.linalg.norm(g), s": r"np\.linalg\.norm, which mixes coordinates.*ls\.Optimizer",
    "return x - rate * g.sum(), s": "mixes coordinates",
    "return x - np.mean(g), s": "mixes coordinates",
    "return x - np.dot(g, g), s": "mixes coordinates",
    "return x - g @ g, s": "mixes coordinates",
    "return x - np.add.reduce(g), s": "mixes coordinates",
    "return x - g[0], s": "takes a part",
    "return x - g.T, s": "takes a part",
    "a, b = g\nreturn x - a, s": "takes a part",
    "return helper(x), s": "takes helper, which is no function",
    "f = lambda u: u\nreturn f(x), s": "a function of its own",
    "return x - scipy.special.expit(g), s": r"takes scipy\.special\.expit",
    "return x - np.random.normal() * g, s": r"takes np\.random\.normal",
    "return x - np.convolve(g, g), s": r"takes np\.convolve",
    "return x - NUMBERS * g, s": "NUMBERS, of type ndarray",
    "return x - nowhere * g, s": "takes nowhere, which there is not",
    "print(t)\nreturn x, s": "takes print",
    "x -= rate * g\nreturn x, s": "in place",
    "y = x\ny *= 2\nreturn y, s": "line 3.*in place",
    "(m,) = s\nm += g\nreturn x - m, (m,)": "in place",
    "x[0] = 1.0\nreturn x, s": "in place",
    "return x - np.multiply(g, 2.0, out=g), s": "in place",
    "y = x + 1.0\nnp.multiply(y, 2.0, y)\nreturn y, s": "in place",
    "return x - np.clip(g, a_min=-1.0, a_max=1.0), s": "a_min, a_max by name",
    "return x - np.where(g > 0), s": "leaves something out",
    "return x - ((x > 0) + (g > 0)), s": "adds truth values",
    "return x - np.exp(g > 0), s": "low precision",
    "return x - g**-1, s": "whole number -1 for an exponent",
    "for _ in range(t):\n    g = g / 2\nreturn x - g, s": "write int",
    "return x - rate * g": "must return the new x and its slots",
    "return x, g": "must return",
    "x = x - rate * g": "must return",
    "return x - g, ()": "0 slots where n_slots is 1",
    "return x - g, (g, g)": "2 slots where n_slots is 1",
    "return x - g, (t,)": "for slot 0 .* 0.0 \\* x",
    "return 0.0, s": "for the new x",
    "m, v = s\nreturn x - m, s": "fails, ValueError: not enough values",
    "a, b = h\nreturn x - g, s": r"line 2.* fails, ValueError.*hyper is \(a\)",
}  # fmt: skip


@pytest.mark.parametrize("body", REFUSED, ids=range(len(REFUSED)))
def test_is_refused_wherever_it_is_given(body):
    mine = of(body)
    with pytest.raises(RuleError, match=rf"(?s)Mine\.rule, .*{REFUSED[body]}"):
        ls.register(mine)
    assert "written" not in ls.OPTIMIZERS
    with pytest.raises(RuleError):
        ls.descend("himmelblau", mine(), [[1.0, 1.0]], 5)
    with pytest.raises(RuleError):
        ls.ensemble("himmelblau", mine(), [[1.0, 1.0]], 5)


def branches(x, g, t, learning_rate, slots, hyper):
    if g > 0.0:
        x = x - learning_rate
    return x, slots


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        (of(staticmethod(branches)), r"line \d+ of test_what_a_rule_may_hold\.py, `if g > 0\.0:`, asks"),
        (of(lambda self, x, g, t, rate, s, h: (x, s)), "@staticmethod above it"),
        (of(staticmethod(lambda x, g, t, rate, s: (x, s))), "six arguments"),
        (of(staticmethod(lambda x, g, *more: (x, ()))), "six arguments"),
        (of(staticmethod(np.vectorize(branches))), "a plain function, not vectorize"),
        (of("return x, s", n_slots=-1), "n_slots must be a whole number"),
        (of("return x, s", n_slots="one"), "n_slots must be a whole number"),
        (of("return x, s", update=lambda self, step, state: (step.x, state)), "update of its own"),
        (of("return x, s", init=lambda self, x: (x + 1.0,)), "init of its own"),
    ],
)
def test_where_it_stands_and_what_it_is_are_said(mine, words):
    with pytest.raises(RuleError, match=words):
        ls.register(mine)


def test_a_rule_that_only_the_compiler_refuses_is_refused_in_our_words(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDSCAPE_CACHE", str(tmp_path))
    mine = of("try:\n    y = x - rate * g\nexcept ValueError:\n    y = x\nreturn y, s", key="tried")
    monkeypatch.setattr(rules, "OF_THE_STEP", rules.OF_THE_STEP | {ValueError})
    with pytest.raises(RuleError, match=r"Mine\.rule, line \d+, cannot be compiled: .*ls\.Optimizer"):
        ls.ensemble("himmelblau", mine(), [[1.0, 1.0]], 5)


def test_ours_hold_nothing_of_the_kind():
    for kind in ls.OPTIMIZERS.values():
        kind().check()


ALLOWED = """
(m,) = s
a = max(h[0], 0.1) if t < 3 else min(h[0], 0.5)
m = np.where(np.abs(g) > SHARE, np.clip(g, -5.0, 5.0), np.sign(g) * m)
m = np.maximum(m, 0) * a + np.minimum(m, 0) + np.exp(-abs(x)) * ((x > 0) & ~(g > 0) | (x < -1))
m += np.tanh(x) * math.sqrt(float(t))
return x - rate * m * np.heaviside(g * g, 0.5), (m,)
"""


def test_what_is_plain_arithmetic_works_everywhere():
    mine = of(ALLOWED)()
    starts = ls.SURFACES["himmelblau"].domain.sample(np.random.default_rng(0), 300)
    paths = ls.descend("himmelblau", mine, starts, 20)
    assert_allclose(ls.ensemble("himmelblau", mine, starts, 20).points, paths.points[:, -1], rtol=1e-10)
    assert knows_time(type(mine))


def elsewhere(x, g, now, rate, s, h):
    return x - rate * g / now, s


def test_the_step_is_known_by_its_place_not_its_name():
    mine = of(staticmethod(elsewhere))()
    assert knows_time(type(mine))
    assert not knows_time(of("return x - rate * g, s"))
    paths = ls.descend("sphere", mine, [[1.0, 1.0]], 400)
    assert_allclose(ls.ensemble("sphere", mine, [[1.0, 1.0]], 400).points, paths.points[:, -1], rtol=1e-12)


def test_a_number_from_outside_is_part_of_what_is_compiled():
    ends = []
    for SHARE in (0.5, 0.25):
        space = {"np": np, "SHARE": SHARE}
        exec("def rule(x, g, t, rate, s, h):\n    return x - SHARE * rate * g, s", space)
        ends.append(ls.ensemble("sphere", of(staticmethod(space["rule"]))(), [[1.0, 1.0]], 10).points[0, 0])
    assert ends[0] < ends[1]


def test_every_function_that_a_rule_may_call_is_the_same_compiled():
    """Each with numbers and truth values, with NaN, infinity and both zeros: what is not refused is as in NumPy."""
    x = np.array([-2.5, -1.0, -0.0, 0.0, 0.3, 1.0, 2.5, np.nan, np.inf, -np.inf])
    x, g = (side.ravel() for side in np.meshgrid(x, x))
    lanes = {"x": rules._Lane(x), "g": rules._Lane(g), "np": np}
    operands = {
        1: ["x", "x > 0.0"],
        2: ["x, g", "x, g > 0.0", "x > 0.0, g > 0.0", "2.0, g"],
        3: ["x > 0.0, g, 2", "x, -2, 1.0"],
    }
    calls = [
        f"np.{function.__name__}({given})"
        for function in sorted(rules.KNOWN, key=lambda function: function.__name__)
        for given in operands[3 if function in (np.where, np.clip) else getattr(function, "nin", 1)]
    ]
    calls += [f"(x {sign} g) * 1.0" for sign in ("+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=")]
    calls += [f"((x > 0.0) {sign} (g > 0.0)) * 1.0" for sign in ("&", "|", "^", "*", "==")]
    kept = []
    for call in calls:
        try:
            with np.errstate(all="ignore"):
                eval(call, lanes)
        except (rules._Refused, TypeError):
            continue
        kept.append(call)
    assert {function.__name__ for function in rules.KNOWN} <= {call[3:].split("(")[0] for call in kept}
    space: dict[str, Any] = {"np": np}
    exec(f"def rule(x, g):\n    return ({', '.join(f'1.0 * {call}' for call in kept)},)", space)
    with np.errstate(all="ignore"):
        wanted = space["rule"](x, g)
    compiled = numba.njit(error_model="numpy")(build.rule_of_numbers(space["rule"]).py_func)
    found = np.transpose([compiled(*pair) for pair in zip(x, g, strict=True)])
    for call, numbers, others in zip(kept, wanted, found, strict=True):
        assert_allclose(others, np.broadcast_to(numbers, x.shape), rtol=1e-12, err_msg=call)
