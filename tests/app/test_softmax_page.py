from __future__ import annotations

import pytest

from app import softmax_recipe
from app.compute_softmax import board, logistic_difference
from landscape.surfaces.networks import Softmax, parse_table
from tests.app.conftest import opener, said

open_training = opener("softmax_regression")


def test_it_opens_on_a_training_with_the_lectures_numbers() -> None:
    page = open_training()
    assert page.subheader[0].value == "Why are the boundaries straight?"
    assert any("loss = 1.609438" in m.value for m in page.markdown)


@pytest.mark.parametrize("name", ["iris4", "blobs", "spirals", "moons"])
def test_every_data_set_trains_and_comes_back_from_the_address(name: str) -> None:
    page = open_training()
    page.selectbox(key="softmax.data.choice").select(name).run()
    assert not page.exception
    assert not said(page)
    again = open_training(**{key: str(value) for key, value in page.query_params.items()})
    assert not said(again)
    assert again.selectbox(key="softmax.data.choice").value == name
    assert any("logistic regression" in m.value for m in page.markdown) == (name in ("moons",))


def test_the_number_of_classes_is_chosen() -> None:
    page = open_training()
    page.selectbox(key="softmax.data.choice").select("blobs").run()
    page.text_input(key="softmax.classes.box").input("7").run()
    assert "7 classes" in "".join(e.label for e in page.expander)
    page.text_input(key="softmax.classes.box").input("99").run()
    assert "at most 8" in said(page)
    assert "7 classes" in "".join(e.label for e in page.expander)


def test_what_the_page_does_not_compute_is_refused() -> None:
    assert "5,000" in said(open_training(steps="900000"))
    assert "softmax" in said(open_training(surface="perceptron"))
    assert said(open_training(net="{", surface="softmax"))


def test_somebodys_own_table() -> None:
    data = parse_table("a,b,kind\n1,2,x\n3,4,y\n5,1,x\n0,3,y").standardized()
    experiment = softmax_recipe.on_data(softmax_recipe.first(), data)
    softmax_recipe.allow(experiment)
    assert softmax_recipe.name_of(data) is None
    assert isinstance(experiment.surface, Softmax)
    assert softmax_recipe.read(experiment.to_query()) == (experiment, ())


def test_a_clicked_point_has_the_probabilities_of_the_model() -> None:
    experiment = softmax_recipe.first()
    x = experiment.surface.data.inputs[120]
    made = board(experiment, 0, tuple(x))
    assert made.a.argmax() == made.y.argmax() == 2
    assert abs(made.a.sum() - 1.0) < 1e-12


def test_two_classes_are_logistic_regression() -> None:
    experiment = softmax_recipe.on_data(softmax_recipe.first(), softmax_recipe.data_of("moons"))
    assert logistic_difference(experiment, 0) < 1e-12
    with pytest.raises(ValueError, match="two classes"):
        logistic_difference(softmax_recipe.first(), 0)
