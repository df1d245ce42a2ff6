"""The looks of the README's table take what people give: names of surfaces, one path or several; else they say so."""

import numpy as np
import pytest
from numpy.testing import assert_equal

import landscape as ls

POINT, PLANE = [3.1, 2.2], ls.Plane(np.zeros(2), np.eye(2), "the coordinates themselves")
RUN = ls.Experiment("himmelblau", ("sgd",), [(1.0, 1.0)], n_steps=20).run()

LOOKS = {
    "spectrum": lambda s: ls.spectrum(s, POINT).each[0].eigenvalues,
    "top_eigenvalues": lambda s: ls.top_eigenvalues(s, POINT, 1).largest,
    "hessian_eigenvalues": lambda s: ls.hessian_eigenvalues(s, POINT),
    "spectral_density": lambda s: ls.spectral_density(s, POINT, n_steps=2).nodes,
    "hessian_trace": lambda s: ls.hessian_trace(s, POINT).value,
    "sharpness_along": lambda s: ls.sharpness_along(s, [POINT]),
    "spectrum_along": lambda s: ls.spectrum_along(s, [POINT], [0], 0.1).largest,
    "eigen_plane": lambda s: ls.eigen_plane(s, POINT).directions,
    "slice_surface": lambda s: ls.slice_surface(s, PLANE, [0, 1], [0, 1]).values,
    "straight_path": lambda s: ls.straight_path(s, POINT, [0, 0]).values,
    "bezier_path": lambda s: ls.bezier_path(s, POINT, [0, 0], n_steps=3).values,
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_surface_may_be_given_by_its_name(name):
    assert_equal(LOOKS[name]("himmelblau"), LOOKS[name](ls.surface("himmelblau")))
    with pytest.raises(ValueError, match="did you mean 'himmelblau'"):
        LOOKS[name]("himelblau")
    with pytest.raises(TypeError, match="surface must be a Surface or a registered name"):
        LOOKS[name](3)


@pytest.mark.parametrize("study", [ls.edge_study, lambda paths: ls.high_dims_study(paths, panels=["loss"])])
def test_a_study_takes_one_path_or_several(study):
    assert repr(study(RUN.trajectories[0])) == repr(study(RUN.trajectories))
    for wrong, error, match in (
        (RUN, TypeError, "run.trajectories, or of ls.descend, not Run"),
        (RUN.trajectories[0].points, TypeError, "not ndarray"),
        ([], ValueError, "no trajectory"),
    ):
        with pytest.raises(error, match=match):
            study(wrong)


def test_a_number_of_eigenvalues_is_a_whole_one():
    for k in (2.5, "3"):
        with pytest.raises(TypeError, match="k must be a whole number"):
            ls.spectrum("himmelblau", POINT, k=k)
