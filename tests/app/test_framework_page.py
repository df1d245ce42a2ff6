from __future__ import annotations

import numpy as np
import pytest

import landscape as ls
from landscape.scenes.framework_example import framework_scene
from tests.app.conftest import opener, payload_of, said

open_example = opener("framework_example")


def test_it_opens_on_the_lectures_program_in_four_languages() -> None:
    page = open_example()
    programs = [code.value for code in page.code]
    for library in ("import landscape", "import tensorflow", "import torch", "import jax"):
        assert any(program.startswith(library) for program in programs)
    assert payload_of(page)["n_steps"] == 1000


def test_other_coefficients_move_the_minimum_and_the_programs() -> None:
    page = open_example()
    page.text_input(key="framework.coefficients.b.box").input("-10").run()
    assert not said(page)
    assert any("minimum is at w \\= 5" in m.value for m in page.markdown)
    assert any("[[1.0], [-10.0], [100.0]]" in code.value for code in page.code)
    again = open_example(**{key: str(value) for key, value in page.query_params.items()})
    assert payload_of(again) == payload_of(page)
    page.text_input(key="framework.coefficients.a.box").input("-1").run()
    assert said(page)
    assert any("minimum is at w \\= 5" in m.value for m in page.markdown)


def test_another_surface_is_refused() -> None:
    assert "one surface" in said(open_example(surface="himmelblau"))
    assert "one surface" in said(open_example(formula="x^2"))


def test_single_precision_stalls_where_double_goes_on() -> None:
    run = ls.Experiment("framework_example", "sgd", [(0.0,)], 1000).replace(optimizers=(ls.SGD(0.01),)).run()
    double, single = framework_scene(run).panel("precision").layers
    assert (double.label, single.label) == ("float64", "float32")
    assert np.all(single.y[636:] == single.y[636])
    assert f"{10 - single.y[-1]:.6f}" == "9.999977"
    assert double.y[-1] < 2e-8
    with pytest.raises(ValueError, match="framework example"):
        framework_scene(ls.Experiment("sphere", "sgd", [(1.0, 1.0)], 5).run())
