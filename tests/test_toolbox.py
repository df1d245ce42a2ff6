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


@pytest.mark.parametrize("given", ["himmelblau", None, 3, [], RUN])
def test_what_is_of_another_kind_is_refused_in_words(given):
    of_ours = {
        "ls.descend": (ls.plateaus, lambda other: ls.one_step(other, 1)),
        "ls.straight_path": (lambda other: ls.connectivity_scene(other, other),),
        "ls.slice_surface": (ls.slice_scene,),
        "ls.spectrum": (ls.spectrum_scene,),
        "ls.critical_points": (ls.census_scene,),
    }
    for function, takers in of_ours.items():
        for take in takers:
            with pytest.raises(TypeError, match=f"must be what {function} returns, not {type(given).__name__}"):
                take(given)
    for take, name in ((ls.torus_census, "torus_field"), (ls.p_spin_census, "p_spin")):
        with pytest.raises(TypeError, match=f'a surface like ls.surface."{name}", [0-9]+., not'):
            take(given)


def test_text_is_no_point_of_a_plane():
    for make in (ls.random_plane, lambda p: ls.filter_normalized_plane(p, [[0]]), lambda p: ls.Plane(p, p, "")):
        with pytest.raises(TypeError, match="origin must be numbers, not 'here'"):
            make("here")
