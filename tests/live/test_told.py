"""Steps in numbers: the lines of every rule, by Python and in the player, against ``descend``."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser
from numpy.testing import assert_allclose
from scipy.special import expit

import landscape as ls
from landscape.live.offer import offer
from landscape.live.operations import Untranslatable
from landscape.live.spelled import LATEX, TEXT, Leaf, Speller, with_names, with_numbers
from landscape.live.told import MAX_LINES, account
from landscape.optimizers import SCHEDULES, fitting
from tests.live.pairs import RULES, plain, tell
from tests.live.strangers import STRANGERS, of

STARTS, N_STEPS = [(1.0, 2.0), (-3.0, 0.5)], 30
STEPS = (1, 2, 7, N_STEPS)
KINDS = {**RULES, **{name: of(body) for name, body in STRANGERS.items()}}

MEANING = {name: getattr(np, name) for name in ("abs", "sqrt", "sign", "tanh", "square", "hypot", "clip", "where")}
MEANING |= {name: getattr(np, name) for name in ("arctan2", "exp2", "reciprocal", "cbrt", "log1p", "multiply")}
MEANING |= {"max": np.maximum, "min": np.minimum, "zeros_like": np.zeros_like, "expit": expit}


def turned(kind):
    """Return the optimizer with its switches turned and no setting at zero."""
    given = {
        p.name: not getattr(kind(), p.name)
        if p.boolean
        else (p.low + p.high) // 3
        if p.integer
        else (p.low + p.high) / 3.0
        for p in kind().parameters
        if p.name != "learning_rate"
    }
    return kind(**given)


RULES_AND_SWITCHES = pytest.mark.parametrize(
    "optimizer", [o for kind in KINDS.values() for o in (kind(learning_rate=0.003), turned(kind))], ids=repr
)


@RULES_AND_SWITCHES
def test_the_last_line_is_where_the_path_goes(optimizer):
    trajectory = ls.descend("himmelblau", optimizer, STARTS, N_STEPS)
    for start in range(len(STARTS)):
        for step in STEPS:
            if step > trajectory.last[start]:
                continue
            told = ls.one_step(trajectory, step, start)
            expected = trajectory.points[start, step]
            last = told.lines[-1]
            assert_allclose(told.results(last)[0], expected, rtol=1e-12, atol=1e-12)
            assert_allclose(told.x + told.alone + told.memory, expected, rtol=1e-12, atol=1e-12)
            if optimizer.ahead is None:
                assert_allclose(told.gradient, trajectory.surface.gradient(told.x))
            assert told.learning_rate == optimizer.learning_rate


@RULES_AND_SWITCHES
def test_every_line_read_as_arithmetic_gives_its_result(optimizer):
    """What is printed, with all digits, is computed by Python itself: signs, parentheses and order are right."""
    trajectory = ls.descend("himmelblau", optimizer, STARTS, N_STEPS)
    told = ls.one_step(trajectory, min(7, int(trajectory.last[0])))
    for column in told.values.T:
        # A sign goes with its number, as it does in print.
        digits = [repr(float(value)) for value in column]
        for line in told.lines:
            printed = with_numbers(line.text, digits).replace("−", "-").replace("^", "**")
            left = {one.id for one in ast.walk(ast.parse(printed)) if isinstance(one, ast.Name)} - MEANING.keys()
            if left:
                assert left <= {"pair", "slots", "result"}  # several values under one name, which has no number
                continue
            found = eval(printed, {"__builtins__": {}}, MEANING)
            assert_allclose(np.ravel(found), column[list(line.results)], rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_player_tells_what_python_tells(kind, tmp_path):
    optimizers = (kind(learning_rate=0.003), turned(kind))
    recipe = ls.Experiment("himmelblau", optimizers, STARTS, N_STEPS, schedule="cosine")
    trajectories = recipe.run().trajectories
    live = plain(offer(recipe))
    jobs = [{"live": live, "walker": w, "start": s, "steps": STEPS} for w in (0, 1) for s in (0, 1)]
    for job, answer in zip(jobs, tell(jobs, tmp_path), strict=True):
        trajectory = trajectories[job["walker"]]
        for step, found in zip(STEPS, answer, strict=True):
            if step > trajectory.last[job["start"]]:
                continue
            told = ls.one_step(trajectory, step, job["start"])
            assert found["rate"] == told.learning_rate == trajectory.learning_rates[step - 1]
            for own, python in (("x", told.x), ("g", told.gradient), ("numbers", told.values.T)):
                assert_allclose(found[own], python, rtol=1e-9, atol=1e-12)
            assert_allclose(found["alone"] - found["x"], told.alone, rtol=1e-9, atol=1e-12)
            expected = zip(told.rows(0), told.rows(1), strict=True)
            assert found["rows"] == [[first[0], list(first[1:]), list(second[1:])] for first, second in expected]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_its_latex_is_read_by_another_program(kind):
    read = MathTextParser("path").parse
    for optimizer in (kind(), turned(kind)):
        told = account(kind).at(optimizer, 9, 0.1, np.ones(1), np.array([-2e-9]), [np.array([0.25])] * kind.n_slots)
        begin, *lines, end = told.latex().splitlines()
        assert (begin, end) == (r"\begin{align*}", r"\end{align*}")
        assert all(line.endswith(r"\\") for line in lines[:-1])
        assert sum(r"\leftarrow" in line for line in lines) == len(told.lines)
        for line in lines:
            assert line.count("&") == 1
            read(f"${line.replace('&', '').removesuffix(chr(92) * 2).strip()}$")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_rate_is_that_of_the_step(schedule):
    t = ls.descend("himmelblau", "sgd", STARTS, 20, schedule=schedule)
    for step in (1, 10, 20):
        told = ls.one_step(t, step)
        assert told.learning_rate == t.learning_rates[step - 1]
        assert_allclose(told.step, -t.learning_rates[step - 1] * told.gradient, rtol=1e-9)


def test_a_path_that_diverges_has_the_step_that_broke_it(tmp_path):
    recipe = ls.Experiment(ls.formula("x^4 - x", ((-2, 2),)), (ls.SGD(learning_rate=0.5),), [(5.0,)], 60)
    (t,) = recipe.run().trajectories
    last = int(t.last[0])
    assert 0 < last < 60
    told = ls.one_step(t, last + 1)
    with np.errstate(over="ignore"):
        assert not np.isfinite(np.linalg.norm(t.surface.gradient(told.new)))
    with pytest.raises(ValueError, match=f"took {last + 1} steps"):
        ls.one_step(t, last + 2)
    ((found,),) = tell([{"live": plain(offer(recipe)), "walker": 0, "start": 0, "steps": [last + 1]}], tmp_path)
    assert [found["rows"][0][1][1]] == [row[2] for row in told.rows()]


def test_infinity_and_what_is_no_number_are_said():
    told = account(ls.RMSprop).at(ls.RMSprop(), 3, 0.1, np.ones(1), np.array([1e200]), [np.zeros(1)] * 3)
    results = [row[2] for row in told.rows()]
    assert results[0] == "∞"
    assert "\\infty" in told.latex()
    assert account(ls.SGD).at(ls.SGD(), 1, 0.1, np.ones(1), np.array([np.nan]), ()).rows()[0][2] == "NaN"


def test_values_that_turn_are_told_from_their_step_on(tmp_path):
    recipe = ls.Experiment("himmelblau", (ls.Adam(learning_rate=0.1),), [(1.0, 2.0)], 60)
    live = plain(offer(recipe))
    later = ls.Adam(learning_rate=0.01, b1=0.5)
    turns = [{"from": 0, "values": live["walkers"][0]["values"]}, {"from": 25, "values": [0.01, *later.hyper]}]
    ((before, after),) = tell([{"live": live, "walker": 0, "start": 0, "steps": [25, 26], "turns": turns}], tmp_path)
    assert (before["rate"], after["rate"]) == (0.1, 0.01)
    assert before["rows"][0][1][0].startswith("0.9 · ")
    assert after["rows"][0][1][0].startswith("0.5 · ")
    (t,) = recipe.run().trajectories
    assert_allclose(before["x"], t.points[0, 24], rtol=1e-12)
    assert_allclose(after["x"], t.points[0, 25], rtol=1e-12)


def test_lines_are_only_those_that_were_carried_out():
    first, later = (account(ls.RAdam).at(ls.RAdam(), t, 0.1, np.ones(1), np.ones(1), [np.ones(1)] * 2) for t in (1, 50))
    assert "tractable" not in first.text()
    assert "tractable" in later.text()
    plain_adam = account(ls.Adam).at(ls.Adam(bias_correction=False), 1, 0.1, np.ones(1), np.ones(1), [np.ones(1)] * 2)
    assert [line.targets for line in plain_adam.lines] == [("m",), ("v",), ("x",)]


def test_an_optimizer_of_a_notebook_is_told_at_once():
    @dataclass(frozen=True)
    class Leaky(ls.ElementwiseOptimizer):
        """Momentum that leaks faster the longer it runs."""

        learning_rate: float = ls.parameter(0.1, 1e-3, 1.0, "step size", log=True, minimum=0.0)
        leak: float = ls.parameter(0.25, 0.0, 1.0, "share lost", minimum=0.0)
        key, title, n_slots = "leaky", "Leaky momentum", 1

        @staticmethod
        def rule(x, g, t, learning_rate, slots, hyper):
            (leak,) = hyper
            (v,) = slots
            v = (1.0 - leak) ** float(t) * v - learning_rate * g
            return x + v, (v,)

    t = ls.descend(ls.formula("x^2 + y", ((-1, 1), (-1, 1))), Leaky(), [[1.0, 1.0]], 5)
    told = ls.one_step(t, 2)
    assert (
        told.text().splitlines()[1]
        == "v ← (1 − leak)^t · v − learning_rate · g = 0.75^2 · (−0.2) − 0.1 · 1.6 = −0.2725"
    )
    assert r"v &\leftarrow \left(1 - \mathrm{leak}\right)^{t} \cdot v" in told.latex()
    assert_allclose(told.alone, [-0.16, -0.1])
    assert_allclose(told.memory, [0.75**2 * -0.2, 0.75**2 * -0.1])


def test_a_start_without_a_value_and_a_run_of_no_steps():
    surface = ls.formula("sqrt(x)", ((0.1, 2),))
    t = ls.descend(surface, "sgd", [[-1.0], [1.0]], 5)
    assert ls.one_step(t, 1).rows()[0][2] == "NaN"
    with pytest.raises(ValueError, match="took 0 steps"):
        ls.one_step(ls.descend(surface, "sgd", [[1.0]], 0), 1)


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [k for k in fitting().values() if k not in RULES.values()], ids=lambda k: k.key)
def test_rules_of_whole_points_are_not_told(kind):
    t = ls.descend("himmelblau", kind(), STARTS, 3)
    with pytest.raises(ValueError, match=f"the steps of {re.escape(kind.title)} are not told"):
        ls.one_step(t, 1)


def test_what_did_not_go_by_rule_and_gradient_alone_is_refused():
    noisy = ls.descend("himmelblau", "adam", STARTS, 10, noise=ls.GaussianNoise(1.0))
    moved = ls.descend(ls.surface("p_spin", n_dims=6), "sgd", ls.Random(1), 5)
    for trajectory in (noisy, moved):
        with pytest.raises(ValueError, match="another gradient"):
            ls.one_step(trajectory, 3)
    with pytest.raises(ValueError, match="lean run"):
        ls.one_step(ls.descend("himmelblau", "adam", STARTS, 50, keep=10), 3)


@pytest.mark.parametrize(
    ("step", "start", "error"), [(0, 0, ValueError), (11, 0, ValueError), (1, 2, ValueError), (1.5, 0, TypeError)]
)
def test_there_are_no_other_steps_and_starts(step, start, error):
    t = ls.descend("himmelblau", "adam", STARTS, 10)
    with pytest.raises(error):
        ls.one_step(t, step, start)


def long_rule(x, g, t, learning_rate, slots, hyper):
    (m,) = slots
    if t > 1:
        m = m + 1.0
    if t > 2:
        m = m + 2.0
    return x - learning_rate * g, (m,)


def test_a_rule_of_too_many_lines_runs_and_is_not_told(monkeypatch):
    kind = of(long_rule)
    monkeypatch.setattr("landscape.live.told.MAX_LINES", 2)
    with pytest.raises(Untranslatable, match="more than 2 lines"):
        account(kind)
    live = offer(ls.Experiment("himmelblau", (kind(),), STARTS, 10))
    assert "lines" not in live["rules"][0]
    assert MAX_LINES > 2


# Spelling ---------------------------------------------------------------------------------------------------------

TREES = [
    *("a - (b - c)", "a - b - c", "a / (b / c)", "a / b / c", "a * (b + c) ** 2", "(a * b) ** c", "a ** b ** c"),
    *("(a ** b) ** c", "-a ** 2", "(-a) ** 2", "a * -b", "a - -b", "-(a + b)", "(a < b) + c", "a < b < c", "not a"),
    *(
        "(a and b) or c",
        "a and (b or c)",
        "a if b else c",
        "(a if b else c) * 2",
        "max(a, b if c else a)",
        "a % b // c",
    ),
    *("a ** (b + c)", "a ** -b", "sqrt(a * a + b) / (c + 1e-8)", "-a * b", "abs(a - b)", "a + (b + c)"),
]


@pytest.mark.parametrize("text", TREES)
def test_an_expression_keeps_its_meaning(text):
    node = ast.parse(text, mode="eval").body
    names = {"a": 0, "b": 1, "c": 2}
    speller = Speller(TEXT, lambda leaf: names.get(ast.unparse(leaf)), lambda _: False)
    parts = speller.parts(node)
    assert eval(with_names(parts).replace("^", "**").replace("−", "-"), {**MEANING, "a": 2.5, "b": -0.5, "c": 3.0}) == (
        eval(text, {**MEANING, "a": 2.5, "b": -0.5, "c": 3.0})
    )
    for numbers in (("2.5", "−0.5", "3.0"), ("−2.0", "−1.0", "−3.0")):
        values = dict(zip("abc", (float(n.replace("−", "-")) for n in numbers), strict=True))
        printed = with_numbers(parts, numbers).replace("^", "**").replace("−", "-")
        assert eval(printed, dict(MEANING)) == eval(text, {**MEANING, **values})


def test_what_depends_on_settings_alone_is_one_number_in_parentheses():
    node = ast.parse("(1.0 - a) * (a * g) + g ** (a + 1) - a", mode="eval").body
    places = {"a": 0, "g": 1, "1 - a": 2, "a + 1": 3}

    def place(leaf):
        return places.get(ast.unparse(leaf).replace("1.0", "1"))

    def is_setting(whole):
        return not any(isinstance(one, ast.Name) and one.id == "g" for one in ast.walk(whole))

    parts = Speller(TEXT, place, is_setting).parts(node)
    assert with_names(parts) == "(1 - a) * (a * g) + g^(a + 1) - a"
    assert with_numbers(parts, ["0.9", "−2", "0.1", "1.9"]) == "0.1 * (0.9 * (−2)) + (−2)^1.9 - 0.9"
    latex = Speller(LATEX, place, is_setting).parts(node)
    assert with_names(latex) == r"\left(1 - a\right) \cdot \left(a \cdot g\right) + g^{a + 1} - a"
    assert next(part for part in parts if isinstance(part, Leaf)) == Leaf("(1 - a)", 2)
