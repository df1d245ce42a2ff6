"""What holds for every elementwise rule: compiled equals array, odd symmetry, no argument changed."""

import dataclasses
import functools
import inspect

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from landscape.language import TranslatedTitle
from landscape.optimizers import OPTIMIZERS, ElementwiseOptimizer, Step, optimizer

ELEMENTWISE = {key: cls for key, cls in OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)}

# Branches that turned switches alone do not take.
BRANCHES = {
    "rmsprop": [{"momentum": 0.5}],
    "radam": [{"b2": 0.6}, {"b2": 0.9, "weight_decay": 0.1}],
    "lion": [{"b1": 0.0}],
}


def turned(key):
    """Return every switch of a rule turned and every part that is off by default (weight decay, momentum) turned on."""
    parameters = OPTIMIZERS[key]().parameters
    switches = {p.name: not p.default for p in parameters if p.boolean}
    return switches | {p.name: 1 if p.integer else 0.1 for p in parameters if not p.boolean and p.default == 0}


CASES = [
    pytest.param(key, hyper, id=f"{key}-{hyper}")
    for key in ELEMENTWISE
    for hyper in ({}, turned(key), *BRANCHES.get(key, []))
]

gradients = arrays(float, (6, 3, 2), elements=st.floats(-100, 100, allow_subnormal=False))


def slope(x):
    """A gradient with minima, maxima, an exact zero and steep parts."""
    return np.sin(3 * x) + 0.1 * x


@functools.cache
def compiled_rule(cls):
    return numba.njit(error_model="numpy")(cls.rule)


def run(walker, x, gradients, learning_rate=0.01):
    """Return the points after each step, (n_steps, ...), for gradients given beforehand."""
    state, path = walker.init(x), []
    for t, g in enumerate(gradients, start=1):
        x, state = walker.update(Step(x, g, t, learning_rate), state)
        path.append(x)
    return np.array(path)


@pytest.mark.parametrize(("key", "hyper"), CASES)
def test_compiled_rule_equals_arrays(key, hyper):
    walker = optimizer(key, **hyper)
    compiled = compiled_rule(type(walker))
    x = np.array([-2.0, -0.3, 0.0, 0.8, 31.0])
    state = walker.init(x)
    scalars = [(float(start), (0.0,) * walker.n_slots) for start in x]
    for t in range(1, 121):
        g = slope(x)
        x, state = walker.update(Step(x, g, t, 0.02), state)
        scalars = [
            compiled(point, float(gradient), t, 0.02, slots, walker.hyper)
            for (point, slots), gradient in zip(scalars, g, strict=True)
        ]
        assert_allclose([point for point, _ in scalars], x, rtol=1e-15, atol=0)
        for slot in range(walker.n_slots):
            assert_allclose([slots[slot] for _, slots in scalars], state[slot], rtol=1e-15, atol=0)


@pytest.mark.parametrize(("key", "hyper"), CASES)
def test_batch_equals_loop(key, hyper):
    walker = optimizer(key, **hyper)
    x = np.linspace(-2, 2, 12).reshape(2, 3, 2)
    g = np.array([slope(x + shift) for shift in range(8)])
    alone = [run(walker, x[i, j], g[:, i, j]) for i in range(2) for j in range(3)]
    assert_array_equal(run(walker, x, g).reshape(8, 6, 2), np.stack(alone, axis=1))


@pytest.mark.parametrize(("key", "hyper"), CASES)
def test_update_leaves_its_arguments_alone(key, hyper):
    walker = optimizer(key, **hyper)
    x = np.linspace(-1, 1, 6).reshape(3, 2)
    g = slope(x)
    state = walker.init(x)
    for t in (1, 2, 9):
        kept = [array.copy() for array in (x, g, *state)]
        new, new_state = walker.update(Step(x, g, t, 0.1), state)
        for array, copy in zip((x, g, *state), kept, strict=True):
            assert_array_equal(array, copy)
        assert not any(np.shares_memory(new, array) for array in (x, g, *state))
        assert new.shape == x.shape
        assert new.dtype == np.float64
        x, state = new, new_state


@pytest.mark.parametrize(("key", "hyper"), CASES)
@settings(deadline=None, max_examples=20)
@given(g=gradients)
def test_mirrored_gradients_make_a_mirrored_path(key, hyper, g):
    """f(-x) is the same hill seen from behind: every rule is odd, to the last bit."""
    walker = optimizer(key, **hyper)
    x = np.linspace(-1, 1, 6).reshape(3, 2)
    assert_array_equal(run(walker, -x, -g), -run(walker, x, g))


@pytest.mark.parametrize("key", ["adadelta", "rmsprop", "adam", "amsgrad", "adamax", "nadam", "adagrad", "lion"])
@settings(deadline=None, max_examples=20)
@given(g=gradients, power=st.integers(1, 30))
def test_scale_of_the_cost_does_not_matter(key, g, power):
    """Those that divide by the size of the gradient take the same path on 2^power f, where eps is nothing beside it."""
    g = np.where(np.abs(g) < 1e-3, 1.0, g)
    walker = optimizer(key) if key == "lion" else optimizer(key, eps=1e-100)
    assert_allclose(run(walker, np.zeros((3, 2)), g * 2.0**power), run(walker, np.zeros((3, 2)), g), rtol=1e-13)


@pytest.mark.parametrize(("key", "hyper"), CASES)
def test_a_zero_gradient_moves_nothing(key, hyper):
    pulls = {p.name for p in OPTIMIZERS[key]().parameters} & {"weight_decay", "shrink"}  # towards 0, whatever the slope
    hyper = hyper | dict.fromkeys(pulls, 0.0)
    x = np.array([[1.5, -2.0]])
    assert_array_equal(run(optimizer(key, **hyper), x, np.zeros((5, 1, 2))), np.broadcast_to(x, (5, 1, 2)))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_abstract_or_final(key):
    """Classes in the registry are final and declare every field and method that the bases left open, no other."""
    cls = OPTIMIZERS[key]
    assert not any(issubclass(other, cls) for other in OPTIMIZERS.values() if other is not cls)
    for name, member in vars(cls).items():
        inherited = next((vars(base)[name] for base in cls.__mro__[1:] if name in vars(base)), None)
        if inspect.isroutine(inherited) and not (name.startswith("__") or isinstance(inherited, TranslatedTitle)):
            assert getattr(inherited, "__isabstractmethod__", False), f"{cls.__name__}.{name} overrides"
        assert not isinstance(member, property), f"{cls.__name__}.{name}"
    assert dataclasses.fields(cls)[0].name == "learning_rate"


def test_hyper_is_what_follows_the_learning_rate():
    walker = optimizer("rmsprop", b2=0.5, eps=1e-3, momentum=0.25, centered=True, weight_decay=0.0625)
    assert walker.hyper == (0.5, 1e-3, 0.25, 1.0, 0.0625)
    assert all(type(value) is float for value in walker.hyper)


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_single_precision_stays_single(key):
    walker = optimizer(key)
    x = np.array([[0.5, -1.0]], dtype=np.float32)
    new, state = walker.update(Step(x, x, 1, 0.1), walker.init(x))
    assert {array.dtype for array in (new, *state)} == {np.dtype(np.float32)}
