"""Escapes measured by ``descend`` beside the closed forms: equal to one step where those are exact."""

import pytest

import landscape as ls
from landscape.analysis.escape import escapes

OFFSETS = tuple(10.0**-k for k in range(2, 13, 2))
EXACT = [
    ls.SGD(learning_rate=0.05),
    ls.Momentum(learning_rate=0.05),
    ls.Momentum(learning_rate=0.05, averaged=True),
    ls.Nesterov(learning_rate=0.05),
    ls.Lion(learning_rate=0.05, b1=0.0),
    ls.optimizer("saddle_free_newton"),
]


@pytest.mark.parametrize("optimizer", EXACT, ids=lambda one: one.label)
@pytest.mark.parametrize("curvature", [1.0, 0.3])
def test_the_closed_form_to_one_step(optimizer, curvature):
    found = escapes(optimizer, OFFSETS, curvature, n_steps=2500)
    assert found.exact
    for measured, theory in zip(found.measured, found.theory, strict=True):
        assert measured is not None
        assert abs(measured - theory) <= 1


def test_adaptive_ones_meet_their_limit_for_a_small_offset():
    for optimizer in (ls.Adam(learning_rate=0.01, eps=1e-300), ls.RMSprop(learning_rate=0.01, eps=1e-300)):
        found = escapes(optimizer, (1e-8, 1e-12))
        assert not found.exact
        assert found.measured == found.theory


def test_what_has_not_left_is_none_and_what_has_no_form_says_so():
    assert escapes(ls.SGD(learning_rate=0.01), (1e-12,), n_steps=50).measured == (None,)
    assert escapes(ls.PerturbedGD(learning_rate=0.01), (1e-3,), n_steps=50).theory == (None,)


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan")])
def test_bad_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match="curvature must be positive"):
        escapes(ls.SGD(), (0.1,), wrong)
    with pytest.raises(ValueError, match="offset must be positive"):
        escapes(ls.SGD(), (wrong,))
