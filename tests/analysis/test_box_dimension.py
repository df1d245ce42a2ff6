"""Dimensions counted by boxes, on figures whose dimension is known."""

import math

import numpy as np
import pytest

from landscape.analysis.box_dimension import boundary, box_dimension


def test_known_figures():
    carpet = np.ones((1, 1), dtype=bool)
    for _ in range(8):  # 3 of 4 quarters again and again: dimension ln 3 / ln 2
        carpet = np.block([[carpet, carpet], [carpet, np.zeros_like(carpet)]])
    assert box_dimension(carpet) == pytest.approx(math.log(3) / math.log(2), abs=1e-12)
    x, y = np.meshgrid(np.linspace(-1, 1, 256), np.linspace(-1, 1, 256))
    assert box_dimension(boundary(np.hypot(x, y) < 0.8)) == pytest.approx(1.0, abs=0.1)
    assert box_dimension(boundary(x < 0.31)) == pytest.approx(1.0, abs=1e-12)
    noise = np.random.default_rng(0).random((256, 256)) < 0.5
    assert box_dimension(boundary(noise)) > 1.9


def test_nothing_drawn_and_what_is_refused():
    assert math.isnan(box_dimension(np.zeros((16, 16))))
    for shape in ((16, 32), (24, 24), (8, 8)):
        with pytest.raises(ValueError, match="power of 2"):
            box_dimension(np.ones(shape))
