from __future__ import annotations

import numpy as np
import pytest

from landscape.analysis.high_dims import (
    DEAR_GRID,
    DEAR_LOOKS,
    PANELS,
    PLANES,
    high_dims_study,
    near,
    plane_of,
    stable_and_unstable,
)
from landscape.analysis.slices import SingularPlane
from landscape.analysis.slices_study import closed_form, slices_study
from landscape.curvature.along import COUNTED_DIMS
from landscape.curvature.spectrum import hessian_eigenvalues
from landscape.errors import UnknownName
from landscape.experiment import Experiment, Run
from landscape.optimizers import optimizer
from landscape.picture.scene import MovingLine, Panel, Path
from landscape.recipe.points import known_saddle
from landscape.recipe.starts import Beside
from landscape.scenes.high_dims import high_dims_scene
from landscape.scenes.slices import slices_scene
from landscape.surfaces.families import family
from landscape.surfaces.networks import Perceptron, moons


def a_run(**settings: float) -> Run:
    surface = family("two_point_saddle", n_dims=20, index=6, **settings)
    walkers = (optimizer("sgd", learning_rate=0.05), optimizer("adam", learning_rate=0.02))
    return Experiment(surface, walkers, Beside(0.1, 1), n_steps=120).run()


def pictured(run: Run, kind: str = "principal", grid: int = 51):
    """The scene of a run on a plane."""
    return high_dims_scene(run, high_dims_study(run.trajectories, kind, seed=run.experiment.seed, grid=grid))


@pytest.mark.parametrize("kind", PLANES)
def test_the_plane_shows_the_nearest_points_and_what_it_hides(kind: str) -> None:
    run = a_run(rotated=True)
    plane, scene = plane_of(run.trajectories, kind), pictured(run, kind, grid=11)
    for trajectory, drawn, off in zip(
        run.trajectories, _paths(scene.panel("plane")), _paths(scene.panel("off_plane")), strict=True
    ):
        # Naive: least squares, a point at a time.
        for step in (0, 40, 120):
            x = trajectory.points[0, step]
            best, *_ = np.linalg.lstsq(plane.directions.T, x - plane.origin, rcond=None)
            assert [drawn.x[step], drawn.y[step]] == pytest.approx(best.tolist(), abs=1e-10)
            rest = np.linalg.norm(x - plane.origin - best @ plane.directions)
            assert off.y[step] == pytest.approx(rest, abs=1e-7)
            at = plane.origin + best @ plane.directions
            assert drawn.hover["loss on the plane"][step] == pytest.approx(float(run.experiment.surface.value(at)))
            assert drawn.hover["loss"][step] == trajectory.values[0, step]
    assert scene.panel("plane").title.startswith("Slice: ")
    assert "slice" in scene.notes[0]


def _paths(panel: Panel) -> list[Path]:
    return [layer for layer in panel.layers if isinstance(layer, Path)]


def test_distances_are_those_along_the_hessians_eigenvectors() -> None:
    run = a_run(rotated=True)
    surface, points = run.experiment.surface, run.trajectories[0].points[0]
    values, vectors = np.linalg.eigh(surface.hessian(np.zeros(20)))
    pair = stable_and_unstable(surface, points)
    assert pair is not None
    np.testing.assert_allclose(pair[0], np.linalg.norm(points @ vectors[:, values > 0], axis=1), atol=1e-9)
    np.testing.assert_allclose(pair[1], np.linalg.norm(points @ vectors[:, values < 0], axis=1), atol=1e-9)


def test_the_spectrum_moves_and_the_index_falls_to_zero() -> None:
    run = a_run()
    scene = pictured(run, grid=11)
    for path, trajectory in zip(_paths(scene.panel("index")), run.trajectories, strict=True):
        assert path.steps is not None
        for step, found in zip(path.steps, path.y, strict=True):
            dense = np.linalg.eigvalsh(run.experiment.surface.hessian(trajectory.points[0, step]))
            assert found == np.sum(dense < 0)
        assert path.y[0] == 6
        assert path.y[-1] == 0
    (outline,) = scene.panel("spectrum").layers
    assert isinstance(outline, MovingLine)
    np.testing.assert_allclose(outline.y[:, ::2].sum(axis=1), 1.0)


@pytest.mark.parametrize("kind", ["extreme", "random"])
def test_a_lean_run_is_shown_at_the_steps_that_it_kept(kind: str) -> None:
    whole = a_run(rotated=True)
    lean = whole.experiment.run(keep=7)
    full, thin = pictured(whole, kind, grid=5), pictured(lean, kind, grid=5)
    kept = lean.trajectories[0].point_steps
    assert kept.tolist() == [0, 20, 40, 60, 80, 100, 120]
    for key in ("plane", "off_plane", "stable", "unstable"):
        for all_of_it, some in zip(_paths(full.panel(key)), _paths(thin.panel(key)), strict=True):
            assert some.steps is not None
            assert some.steps.tolist() == kept.tolist()
            np.testing.assert_allclose(some.y, all_of_it.y[kept], rtol=1e-12, atol=1e-12)
            np.testing.assert_array_equal(some.hover["loss"], all_of_it.hover["loss"][kept])
    for key in ("loss", "gradient_norm"):
        for all_of_it, some in zip(_paths(full.panel(key)), _paths(thin.panel(key)), strict=True):
            np.testing.assert_array_equal(some.y, all_of_it.y)
    for path in _paths(thin.panel("index")):
        assert path.steps is not None
        assert set(path.steps.tolist()) <= set(kept.tolist())


def test_a_path_that_never_moves_has_no_principal_components() -> None:
    surface = family("two_point_saddle", n_dims=5, index=2)
    still = Experiment(surface, ("sgd",), ((0.0,) * 5,), n_steps=20).run()
    with pytest.raises(SingularPlane, match="never moves"):
        plane_of(still.trajectories)
    scene = pictured(still, grid=5)
    assert scene.panel("plane").title == "Slice: random plane (seed 0)"
    assert "never moves" in scene.notes[0]
    assert "random plane instead" in scene.notes[0]
    assert [p.key for p in scene.panels] == [p.key for p in pictured(still, "random", grid=5).panels]
    with pytest.raises(ValueError, match="plane must be"):
        pictured(still, "sideways")


def test_runaways_leave_everything_but_the_principal_plane() -> None:
    surface = family("styblinski_tang", n_dims=6)
    gone = Experiment(surface, (optimizer("sgd", learning_rate=1e3),), ((2.0,) * 6,), n_steps=20).run()
    scene = pictured(gone, grid=5)
    assert "leave the domain at once" in scene.notes[0]
    assert np.isfinite(_paths(scene.panel("loss"))[0].y[:2]).all()


def test_planes_that_cannot_be_are_refused_in_words() -> None:
    surface = family("rosenbrock", n_dims=200)
    run = Experiment(surface, ("adam",), ((0.5,) * 200,), n_steps=5).run()
    with pytest.raises(ValueError, match="no saddle"):
        plane_of(run.trajectories, "extreme")
    with pytest.raises(ValueError, match="plane must be"):
        plane_of(run.trajectories, "sideways")
    with pytest.raises(ValueError, match="no saddle"):
        slices_study(surface)


def test_runaways_leave_the_map() -> None:
    surface = family("two_point_saddle", n_dims=2, index=1)
    assert np.isnan(near(surface, np.array([[0.0, 0.0], [1e9, 0.0]]))[1]).all()


def test_a_slice_is_held_against_the_exact_probability() -> None:
    surface = family("two_point_saddle", n_dims=10, index=3)
    scene = slices_scene(slices_study(surface, grid=5, n_planes=4000))
    exact = closed_form(surface)
    assert exact is not None
    assert exact[0] == pytest.approx(0.8395, abs=1e-4)
    measured = float(scene.notes[0].split("this saddle ")[1].split("%")[0]) / 100
    # Four standard errors of a share of 4000, and the rounding of what is said.
    assert measured == pytest.approx(exact[1], abs=4 * (exact[1] * (1 - exact[1]) / 4000) ** 0.5 + 5e-4)
    assert len(scene.panels) == 6
    assert closed_form(family("power_law_saddle", n_dims=10)) is None


@pytest.mark.parametrize("name", ["rastrigin", "styblinski_tang", "sum_of_cosines"])
def test_a_separable_surface_has_a_known_saddle_beyond_those_that_can_be_listed(name: str) -> None:
    surface = family(name, 300)
    saddle = known_saddle(surface)
    assert saddle is not None
    assert np.linalg.norm(surface.gradient(saddle)) < 1e-6
    values = np.linalg.eigvalsh(surface.hessian(saddle))
    assert values[0] < 0 < values[-1]
    run = Experiment(surface, "sgd", Beside(0.01), n_steps=5).run()
    assert {"stable", "unstable"} <= {panel.key for panel in pictured(run, "random", grid=5).panels}


def test_an_index_that_is_not_counted_is_drawn_as_its_bounds(tmp_path) -> None:
    surface = family("styblinski_tang", COUNTED_DIMS + 1)
    run = Experiment(surface, (optimizer("sgd", learning_rate=0.001),), [np.zeros(surface.n_dims)], n_steps=3).run()
    scene = pictured(run, "random", grid=5)
    low, high = _paths(scene.panel("index"))
    at_start = int((surface.hessian_vector_product(np.zeros(surface.n_dims), np.ones(surface.n_dims)) < 0).sum())
    assert low.y[0] <= at_start <= high.y[0]
    assert (low.y < high.y).all()
    assert any("bounded here, not counted" in note for note in scene.notes)
    scene.save(tmp_path / "numbers.csv")


class Dear(Perceptron):
    """A network whose gradient is said to take long."""

    gradient_cost = 1e7


def test_only_what_is_shown_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Perceptron(moons(n=20), widths=(3,))
    run = Experiment(network, ("sgd",), [network.starts(1)[0]], 10).run()

    def never(*args: object, **options: object) -> None:
        raise AssertionError("this was not asked for")

    for name in ("looks_along", "slice_surface"):
        monkeypatch.setattr(f"landscape.analysis.high_dims.{name}", never)
    study = high_dims_study(run.trajectories, panels=["off_plane", "loss"])
    assert study.panels == ("loss", "off_plane")
    scene = high_dims_scene(run, study)
    assert [panel.key for panel in scene.panels] == ["loss", "off_plane"]
    monkeypatch.setattr("landscape.analysis.high_dims.path_on_plane", never)
    few = high_dims_study(run.trajectories, panels=["loss"])
    assert few.plane is None
    assert [panel.key for panel in high_dims_scene(run, few).panels] == ["loss"]
    with pytest.raises(ValueError, match="did not look at 'index'; it has: loss"):
        high_dims_scene(run, few, panels=["index"])


@pytest.mark.parametrize("panels", [(key,) for key in PANELS])
def test_every_panel_can_stand_alone(panels: tuple[str, ...]) -> None:
    run = Experiment(family("two_point_saddle", 6, index=2), ("sgd",), Beside(0.1), 10).run()
    scene = high_dims_scene(run, high_dims_study(run.trajectories, grid=5, panels=panels))
    assert [panel.key for panel in scene.panels] == list(panels)


@pytest.mark.parametrize(
    ("panels", "refusal", "message"),
    [
        (["map"], UnknownName, "panel 'map'"),
        ([], ValueError, "no panel to show; there are: plane"),
        ("plane", TypeError, r"as \['plane'\]"),
    ],
)
def test_panels_that_there_are_not(panels: object, refusal: type[Exception], message: str) -> None:
    run = Experiment("sphere", ("sgd",), [(1.0, 1.0)], 3).run()
    with pytest.raises(refusal, match=message):
        high_dims_study(run.trajectories, panels=panels)  # type: ignore[arg-type]


def test_where_a_gradient_takes_long_less_is_looked_at_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landscape.analysis.high_dims.COUNTED_DIMS", 3)
    network = Dear(moons(n=20), widths=(40,))
    run = Experiment(network, ("sgd",), [network.starts(1)[0]], 10).run()
    study = high_dims_study(run.trajectories)
    assert study.losses.shape == (DEAR_GRID, DEAR_GRID)
    (looks,) = study.looks
    assert len(looks.steps) == DEAR_LOOKS
    counted = [hessian_eigenvalues(network, run.trajectories[0].points[0, step]) for step in looks.steps]
    for k, values in enumerate(counted):
        assert looks.smallest[k] == pytest.approx(values[0], rel=1e-4)
