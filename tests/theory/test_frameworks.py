"""THEORY 24 as a program: float32 beside float64, and the same in other libraries."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.optimizers import SGD, Adam
from landscape.theory import framework_example, frameworks


def test_float64_arrives_and_float32_stalls():
    fine = frameworks.walk(SGD(learning_rate=0.01), 1000)
    coarse = frameworks.walk(SGD(learning_rate=0.01), 1000, dtype=np.float32)
    assert fine[1] == pytest.approx(0.2, rel=1e-15)
    assert_allclose(fine, framework_example.points(np.arange(1001)), rtol=1e-13, atol=1e-14)
    assert f"{coarse[-1]:.6f}" == "9.999977"
    assert (coarse[636:] == coarse[636]).all()
    assert coarse[635] != coarse[636]
    assert fine[-1] == pytest.approx(9.99999998, abs=5e-9)


def test_other_coefficients_move_the_minimum():
    coefficients = [[2.0], [-8.0], [5.0]]
    assert frameworks.minimum(coefficients) == (2.0, -3.0)
    path = frameworks.walk(Adam(learning_rate=0.1), 2000, coefficients)
    assert path[-1] == pytest.approx(2.0, abs=1e-6)


def test_too_large_a_step_overflows_and_says_so():
    path = frameworks.walk(SGD(learning_rate=1.5), 2000, dtype=np.float32)
    assert not np.isfinite(path[-1])


def test_our_program_runs(capsys):
    exec(frameworks.program("landscape"), {})
    assert capsys.readouterr().out == "[0.2] [9.99999998]\n"


@pytest.mark.parametrize(("library", "module"), [("pytorch", "torch"), ("jax", "jax"), ("tensorflow", "tensorflow")])
def test_other_programs(library, module, capsys):
    """Each is Python that reads well; where the library is installed it runs and arrives."""
    text = frameworks.program(library, n_steps=1000)
    compile(text, library, "exec")
    pytest.importorskip(module)
    exec(text, {})
    assert float(capsys.readouterr().out) == pytest.approx(10.0, abs=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: frameworks.checked([[1.0], [2.0]]), "three finite"),
        (lambda: frameworks.checked([[1.0], [np.nan], [2.0]]), "three finite"),
        (lambda: frameworks.minimum([[0.0], [1.0], [2.0]]), "no minimum"),
        (lambda: frameworks.minimum([[-1.0], [1.0], [2.0]]), "no minimum"),
        (lambda: frameworks.program("caffe"), "library"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
