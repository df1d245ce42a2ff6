"""A class of somebody else's is a full citizen once it is registered."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.declared import LOADED_LATE, REGISTRIES, Registry, failed_entry_points
from landscape.render.words.texts import has_script

SURFACE = ls.surface("himmelblau")


@dataclass(frozen=True)
class Lazy(ls.ElementwiseOptimizer):
    """Gradient descent whose step is a share of the asked one."""

    learning_rate: float = ls.parameter(0.01, 1e-5, 1.0, "step size", log=True, minimum=0.0)
    share: float = ls.parameter(0.5, 0.1, 1.0, "share of the step that is taken", minimum=0.0)

    key = "lazy"
    title = "Lazy"

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        (share,) = hyper
        return x - share * learning_rate * g, slots


@dataclass(frozen=True)
class Halving(ls.Schedule):
    """Half the rate at each step."""

    floor: float = ls.parameter(0.1, 0.0, 1.0, "least factor", minimum=0.0)

    key = "halving"
    title = "Halving"

    def factors(self, n_steps: int) -> Any:
        return np.maximum(0.5 ** np.arange(n_steps), self.floor)


@pytest.fixture
def registered():
    """Both classes in their registries, and the registries as they were afterwards."""
    for room in LOADED_LATE:
        import_module(room)
    before = [dict(registry) for registry in REGISTRIES]
    ls.register(Lazy)
    ls.register(Halving)
    yield
    for registry, members in zip(REGISTRIES, before, strict=True):
        registry.clear()
        registry.update(members)


@pytest.mark.usefixtures("registered")
def test_a_stranger_walks_is_kept_and_comes_back():
    half, whole = ls.optimizer("lazy", share=0.5), ls.SGD(learning_rate=0.005)
    starts = [[1.0, 1.0], [-2.0, 3.0]]
    assert ls.Lazy is Lazy
    assert_allclose(ls.descend(SURFACE, half, starts, 50).points, ls.descend(SURFACE, whole, starts, 50).points)
    assert_allclose(
        ls.ensemble(SURFACE, half, starts, 50).points, ls.ensemble(SURFACE, whole, starts, 50).points, rtol=1e-12
    )
    x = ls.Experiment(SURFACE, ("lazy", ls.Lazy(share=0.25)), starts, 20, schedule=Halving(floor=0.2))
    assert ls.Experiment.from_json(x.to_json()) == x
    assert ls.Experiment.from_query(x.to_query()) == x
    assert x.run().scene().to_plotly().data


@pytest.mark.usefixtures("registered")
def test_the_script_brings_the_class_along():
    x = ls.Experiment(SURFACE, ("lazy", "sgd"), [[1.0, 1.0]], 20, schedule=Halving())
    script = x.to_script()
    assert f"from {Lazy.__module__} import Lazy\n" in script
    assert f"from {Halving.__module__} import Halving\n" in script
    names: dict[str, Any] = {"__name__": "elsewhere"}
    exec(compile(script, "script", "exec"), names)
    assert names["experiment"] == x


def test_the_script_of_a_notebook_says_what_it_needs():
    code = (
        "import dataclasses, landscape as ls\n"
        "@ls.register\n"
        "@dataclasses.dataclass(frozen=True)\n"
        "class Mine(ls.SGD):\n"
        "    key = 'mine'\n"
        "    title = 'Mine'\n"
        "print(ls.Experiment('sphere', 'mine', [[1.0, 1.0]], 5).to_script())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "# Put the definition of Mine here" in done.stdout
    assert "        Mine(learning_rate=" in done.stdout


@pytest.mark.usefixtures("registered")
def test_a_cell_that_runs_again_takes_its_own_place_and_no_other():
    again = dataclasses.make_dataclass("Lazy", [], bases=(Lazy,), frozen=True, namespace={"__module__": __name__})
    assert ls.register(again) is again
    assert ls.OPTIMIZERS["lazy"] is again
    thief = dataclasses.make_dataclass("Thief", [], bases=(Lazy,), frozen=True, namespace={"key": "adam"})
    with pytest.raises(ValueError, match=r"the key 'adam' belongs to landscape\.optimizers\.adam\.Adam"):
        ls.register(thief)


@pytest.mark.usefixtures("registered")
def test_a_surface_is_found_by_its_name_wherever_one_is_asked_for():
    bowl = ls.declare("long_bowl", "Long bowl", "x^2 + stretch*y^2", ((-2, 2), (-2, 2)), group="of_mine",
                      parameters=(ls.Parameter("stretch", 9, 1, 100, "curvature along y"),), minima=[(0, 0)],
                      teaches="A bowl that is longer than wide.", reference="none")  # fmt: skip
    assert ls.register(bowl) is bowl
    x = ls.Experiment(ls.surface("long_bowl", stretch=4), "sgd", [[1.0, 1.0]], 5)
    assert ls.Experiment.from_json(x.to_json()) == x
    assert ls.Experiment.from_query(x.to_query()) == x
    assert x.run().trajectories[0].surface.settings["stretch"] == 4


@pytest.mark.usefixtures("registered")
def test_data_are_what_a_function_says_it_returns():
    def two_points(apart: float = 1.0) -> ls.Data:
        return ls.data("table", inputs=[[0.0, 0.0], [apart, 1.0]], labels=[0, 1], classes=["a", "b"])

    ls.register(two_points)
    assert ls.data("two_points", apart=2.0).inputs[1, 0] == 2.0


class Mutable(ls.SGD):
    """Not a dataclass of its own."""

    key = "mutable"


@dataclass(frozen=True)
class Nameless(ls.ElementwiseOptimizer):
    """Without a key."""

    title = "Nameless"
    learning_rate: float = ls.parameter(0.1, 0.01, 1.0, "step size")

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        return x, slots


@dataclass(frozen=True)
class Rangeless(Nameless):
    """With a number that no slider can offer."""

    key = "rangeless"
    extra: float = 1.0


@dataclass(frozen=True)
class Ruleless(ls.ElementwiseOptimizer):
    """Without a rule."""

    key = "ruleless"
    title = "Ruleless"
    learning_rate: float = ls.parameter(0.1, 0.01, 1.0, "step size")


@dataclass(frozen=True)
class Listed(Nameless):
    """With a list of its own."""

    key = "listed"
    weights: list[float] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class Misnamed(Nameless):
    """With a field that recipes have another use for."""

    key = "misnamed"
    name: float = ls.parameter(0.5, 0.0, 1.0, "a number")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Listed, r"Listed\.weights needs its range"),
        (Misnamed, r"Misnamed\.name cannot be called so"),
        (Mutable, "frozen=True"),
        (Nameless, "needs a key"),
        (Rangeless, r"Rangeless\.extra needs its range"),
        (Ruleless, "lacks rule"),
        (int, "nothing that can be registered"),
        (Lazy(), "nothing that can be registered"),
    ],
)
def test_what_lacks_something_is_told_what(part, words):
    with pytest.raises((TypeError, ValueError), match=words):
        ls.register(part)
    assert "mutable" not in ls.OPTIMIZERS


@pytest.mark.usefixtures("registered")
def test_an_installed_package_offers_its_own(monkeypatch):
    class Offered:
        name, dist = "lazy", None

        def load(self):
            return Lazy

    del ls.OPTIMIZERS["lazy"]
    failed_entry_points.cache_clear()
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Offered()] if group == "landscape" else [])
    assert ls.optimizer("lazy") == Lazy()
    failed_entry_points.cache_clear()


@pytest.mark.parametrize("registry", [r for r in REGISTRIES if isinstance(r, Registry)], ids=lambda r: r.what)
def test_every_class_is_public(registry):
    for cls in registry.values():
        assert getattr(ls, cls.__name__) is cls


def inverse(t):
    """Falls as one over the step."""
    return 1.0 / t


def heavy(rng, gradient, t):
    return gradient + rng.standard_t(3, gradient.shape) / t


@pytest.mark.usefixtures("registered")
def test_a_function_of_the_step_is_a_schedule_and_a_learning_rate():
    run = ls.descend(SURFACE, ls.SGD(learning_rate=lambda t: 0.01 / (1 + t)), [[1.0, 1.0]], 20, lambda t: 0.5)
    assert_allclose(run.learning_rates, 0.005 / np.arange(2, 22))
    many = ls.ensemble(SURFACE, ls.SGD(learning_rate=lambda t: 0.01 / (1 + t)), [[1.0, 1.0]], 20, lambda t: 0.5)
    assert_allclose(many.points, run.points[:, -1], rtol=1e-12)
    for function in (inverse, heavy):
        assert ls.register(function) is function
    assert ls.schedule("inverse").factors(3).tolist() == [1.0, 0.5, 1 / 3]
    x = ls.Experiment(SURFACE, (ls.SGD(learning_rate=inverse), "adam"), [[1.0, 1.0]], 9, schedule=inverse, noise=heavy)
    assert x.optimizers[0] == ls.SGD(learning_rate="inverse")
    assert x.schedule == ls.schedule("inverse")
    assert ls.Experiment.from_json(x.to_json()) == x == ls.Experiment.from_query(x.to_query())
    names: dict[str, Any] = {"__name__": "elsewhere"}
    exec(compile(x.to_script(), "script", "exec"), names)
    assert names["experiment"] == x
    assert "SGD (lr Inverse)" in x.run().scene().caption


def test_each_start_meets_its_own_noise_whoever_is_beside_it():
    both = ls.descend(SURFACE, "sgd", [[1.0, 1.0], [-2.0, 3.0]], 20, noise=heavy, seed=3)
    assert_allclose(ls.descend(SURFACE, "sgd", [[1.0, 1.0]], 20, noise=heavy, seed=3).points[0], both.points[0])
    assert not np.allclose(np.diff(both.points[0], axis=0), np.diff(both.points[1], axis=0))


@dataclass(frozen=True)
class Unregistered(ls.SGD):
    """Has the key of another, and is nobody's."""

    key, title = "adam", "Unregistered"


OWN_BOWL = ls.declare("own_bowl", "Own bowl", "x^2 + stretch*y^2", ((-2, 2), (-2, 2)), group="of_mine",
                      parameters=(ls.Parameter("stretch", 9, 1, 100, "curvature along y", log=True),),
                      minima=[(0, 0)], teaches="A bowl.", reference="none")  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"optimizers": Unregistered()},
        {"optimizers": ls.SGD(learning_rate=lambda t: 0.1 / t)},
        {"schedule": inverse},
        {"noise": heavy},
        {"surface": OWN_BOWL},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_nobody_registered_runs_and_is_shown_and_is_not_written_down(changed):
    x = ls.Experiment(SURFACE, "sgd", [[1.0, 1.0]], 9).replace(**changed)
    scene = x.run().scene()
    assert scene.query == ""
    assert not has_script(scene)
    for write in (x.to_json, x.to_query, x.to_script):
        with pytest.raises(ValueError, match=r"is known here alone.* ls\.register"):
            write()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda t: "a", "at step 1 it gives 'a'"),
        (lambda t: np.ones(2), "must give a number for each step"),
        (lambda t: 1.0 if t < 3 else float("nan"), "gives nan at step 3"),
        (lambda t: 0.1 * (3 - t), r"is -0\.1 at step 4"),
        ("cosine", "learning_rate must be a number"),
    ],
)
def test_a_learning_rate_that_is_none_is_told(function, words):
    with pytest.raises((TypeError, ValueError), match=words):
        ls.descend(SURFACE, ls.SGD(learning_rate=function), [[1.0, 1.0]], 5)


@dataclass(frozen=True)
class Short(Halving):
    """One factor too few."""

    key = "short"

    def factors(self, n_steps: int) -> Any:
        return np.ones(3)


@dataclass(frozen=True)
class Averaging(ls.Optimizer):
    """Gives one point for all starts."""

    learning_rate: float = ls.parameter(0.1, 0.01, 1.0, "step size")
    key, title = "averaging", "Averaging"

    def init(self, x: Any) -> Any:
        return ()

    def update(self, step: Any, state: Any) -> Any:
        return (step.x - step.learning_rate * step.gradient).mean(axis=0), state


def test_what_else_cannot_be_is_told():
    for run in (ls.descend, ls.ensemble):
        with pytest.raises(ValueError, match=r"Averaging\.update must return the new points, of shape \(2, 2\)"):
            run(SURFACE, Averaging(), [[1.0, 1.0], [2.0, 2.0]], 9)
    with pytest.raises(ValueError, match=r"an array of shape \(3,\) .* for 0 steps"):
        ls.register(Short)
    with pytest.raises(ValueError, match=r"an array of shape \(3,\) .* for 9 steps"):
        ls.descend(SURFACE, "sgd", [[1.0, 1.0]], 9, Short())
    with pytest.raises(TypeError, match=r"must give a gradient of 2 numbers; at step 1 .* shape \(1,\)"):
        ls.descend(SURFACE, "sgd", [[1.0, 1.0]], 9, noise=lambda rng, gradient, t: gradient[:1])
    with pytest.raises(ValueError, match="a lambda has no name"):
        ls.register(lambda t: 1.0)
    with pytest.raises(TypeError, match=r"takes the step alone .* rng, gradient, t"):
        ls.register(lambda a, b: 1.0)


@pytest.mark.usefixtures("registered")
def test_the_script_declares_a_surface_of_ones_own(monkeypatch):
    ls.register(OWN_BOWL)
    x = ls.Experiment(ls.surface("own_bowl", stretch=4), "sgd", [[1.0, 1.0]], 5)
    script = x.to_script()
    del ls.SURFACES["own_bowl"]
    names: dict[str, Any] = {"__name__": "elsewhere"}
    exec(compile(script, "script", "exec"), names)
    assert names["experiment"] == x
    assert ls.SURFACES["own_bowl"] == OWN_BOWL


@pytest.mark.parametrize(
    ("surface", "words"),
    [
        (dataclasses.replace(OWN_BOWL, info=dataclasses.replace(OWN_BOWL.info, name="himmelblau")), "belongs to land"),
        (dataclasses.replace(OWN_BOWL, info=dataclasses.replace(OWN_BOWL.info, name="perceptron")), "belongs to land"),
        (dataclasses.replace(OWN_BOWL, info=dataclasses.replace(OWN_BOWL.info, name="two words")), "one word"),
        (dataclasses.replace(OWN_BOWL, expression="x^^2"), "does not fit here"),
        (ls.formula("x^2 + y"), r"has no name: ls\.declare"),
    ],
)
def test_a_surface_takes_nobodys_place_and_can_be_computed(surface, words):
    with pytest.raises(ValueError, match=words):
        ls.register(surface)
    assert ls.SURFACES["himmelblau"] is SURFACE


@pytest.mark.usefixtures("registered")
def test_what_fails_of_installed_packages_is_told_and_the_rest_is_there(monkeypatch):
    def entry(part):
        def load():
            if isinstance(part, BaseException):
                raise part
            return part

        return SimpleNamespace(name=repr(part)[:9], dist=SimpleNamespace(name="lab"), load=load)

    offered = [entry(ImportError("no module")), entry(SystemExit(1)), entry(3), entry(inverse)]
    failed_entry_points.cache_clear()
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: offered)
    problems = failed_entry_points()
    assert [problem.error.split(": ")[0] for problem in problems] == ["ImportError", "SystemExit", "TypeError"]
    assert {problem.package for problem in problems} == {"lab"}
    assert ls.schedule("inverse").factors(2).tolist() == [1.0, 0.5]
    with pytest.raises(ls.UnknownName, match=r"unknown optimizer 'nobody'.*of lab cannot be used: ImportError"):
        ls.optimizer("nobody")
    failed_entry_points.cache_clear()
