import itertools
import math

import pytest

from app.ask.controls import even_step, stops, text_of
from landscape.optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise
from landscape.parameter import Parameter
from landscape.surfaces import SURFACES

EVERY = [
    *(p for cls in OPTIMIZERS.values() for p in cls().parameters),
    *(p for cls in SCHEDULES.values() for p in cls().parameters),
    *GaussianNoise().parameters,
    *(p for surface in SURFACES.values() for p in surface.parameters),
]
UNLIKE = {(p.name, p.default, p.low, p.high, p.log): p for p in EVERY if not p.boolean}


@pytest.mark.parametrize("p", UNLIKE.values(), ids=lambda p: f"{p.name}-{p.low:g}-{p.high:g}")
def test_every_declared_parameter_gets_a_usable_slider(p: Parameter) -> None:
    offered = stops(p, p.default)
    if offered is None:
        step = even_step(p)
        assert 50 <= (p.high - p.low) / step <= 500 or p.integer
        return
    assert offered == sorted(set(offered))
    assert p.default in offered
    assert all(math.isfinite(x) and p.check(x) == x for x in offered)
    assert 2 <= len(offered) <= 200


def test_a_value_off_the_slider_is_still_shown() -> None:
    p = Parameter("learning_rate", 0.01, 1e-5, 1.0, log=True, minimum=0.0)
    assert 3.7 in stops(p, 3.7)
    assert 0.0 in stops(p, 0.0)


def test_logarithmic_stops_are_dense_and_round() -> None:
    offered = stops(Parameter("learning_rate", 0.01, 1e-3, 1.0, log=True), 0.01)
    assert {0.001, 0.01, 0.02, 0.05, 0.1, 1.0} <= set(offered)
    assert max(b / a for a, b in itertools.pairwise(offered)) < 1.35


@pytest.mark.parametrize(("value", "text"), [(0.1, "0.1"), (400.0, "400"), (1e-8, "1e-08"), (0.1 + 0.2, None)])
def test_a_box_shows_all_digits(value: float, text: str | None) -> None:
    assert float(text_of(value)) == value
    if text is not None:
        assert text_of(value) == text
