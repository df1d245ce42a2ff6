"""A user's own table: what is understood, and that each fault is named with its line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.surfaces.networks import Softmax, parse_table, read_table

GOOD = "width,height,kind\n1,2,round\n3,4.5,square\n5,-1e-3,round\n"


def test_understood():
    data = parse_table(GOOD)
    assert data.inputs.tolist() == [[1, 2], [3, 4.5], [5, -0.001]]
    assert data.labels.tolist() == [0, 1, 0]
    assert data.classes == ("round", "square")
    assert data.features == ("width", "height")


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "\n\n" + GOOD.replace("\n", "\n\n"),
        GOOD.replace(",", " , "),
        GOOD.replace("width", '"width"').replace("round", '"round"'),
        GOOD.rstrip(),
    ],
)
def test_the_same_in_other_clothes(text):
    assert parse_table(text) == parse_table(GOOD)


def test_without_names_and_with_numbered_classes():
    data = parse_table("1,2,10\n3,4,9\n5,6,10")
    assert data.classes == ("9", "10")
    assert data.labels.tolist() == [1, 0, 1]
    assert data.features == ("x1", "x2")


def test_an_unnamed_first_column_is_a_name_too():
    assert parse_table(",a,kind\n0,1,x\n1,2,y").features == ("", "a")


def test_a_comma_in_quotes_stays():
    assert parse_table('a,b,kind\n1,2,"red, dark"\n2,3,blue').classes == ("blue", "red, dark")


def test_a_file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(GOOD, encoding="utf-8-sig")
    data = read_table(path)
    assert data == parse_table(GOOD, title="mine.csv")
    model = Softmax(data.standardized())
    assert np.isfinite(model.value(model.starts(1))).all()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="not text"):
        read_table(path)
    with pytest.raises(OSError, match="nothing"):
        read_table(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,k\n1,,x\n2,3,y", "line 2, column 'b': the value is missing"),
        ("a,b,k\n1,NaN,x\n2,3,y", "line 2, column 'b': the value is missing"),
        ("a,b,k\n1,?,x\n2,3,y", "line 2, column 'b': the value is missing"),
        ("a,b,k\n1,2,x\n2,3,", "line 3: the class is missing"),
        ("a,b,k\n1,2,x\n2,three,y", "line 3, column 'b': 'three' is not a number"),
        ("1,2,x\n2,three,y", "line 2, column 'x2': 'three' is not a number"),
        ("a,b,k\n1,2,x\n2,1_000,y", "'1_000' is not a number"),
        ("a,b,k\n1,2,x\n2,inf,y", "'inf' is not a finite number"),
        ("a,b,k\n1,2,x\n2,1e999,y", "'1e999' is not a finite number"),
        ("a,b,k\n1,2,x\n2,3,4,y", "line 3 has 4 cells; the lines before it have 3"),
        ("a,b,k\n1,2,x\n2,y", "line 3 has 2 cells"),
        ("a,b,k\n1,2,x\n2,3,x", "every row has the class 'x'"),
        ("a,b,k\n1,2,x", "at least 2 rows"),
        ("a,b,k\n1,2,x\n1,3,y", "column 'a' is 1 in every row"),
        ("a,b,k\n", "names of columns but no rows"),
        ("", "no rows"),
        ("\n \n", "no rows"),
        ("x\ny", "at least two columns|no rows"),
        ("1\n2", "at least two columns"),
        ("a,k\n" + "".join(f"{i},{i}\n" for i in range(200)), "200 different values"),
        ('a,b,k\n1,2,"x\n2,3,y', "at least 2 rows|cells|line"),
        ("a,b,k\n1,2,x\x00\n2,3,y", "zero byte"),
        ("a,b,k\n1,2," + "x" * 81 + "\n2,3,y", "81 characters"),
    ],
)
def test_faults_are_named(text, message):
    with pytest.raises(ValueError, match=message):
        parse_table(text)


def test_a_million_rows_are_too_many():
    with pytest.raises(ValueError, match="more than 100,000 rows"):
        parse_table("1,2,x\n3,4,y\n" * 500_000)


def test_a_book_is_refused_unread():
    with pytest.raises(ValueError, match="too long"):
        parse_table("x" * 50_000_001)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from('ab1.,;\n\t" -e\ufeff\x00_NaN'), max_size=60))
def test_any_text_gives_data_or_a_sentence(text):
    said, data = "", None
    try:
        data = parse_table(text)
    except ValueError as error:
        said = str(error)
    assert said or (np.isfinite(data.inputs).all() and len(data.classes) > 1)
