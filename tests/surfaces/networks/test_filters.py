"""THEORY 19: filter-normalized directions on a network's own filters."""

import numpy as np
import pytest

from landscape.analysis.slices import filter_normalized_plane, slice_surface
from landscape.surfaces.networks import Perceptron, moons


@pytest.mark.parametrize("batch_norm", [False, True])
def test_each_filter_keeps_its_length(batch_norm):
    model = Perceptron(moons(n=40), widths=(6, 5), batch_norm=batch_norm)
    x = model.starts(1, seed=3)[0]
    plane = filter_normalized_plane(x, model.filters, seed=1)
    assert len(model.filters) == 6 + 5 + 2
    for place in model.filters:
        lengths = np.linalg.norm(plane.directions[:, place], axis=1)
        assert lengths == pytest.approx([np.linalg.norm(x[place])] * 2, rel=1e-12)
    rest = np.ones(model.n_dims, dtype=bool)
    for place in model.filters:
        rest[place] = False
    assert rest.sum() == (2 * (6 + 5) + 2 if batch_norm else 6 + 5 + 2)
    assert not plane.directions[:, rest].any()


def test_the_directions_are_gaussian():
    """The cosines between filters of many directions have the variance 1/d of Gaussian ones."""
    model = Perceptron(moons(n=40), widths=(40, 40))
    x = model.starts(1)[0]
    place = model.block("W2").filters[0]
    unit = x[place] / np.linalg.norm(x[place])
    drawn = np.concatenate([filter_normalized_plane(x, model.filters, seed=s).directions for s in range(300)])
    cosines = drawn[:, place] @ unit / np.linalg.norm(x[place])
    assert np.mean(cosines) == pytest.approx(0.0, abs=3 / np.sqrt(600 * 40))
    assert np.var(cosines) == pytest.approx(1 / 40, rel=3 * np.sqrt(2 / 600))


def test_scaling_the_weights_of_a_normalized_layer_leaves_the_slice():
    """Under batch normalization w and 3 w are one function; on filter-normalized axes their slices are the same."""
    model = Perceptron(moons(n=40), widths=(6,), batch_norm=True, eps=0.0)
    x = model.starts(1, seed=2)[0]
    longer = x.copy()
    longer[model.block("W1").slice] *= 3.0
    axis = np.linspace(-1, 1, 7)
    one, other = (
        slice_surface(model, filter_normalized_plane(point, model.filters, seed=4), axis, axis) for point in (x, longer)
    )
    grids = [next(v for v in vars(s).values() if getattr(v, "shape", None) == (7, 7)) for s in (one, other)]
    assert np.abs(grids[0] - grids[1]).max() < 1e-11
