"""Lanczos: where a Krylov space ends, and operators without finite products."""

import numpy as np

from landscape.curvature.lanczos import lanczos


def test_lanczos_stops_where_the_krylov_space_ends():
    spectrum = np.array([1.0, 1.0, 2.0, 2.0, 3.0, 0.0])
    krylov = lanczos(
        lambda v: spectrum * v, np.array([[1.0, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 1], [1, 2, 3, 4, 5, 6]]), 6
    )
    values, vectors = krylov.ritz()
    seen = [values[b][np.abs(vectors[b, 0]) > 1e-8].round(10).tolist() for b in range(3)]
    assert seen == [[1.0, 2.0], [0.0], [0.0, 1.0, 2.0, 3.0]]


def test_an_operator_that_is_not_finite_spoils_no_other():
    scale = np.array([[1.0], [np.nan], [np.inf]])
    with np.errstate(invalid="ignore"):  # as in the loop that records paths: what is not finite ends a path
        values, vectors = lanczos(lambda v: scale * np.arange(1.0, 5.0) * v, np.ones((3, 4)), 4).ritz()
    np.testing.assert_allclose(values[0], [1, 2, 3, 4])
    assert np.isnan(values[1:]).all()
    assert np.isnan(vectors[1:]).all()
