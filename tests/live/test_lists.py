"""Lists of operations: every formula and every rule translates, and gives what Python gives."""

from __future__ import annotations

import json
from functools import wraps

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.errors import FormulaError
from landscape.live.ground import curvature_program, surface_program
from landscape.live.operations import MAX_ROWS, OPERATIONS, Program, Untranslatable, Writer
from landscape.live.rules import rule_program
from landscape.optimizers import OPTIMIZERS
from landscape.surfaces import SURFACES
from landscape.surfaces.formula.words import FUNCTIONS
from tests.live.pairs import RULES
from tests.live.strangers import STRANGERS, early, of


def points_of(surface, n=60, seed=0):
    return surface.domain.sample(np.random.default_rng(seed), n)


def on(surface, program, x):
    return [np.broadcast_to(out, len(x)) for out in program(*x.T, *surface.settings.values())]


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_the_list_of_a_surface_is_the_surface(surface):
    x = points_of(surface)
    value, *slopes, norm = on(surface, surface_program(surface), x)
    expected, gradient = surface.value_and_gradient(x)
    assert_array_equal(value, expected)
    assert_array_equal(np.transpose(slopes), gradient)
    assert_array_equal(norm, np.linalg.norm(gradient, axis=-1))
    hessian = surface.hessian(x)[:, *np.triu_indices(surface.n_dims)]
    listed = np.transpose(on(surface, curvature_program(surface), x))
    assert_allclose(listed, hessian, atol=1e-13 * np.abs(hessian).max())


@pytest.mark.parametrize("surface", [s for s in SURFACES.values() if s.parameters], ids=lambda s: s.name)
def test_a_slider_of_a_surface_is_an_input_of_its_list(surface):
    other = surface.with_settings(**{p.name: p.high for p in surface.parameters})
    assert surface_program(other) is surface_program(surface)
    x = points_of(other, 20)
    assert_array_equal(on(other, surface_program(other), x)[0], other.value_and_gradient(x)[0])


@pytest.mark.parametrize("kind", RULES.values(), ids=RULES)
def test_the_list_of_a_rule_is_the_rule_whatever_its_switches(kind):
    rng = np.random.default_rng(1)
    numbers = [dict(zip((p.name for p in kind().parameters), ends, strict=True)) for ends in _ends(kind)]
    for optimizer in (kind(), *(kind(**one) for one in numbers)):
        x, g = rng.normal(size=(2, 7, 3))
        state, slots = optimizer.init(x), optimizer.init(x)
        program = rule_program(kind)
        for t in range(1, 9):
            before = x
            with np.errstate(all="ignore"):
                x, state = kind.rule(before, g, t, 0.01, state, optimizer.hyper)
            listed, *slots = program(before, g, float(t), 0.01, *slots, *optimizer.hyper)
            assert_allclose(listed, x, rtol=1e-13)
            for slot, own in zip(slots, state, strict=True):
                assert_allclose(np.broadcast_to(slot, own.shape), own, rtol=1e-13)
            g = g * rng.normal(size=g.shape)


def _ends(kind):
    """Return the lowest and the highest settings of an optimizer."""
    parameters = kind().parameters
    return [[bool(p.low) if p.boolean else p.low for p in parameters], [p.high for p in parameters]]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_typed_formula_takes_the_same_road(data):
    names = data.draw(st.sampled_from([("x", "y"), ("x",), ("u", "v")]))
    text = data.draw(_formulas(names))
    try:
        surface = ls.formula(text, ((-1.7, 2.3),) * len(names))
    except FormulaError:
        return
    x = points_of(surface)
    value, *slopes, _ = on(surface, surface_program(surface), x)
    expected, gradient = surface.value_and_gradient(x)
    assert_array_equal(value, expected)
    assert_array_equal(np.transpose(slopes), gradient)


def _formulas(names):
    leaves = st.sampled_from([*names, "0.5", "2", "pi"])

    def grown(inner):
        one = [name for name, (low, _) in FUNCTIONS.items() if low == 1]
        several = [name for name, (_, high) in FUNCTIONS.items() if high > 1]
        return st.one_of(
            st.builds("{}({})".format, st.sampled_from(one), inner),
            st.builds("{}({}, {})".format, st.sampled_from(several), inner, inner),
            st.builds("({}) {} ({})".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner),
            st.builds("({})^{}".format, inner, st.sampled_from(["2", "3", "7", "0.5", "1.5", "(-1)", "(-2)"])),
        )

    return st.recursive(leaves, grown, max_leaves=6)


def test_every_function_that_may_be_typed_has_operations():
    for name, (low, _) in FUNCTIONS.items():
        arguments = ", ".join(["x/3", "y/3", "x*y"][:low])
        surface_program(ls.formula(f"{name}({arguments}) + x*y", ((0.1, 0.9), (0.1, 0.9))))


def test_a_formula_longer_than_the_limit_has_no_list(monkeypatch):
    monkeypatch.setattr("landscape.live.operations.MAX_ROWS", 20)
    long = ls.formula("+".join(f"sin({k}*x)*cos({k + 1}*y)" for k in range(1, 9)), ((-1, 1), (-1, 1)))
    with pytest.raises(Untranslatable, match="more than 20 operations"):
        surface_program(long)


def test_surfaces_beyond_the_map_have_no_list():
    def value(x):
        return (x**2).sum(-1)

    for other in (ls.surface("rosenbrock", n_dims=3), ls.from_functions(value, lambda x: 2 * x, 2)):
        with pytest.raises(Untranslatable):
            surface_program(other)


# Rules as strangers write them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", STRANGERS.values(), ids=STRANGERS)
def test_a_rule_may_be_written_in_any_of_these_ways(body):
    kind, rng = of(body), np.random.default_rng(2)
    x, m = rng.normal(size=(2, 9))
    for hyper in ((0.5, 3.0), (0.1, 0.0), (2.0, 5.0)):
        for t in range(1, 8):
            g = rng.normal(size=9)
            expected, (slot,) = body(x, g, t, 0.1, (m,), hyper)
            new, listed = rule_program(kind)(x, g, float(t), 0.1, m, *hyper)
            assert_allclose(new, expected, rtol=1e-14)
            assert_allclose(np.broadcast_to(listed, 9), slot, rtol=1e-14)


def helped(x, g, t, learning_rate, slots, hyper):
    return early(x, g, t, learning_rate, slots, hyper)


def looped(x, g, t, learning_rate, slots, hyper):
    for _ in range(3):
        x = x - learning_rate * g
    return x, slots


def keyed(x, g, t, learning_rate, slots, hyper):
    return x - learning_rate * np.clip(g, a_min=-1.0, a_max=1.0), slots


def summed(x, g, t, learning_rate, slots, hyper):
    return x - learning_rate * g / np.sum(g), slots


def endless(x, g, t, learning_rate, slots, hyper):
    if t < 3:
        x = x - learning_rate * g


def poor(x, g, t, learning_rate, slots, hyper):
    return x - learning_rate * g


@wraps(early)
def wrapped(*arguments):
    x, slots = early(*arguments)
    return 2 * x, slots


@pytest.mark.parametrize(
    "body", [helped, looped, keyed, summed, endless, poor, wrapped], ids=lambda body: body.__name__
)
def test_a_rule_that_no_list_says_has_none(body):
    with pytest.raises(Untranslatable):
        rule_program(of(body))


def test_a_rule_without_a_source_or_with_steps_of_its_own_has_none():
    space = {}
    exec("def rule(x, g, t, learning_rate, slots, hyper):\n    return x - g, slots", space)
    with pytest.raises(Untranslatable, match="cannot be read"):
        rule_program(of(space["rule"]))

    class Begun(of(early)):
        def init(self, x):
            return (np.ones_like(x),)

    with pytest.raises(Untranslatable, match="init of its own"):
        rule_program(Begun)


@pytest.mark.parametrize("kind", [k for k in OPTIMIZERS.values() if k not in RULES.values()], ids=lambda k: k.key)
def test_whole_vector_rules_and_second_looks_have_no_list(kind):
    with pytest.raises(Untranslatable):
        rule_program(kind)


# The list itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RULES.values(), ids=RULES)
def test_a_list_is_plain_data_that_writes_every_register_once(kind):
    program = rule_program(kind)
    data = json.loads(json.dumps(program.data(), allow_nan=False))
    first = data["inputs"] + len(data["constants"])
    for number, (operation, out, *operands) in enumerate(data["rows"]):
        assert out == first + number
        assert all(0 <= register < out for register in operands)
        assert len(operands) == OPERATIONS[data["operations"][operation]].n_operands
    assert len(data["rows"]) <= MAX_ROWS


def test_constants_are_computed_once_and_what_nobody_needs_is_left_out():
    writer = Writer(1)
    (x,) = writer.inputs
    writer.do("exp", x)
    half = writer.do("div", writer.constant(1.0), writer.constant(2.0))
    same = [writer.do("mul", x, half) for _ in range(2)]
    program = writer.program([writer.do("add", *same)])
    assert program == Program(1, (0.5,), (("mul", 2, (0, 1)), ("add", 3, (2, 2))), (3,))


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan, -0.0])
def test_numbers_that_json_cannot_say_are_computed(number):
    writer = Writer(0)
    (found,) = writer.program([writer.constant(number)])()
    assert_array_equal(found, number)
    assert np.signbit(found) == np.signbit(number) or np.isnan(number)


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_take_as_many_operands_as_they_say_and_hand_nan_on(name):
    operation = OPERATIONS[name]
    given_numbers = [np.full(3, np.nan)] * operation.n_operands
    with np.errstate(all="ignore"):
        found = np.asarray(operation.does(*given_numbers))
    assert found.shape == (3,)
    assert found.dtype == np.float64
    assert name in ("lt", "le", "eq") or np.isnan(found).all()
