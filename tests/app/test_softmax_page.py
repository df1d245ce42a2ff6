from __future__ import annotations

import pytest

from app.ask.data import OFFERED, data_of, name_of, on_data
from app.pages import softmax_regression
from landscape.analysis.classified import arithmetic_of, logistic_difference
from landscape.surfaces.networks import Softmax, blobs, digits, iris, moons, parse_table
from tests.app.conftest import opener, said

open_training = opener("softmax_regression")
TABLE = "id;a;b;c;fest;종류\n1;1,5;2;7;1;x\n2;3;4;8;1;y\n3;5;1;7;1;x\n4;0;3,5;8;1;y\n5;2;2;7;1;x\n"


def test_it_opens_on_a_training_with_the_lectures_numbers() -> None:
    page = open_training()
    assert page.title[0].value == "Why are the boundaries straight?"
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
    experiment = on_data(softmax_regression.first(), data)
    softmax_regression.allow(experiment)
    assert name_of(data) is None
    assert isinstance(experiment.surface, Softmax)
    assert softmax_regression.rules.read(experiment.to_query(), softmax_regression.first()) == (experiment, ())


def test_a_name_is_read_from_the_rule_that_data_carry(monkeypatch) -> None:
    made = {name: data_of(name, 3) for name in OFFERED}
    others = [blobs(n=50), iris(columns=(0, 1)), moons(noise=0.3), digits(classes=(1, 2)), parse_table(TABLE)]
    monkeypatch.setattr("landscape.surfaces.networks.datasets.Data", None)  # none is made to learn a name
    assert {name: name_of(data) for name, data in made.items()} == {name: name for name in made}
    assert [name_of(data) for data in others] == [None] * len(others)


def open_table(page, raw: bytes, name: str = "mine.csv") -> None:
    page.get("file_uploader")[0].set_value((name, raw, "text/csv")).run()
    assert not page.exception


def lines(page) -> str:
    return "\n".join(caption.value for caption in page.caption).replace("\\", "")


def labels(page) -> str:
    return "".join(e.label for e in page.expander).replace("\\", "")


def test_how_a_table_was_read_is_said_and_can_be_said_otherwise() -> None:
    page = open_training()
    open_table(page, TABLE.encode("cp949"))
    assert not said(page)
    assert "Read as cp949: semicolons, decimal comma, names in the first line, class '종류'" in lines(page)
    assert "columns 'id' (it numbers the rows), 'fest' (1 in every row)" in lines(page)
    page.selectbox(key="softmax.table.decimal").select(".").run()
    assert "decimal comma" in lines(page)
    assert "is left to learn from" in said(page) or "not a number" in said(page)
    page.selectbox(key="softmax.table.decimal").select("").run()
    assert not said(page)
    page.multiselect(key="softmax.table.features").select("id").run()
    assert "'fest' (not asked for)" in lines(page)
    assert "'id'" not in lines(page)
    page.selectbox(key="softmax.table.target").select("c").run()
    assert "class 'c'" in lines(page)
    page.selectbox(key="softmax.table.target").select("").run()
    page.selectbox(key="softmax.table.header").select(False).run()
    assert said(page)
    page.selectbox(key="softmax.table.header").select(True).run()
    page.selectbox(key="softmax.view.across").select(2).run()
    assert not said(page)
    assert page.query_params["across"] == "2"
    assert "c across, b up" in labels(page)
    page.selectbox(key="softmax.view.up").select(2).run()
    assert "b across, c up" in labels(page)
    again = open_training(**{key: str(value) for key, value in page.query_params.items()})
    assert not said(again)
    assert lines(again) == lines(page)
    assert "b across, c up" in labels(again)


def test_a_file_that_is_refused_stays_open_to_be_read_otherwise() -> None:
    page = open_training()
    open_table(page, b"a,b,kind\n1,2,x\n2,three,y\n4,1,x\n")
    assert "Line 3, column 'b': 'three' is not a number" in said(page)
    page.selectbox(key="softmax.data.choice").select("moons").run()
    open_table(page, b"a,kind\n1,x\n2,y\n4,x\n")
    assert "two features" in said(page)


def trained(experiment):
    return experiment.surface, experiment.run().trajectories[0].final_points[0]


def test_a_clicked_point_has_the_probabilities_of_the_model() -> None:
    experiment = softmax_regression.first()
    x = experiment.surface.data.inputs[120]
    made = arithmetic_of(*trained(experiment), tuple(x))
    assert made.a.argmax() == made.y.argmax() == 2
    assert abs(made.a.sum() - 1.0) < 1e-12


def test_two_classes_are_logistic_regression() -> None:
    experiment = on_data(softmax_regression.first(), data_of("moons"))
    assert logistic_difference(*trained(experiment)) < 1e-12
    with pytest.raises(ValueError, match="two classes"):
        logistic_difference(*trained(softmax_regression.first()))
