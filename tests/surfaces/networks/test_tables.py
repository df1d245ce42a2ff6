"""Tables as people have them: how each is understood, what is left out and said, what is refused and where."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landscape.errors import UnknownName
from landscape.surfaces.networks import Softmax, data_from_recipe, iris, parse_table, read_table
from landscape.surfaces.networks.reading import DELIMITERS, Reading
from landscape.surfaces.networks.tables.encodings import ENCODINGS, decode

GOOD = "width,height,kind\n1,2,round\n3,4.5,square\n5,-1e-3,round\n"
WIDE = 100_000
IRIS = iris(standardize=False)
ROWS = [(*map(repr, row), IRIS.classes[label]) for row, label in zip(IRIS.inputs.tolist(), IRIS.labels, strict=True)]


def lines(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(map(str, row)) + "\n" for row in rows)


def test_understood():
    data = parse_table(GOOD)
    assert data.inputs.tolist() == [[1, 2], [3, 4.5], [5, -0.001]]
    assert data.labels.tolist() == [0, 1, 0]
    assert data.classes == ("round", "square")
    assert data.features == ("width", "height")
    assert data.reading == Reading("", ",", ".", True, "kind")


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace(",", "\t\t"),
        GOOD.replace(",", "|"),
        GOOD.replace(",", " "),
        GOOD.replace(",", "   \t"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\ufeff" + GOOD,
        "\n\n" + GOOD.replace("\n", "\n\n"),
        GOOD.replace(",", " , "),
        GOOD.replace("width", '"width"').replace("round", '"round"'),
        GOOD.replace("1,", '"1",').replace("4.5", '="4.5"').replace("\n3,", "\n'3',"),
        GOOD.rstrip(),
        GOOD + "\x1a",
        GOOD.replace("\n", ",\n"),
        GOOD.replace("\n", ",,\n"),
        GOOD.replace("round\n", "round,\n").replace("square\n", "square,\n"),
        GOOD.replace("kind\n", "kind,\n"),
        "sep=;\n" + GOOD.replace(",", ";"),
        "sep=,\r\n" + GOOD,
        "# from the balance\n" + GOOD,
        "% one\n% two\n\n" + GOOD.replace("\n3", "\n# between, as it were\n3"),
        "# " + GOOD,
        "My measurements,,\n,,\n" + GOOD,
        GOOD.replace(".", ",").replace(",", ";", 2).replace("1,2,", "1;2;").replace("3,4,5,", "3;4,5;").replace(
            "5,-1e-3,", "5;-1e-3;"
        ),
        GOOD.replace(",2,", ",200%,").replace("4.5", "450 %").replace("-1e-3", "−0.1 %"),
        GOOD.replace(",2,", ",2\u200b,").replace("-1e-3", "–1e–3").replace("round\n", "\u200eround\n"),
        '\ufeff"SEP=;"\n' + GOOD.replace(",", ";"),
        GOOD.replace("4.5", "４．５").replace("-1e-3", "－0.001"),
        GOOD.replace("-1e-3", "$-.001").replace("$-", "-$"),
    ],
)  # fmt: skip
def test_the_same_in_other_clothes(text):
    assert parse_table(text) == parse_table(GOOD)


@pytest.mark.parametrize(
    ("table", "header", "features", "classes", "first"),
    [
        # numbers as names
        ("0,1,k\n5,3,a\n2,2,b\n1,7,a", True, "0 1", "a b", [5, 3]),
        ("0,1,k\n5,3,a\n2,2,b", True, "0 1", "a b", [5, 3]),
        ("0,1,2\n5.1,3.5,0\n2.5,2.5,1\n1.5,7.5,0", True, "0 1", "0 1", [5.1, 3.5]),
        ("1,2,3,4\n5.1,3.5,.5,0\n2.5,2.5,.2,1\n1.5,7.5,.1,0", True, "1 2 3", "0 1", [5.1, 3.5, 0.5]),
        ("2019,2020,2021,land\n1.5,2,3,at\n2,4,1,de\n7,1,1,at", True, "2019 2020 2021", "at de", [1.5, 2, 3]),
        ("0,1,fruit\n1.5,2,at\n2,4,de\n7,1,at", True, "0 1", "at de", [1.5, 2]),
        ("x,2019,2020,class\n1.5,2,3,at\n2,4,1,de\n7,1,1,at", True, "x 2019 2020", "at de", [1.5, 2, 3]),
        (",0,1,kind\n0,5,3,a\n1,2,2,b\n2,1,7,a", True, "0 1", "a b", [5, 3]),
        (",0,1,2\n0,5.1,3.5,0\n1,2.5,2.5,1\n2,1.5,7.5,0", True, "0 1", "0 1", [5.1, 3.5]),
        (",0,1\n0,5.1,0\n1,2.5,1\n2,1.5,0", True, "0", "0 1", [5.1]),
        (",2,1,0\n4,5.1,3.5,0\n1,2.5,2.5,1\n2,1.5,7.5,0", False, "x1 x2 x3", "0 1", [4, 5.1, 3.5]),
        ("3,2,at,de\n5,3.5,0\n2,2.5,1\n1,7.5,0", False, "x1 x2", "0 1", [5, 3.5]),
        ("3,2,at\n5,3.5,de\n2,2.5,at\n1,7.5,de", False, "x1 x2", "at de", [3, 2]),
        ("x1,x2,label\n5,3,a\n2,2,b\n1,7,a", True, "x1 x2", "a b", [5, 3]),
        # numbers that are none
        ("1,2,a\n5,3,a\n2,2,b\n1,7,a", False, "x1 x2", "a b", [1, 2]),
        ("0,1,1\n1,0,1\n0,0,0\n1,1,0", False, "x1 x2", "0 1", [0, 1]),
        ("5.1,3.5,a\n2,2,b\n1,7,a", False, "x1 x2", "a b", [5.1, 3.5]),
        ("1,2.5,c\n5,3,a\n2,2,b\n1,7,a", False, "x1 x2", "a b c", [1, 2.5]),
        ("0,1,c\n1,0,b\n0,0,b\n1,1,b", False, "x1 x2", "b c", [0, 1]),
        ("1,a\n2,b\n4,b", False, "x1", "a b", [1]),
        ("NA,2,a\n5,3,a\n2,2,b\n1,7,b", False, "x1 x2", "a b", [5, 3]),
        # one feature
        ("5,1;a\n3,2;b\n1,5;a", False, "x1", "a b", [5.1]),
        ("x;k\n5,1;a\n3,2;b\n1,5;a", True, "x", "a b", [5.1]),
        ("x\tk\n5,1\ta\n3,2\tb", True, "x", "a b", [5.1]),
        ("x k\n5,1 a\n3,2 b", True, "x", "a b", [5.1]),
        ("1,a\n2,a\n3,a\n4,b\n5,b\n6,b", False, "x1", "a b", [1]),
        # decimal signs and thousands
        ("a;b;k\n1,5;2;x\n2;3,25;y", True, "a b", "x y", [1.5, 2]),
        ("a\tb\tk\n1,5\t2\tx\n2\t3,25\ty", True, "a b", "x y", [1.5, 2]),
        ("a b k\n1,5 2 x\n2 3,25 y", True, "a b", "x y", [1.5, 2]),
        ('a,b,k\n"1,5","2,0",x\n"2,5","3,25",y', True, "a b", "x y", [1.5, 2]),
        ('a,b,k\n"1,500",2.5,x\n"12,500,000",3,y', True, "a b", "x y", [1500, 2.5]),
        ("a;b;k\n1.500;2,5;x\n2.500.000;3;y", True, "a b", "x y", [1500, 2.5]),
        ("a;b;k\n1 500,5;2,5;x\n2\u202f500;3;y", True, "a b", "x y", [1500.5, 2.5]),
        ("a;b;k\n1'500.5;2.5;x\n2’500;3;y", True, "a b", "x y", [1500.5, 2.5]),
        ("a;b;k\n0,123;2;x\n0,250;3;y", True, "a b", "x y", [0.123, 2]),
        ("a;b;k\n1,234;2;x\n2,250;3;y", True, "a b", "x y", [1.234, 2]),
        ("a;b;k\n1.234;2;x\n2.250;3;y", True, "a b", "x y", [1.234, 2]),
        ("a,b,k\n12%,€3,x\n50 %,4 €,y", True, "a b", "x y", [0.12, 3]),
        ("a,b,k\n-1.5E+3,.5,x\n+2,5.,y", True, "a b", "x y", [-1500, 0.5]),
        # what parts the cells stands in them too
        ("39, State, 13, <=5\n50, Own, 9, >5\n38, Own, 7, >5", False, "x1 x3", "<=5 >5", [39, 13]),
        ("a,b,c,k\n1 kg,2,5,x\n3 kg,5,1,y\n2 kg,1,1,x", True, "b c", "x y", [2, 5]),
        ('1.5 2 "new, york"\n2 5 rome\n2.5 3 rome', False, "x1 x2", "new, york|rome", [1.5, 2]),
        ("1,2,a;b\n3,5,c;d\n4,4,a;b", False, "x1 x2", "a;b c;d", [1, 2]),
        # classes
        ("1,2,0\n3,4,0.0\n5,6,1\n7,9,1.0", False, "x1 x2", "0 1", [1, 2]),
        ("1,2,10\n3,5,9\n5,6,10", False, "x1 x2", "9 10", [1, 2]),
        ("1,2,0\n3,4,-0\n5,6,-0.0\n7,9,1e0", False, "x1 x2", "0 1", [1, 2]),
        ("1,2,-1\n3,5,+1\n5,6,1", False, "x1 x2", "-1 1", [1, 2]),
        ("a;b;k\n1,5;2;0,0\n2,5;3;1\n3;1;0\n4;9;1,0", True, "a b", "0 1", [1.5, 2]),
        ("a,b,k\n1,2,-\n2,5,none\n3,7,NA\n5,1,null\n2,2,?\n1,9,NaN", True, "a b", "- ? NA NaN none null", [1, 2]),
        ('a,b,kind\n1,2,"red, dark"\n2,3,blue', True, "a b", "blue|red, dark", [1, 2]),
        ("a,b,kind\n1,2,e\u0301te\u0301\n2,3,\u00e9t\u00e9\n5,5,hiver", True, "a b", "hiver été", [1, 2]),
        ("a,b,k\n1,2,9007199254740993\n2,5,9007199254740992\n3,1,9007199254740993", True, "a b",
         "9007199254740992 9007199254740993", [1, 2]),
        ("a,b,k\n1,2,0.1\n2,5,0.10000000000000001\n3,1,.10\n4,4,2", True, "a b", "0.1 0.10000000000000001 2", [1, 2]),
        ("a,b,k\n1,2,1e-999999999999999999999\n2,5,1e300\n3,1,0", True, "a b", "0 1e+300", [1, 2]),
        ("a,b,k\n1,2,01067\n2,5,1067\n3,1,01067", True, "a b", "01067 1067", [1, 2]),
        ("a;b;k\n1;2;01067\n2;5;1067,0\n3;1;1067", True, "a b", "01067 1067", [1, 2]),
        ("a,b,k\n1,2,007\n2,5,10\n3,1,08", True, "a b", "007 08 10", [1, 2]),
        ("a,b,k\n1,2,TRUE\n2,5,True\n3,1,false\n5,4,true", True, "a b", "False True", [1, 2]),
        ("a,b,k\n1,2,Yes\n2,5,no\n3,1,yes\n5,4,NO", True, "a b", "No Yes", [1, 2]),
        ("a,b,k\n1,2,true\n2,5,false\n3,1,true", True, "a b", "false true", [1, 2]),
        ("a,b,class\n1,2,$10\n2,5,€10\n3,1,$10", True, "a b", "$10 €10", [1, 2]),
        ("a,b,k\n1,2,A\n2,5,a\n3,1,A", True, "a b", "A a", [1, 2]),
        # ages, and no numbers of rows
        ("age,a,k\n" + lines([(20 + i * 7 % 20, i * i, "xy"[i % 2]) for i in range(20)]), True, "age a", "x y",
         [20, 0]),
        # the class in another column than the last
        ("species,a,b\nx,1,2\ny,2,5\nx,4,3", True, "a b", "x y", [1, 2]),
        ("a,species,b\n1,x,2\n2,y,5\n4,x,3", True, "a b", "x y", [1, 2]),
        ("target,a,b\n0,1.5,2.5\n1,2.5,5.5\n0,4.5,3.5", True, "a b", "0 1", [1.5, 2.5]),
        ("x,1.5,2.5\ny,2.5,5.5\nx,4.5,3.5", False, "x2 x3", "x y", [1.5, 2.5]),
        ("1,14.2,106\n1,13.2,105\n2,13.1,118\n2,14.3,148", False, "x2 x3", "1 2", [14.2, 106]),
        ("1,14.2,1.7\n1,13.2,1.5\n2,13.1,.9\n2,14.3,1.1\n3,12.9,1.3", False, "x2 x3", "1 2 3", [14.2, 1.7]),
        ("x,y,colour\n1,0,red\n0,1,blue\n1,1,red\n0,0,blue", True, "x y", "blue red", [1, 0]),
        ("Survived,Sex,Age,Fare\n0,m,22,7\n1,f,38,71\n1,f,26,8\n0,m,35,8", True, "Age Fare", "0 1", [22, 7]),
        ("길이,너비,품종\n1,2,가\n3,5,나\n5,1,가", True, "길이 너비", "가 나", [1, 2]),
    ],
)  # fmt: skip
def test_decided(table, header, features, classes, first):
    data = parse_table(table)
    assert data.reading.header == header
    assert data.features == tuple(features.split())
    assert data.classes == tuple(classes.split("|" if "|" in classes else None))
    assert data.inputs[0].tolist() == first


@pytest.mark.parametrize(
    ("table", "gone"),
    [
        # names of rows and numbers of rows
        (lines([("", "a", "b", "c", "d", "kind"), *((i, *row) for i, row in enumerate(ROWS))]), {"x1": "rows"}),
        (lines([("Id", "a", "b", "c", "d", "kind"), *((9 - i, *row) for i, row in enumerate(ROWS))]), {"Id": "rows"}),
        (lines([(i + 1, *row) for i, row in enumerate(ROWS)]), {"x1": "rows"}),
        (lines([(150 - i, *row) for i, row in enumerate(ROWS)]), {"x1": "rows"}),
        (lines([(f"{i}.0", *row) for i, row in enumerate(ROWS)]), {"x1": "rows"}),
        (lines([((i * 37) % 150, *row) for i, row in enumerate(ROWS)]), {"x1": "rows"}),
        (lines([(842_000 + 7919 * i % 8017 * 13, *row) for i, row in enumerate(ROWS)]), {"x1": "ID"}),
        (lines([(*row[:4], i, row[4]) for i, row in enumerate(ROWS)]), {"x5": "rows"}),
        (lines([("a", "b", "c", "d", "k"), *((f'"{i}"', *row) for i, row in enumerate(ROWS))]), {"x1": "rows"}),
        (lines([("a", "b", "c", "d", "k"), *((f"nr{i}", *row) for i, row in enumerate(ROWS))], " "), {"x1": "names"}),
        (lines([("m_id", "a", "b", "c", "d", "k"), *((i * i, *row) for i, row in enumerate(ROWS))]), {"m_id": "rows"}),
        ("sampleID,a,k\n17,1,x\n4,5,y\n9,2,x", {"sampleID": "rows"}),
        ("#,a,b,k\n1,5,2,x\n2,4,3,y\n3,3,3,x", {"#": "rows"}),
        ("번호;a;k\n3;1,5;x\n1;5;y\n2;2;x", {"번호": "rows"}),
        # what tells no rows apart, and what is no number
        ("a,b,c,k\n1,2,7,x\n1,3,7,y", {"a": "1 in every row", "c": "7 in every row"}),
        ("a,b,c,k\n1,2,,x\n2,3,,y", {"c": "empty"}),
        ("a,town,k\n1,Ulm,x\n3,Ulm,y\n2,Rom,x\n5,Rom,y", {"town": "words"}),
        ("a,size,k\n1,5 cm,x\n3,2 cm,y", {"size": "units stand in its cells, as '5 cm'"}),
        ("a,b,k\n1_000,1,x\n2_000,5,y\n3,2,x", {"a": "words"}),
        ("a,day,k\n1,2024-01-31,x\n3,2024-02-01,y", {"day": "dates"}),
        ("day;a;k\n01.02.2024 12:30;1,5;x\n02.02.2024 12:30;2;y", {"day": "dates"}),
        ("a;b;k\n1.5;2,5;x\n2.5;3,5;y", {"a": "decimal sign"}),
        ("a;b;c;k\n1,5;0.5;1,5;x\n2,5;0.25;2,5;y\n3,5;0.5;7;x", {"b": "decimal sign"}),
        ("a,target,species\n1,0,x\n3,0,x\n2,1,y\n5,1,y", {"target": "says 'species' again"}),
        ("a,b,k\n€10,1,x\n$20,5,y\n€15,2,x", {"a": "several currencies, $ and €"}),
        ("a;b;k\n10 £;1;x\n20 ¥;5;y\n15;2;x", {"a": "several currencies, £ and ¥"}),
        ("a,b,k\n12%,1,x\n13,5,y\n20%,3,y", {"a": "partly percentages"}),
        ("a;b;k\n12,5 %;1;x\n13 %;5;y\n0,2;3;y", {"a": "partly percentages"}),
        ("a,b,k\n12%,1,x\n€13,5,y\n€20,3,y", {"a": "partly percentages"}),
        ("a,b,k\n5 cm,1,x\n3,5,y\n40 mm,2,x", {"a": "units stand in its cells, as '5 cm'"}),
        ("a,b,k\n5,1,x\n3k,5,y\n4M,2,x", {"a": "units stand in its cells, as '3k'"}),
        ("t,b,k\n20°C,1,x\n35 °C,5,y\n25°C,2,x", {"t": "units stand in its cells, as '20°C'"}),
        ("day,b,k\n20240131,1,x\n20240201,5,y\n20240205,2,x", {"day": "dates written as numbers"}),
        ("m,b,k\n202401,1,x\n202312,5,y\n202402,2,x", {"m": "dates written as numbers"}),
        ("day;b;k\n01.02;1;x\n13.02;5;y\n31.12;2;x", {"day": "dates written as numbers"}),
        ("timestamp,b,k\n1706659200,1,x\n1706745600,5,y\n1706745601,2,x", {"timestamp": "dates written as numbers"}),
        ("date,b,k\n45292,1,x\n45297,5,y\n45300,2,x", {"date": "dates written as numbers"}),
        ("t,b,k\n12:30,1,x\n2:45:10,5,y\n12:30,2,x", {"t": "dates or times"}),
        ("m,b,k\n2024-01,1,x\n2024-02,5,y\n2024-02,2,x", {"m": "dates or times"}),
        ("a,a,k\n1,1,x\n3,3,y\n4,4,x", {"a (2)": "it is 'a' again"}),
        ("class,a,class\n0,1.5,0\n1,2.5,1\n0,3,0\n1,4,1", {"class (2)": "it is 'class' again"}),
        ("label,a,label_code\nx,1.5,0\ny,2.5,1\nx,3,0", {"label_code": "says 'label' again"}),
        ("a,up,down,move\n1,1,0,up\n2,0,1,down\n5,1,0,up", {"up": "says 'move' again", "down": "says 'move' again"}),
        ("a,b,k\n9007199254740993,1,x\n9007199254740992,5,y", {"a": "beyond the 16th"}),
        ("a,b,k\n01067,1,x\n1067,5,y\n1067,2,y", {"a": "beyond the 16th"}),
        ("zip,b,k\n01067,2,x\n1067,5,y\n10115,3,y", {"zip": "leading zeros"}),
        ("a,b,k\n1,2,x\n,3,y\n,4,x\n,5,y", {"a": "missing"}),
        ("a,b,k\n1,2,x\n1,3,y\n5,,y", {"a": "whole"}),
    ],
)  # fmt: skip
def test_left_out_and_said(table, gone):
    data = parse_table(table)
    reasons = dict(data.reading.left_out)
    assert reasons.keys() == gone.keys()
    for name, reason in gone.items():
        assert reason in reasons[name]
        assert f"{name!r} ({reasons[name]})" in data.reading.sentence
    assert not reasons.keys() & set(data.features)
    if len(table) > 1000:
        assert np.array_equal(data.inputs, IRIS.inputs)
        assert data.classes == IRIS.classes


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a,a,k\n1,2,x\n3,5,y\n4,9,x", "'a (2)' is another column called 'a'"),
        ("a,a (2),a,k\n1,2,5,x\n3,5,6,y\n4,9,5,x", "'a (3)' is another column called 'a'"),
        ("a,b,k\n€10,1,x\n20,5,y\n15 €,2,x", "bare numbers in column 'a' are taken for €"),
        ("a,b,k\n1,2,x\n-999,5,y\n4,1,x", "-999 in column 'a' is taken for a number, though it may stand for none"),
        ("a,b,k\n1,2,x\n7,9999,y\n4,1,x", "9999 in column 'b' is taken for a number, though it may stand for none"),
        ("a,b,k\n1,2,up\n7,9,Up\n4,1,down", "classes 'Up' and 'up' differ in capitals alone"),
        ("a,b,k\n1,2,up\n7,9,up # or so\n4,1,down", "class 'up # or so' may be 'up' and a comment"),
        ("a,b,k\n-99,2,x\n-98,9,y\n99,1,x", ""),
        ("a,b,k\n0%,2,x\n0,9,y\n12%,1,x", ""),
        ("a,b,k\n10.11,2,x\n11.12,9,y\n12.05,1,x", ""),
        ("a,b,k\n1,2,New York\n7,9,New  York\n4,1,Rome", ""),
    ],
)
def test_what_could_have_been_meant_otherwise_is_noted(text, note):
    data = parse_table(text)
    assert data.reading.notes == ((note,) if note else ())
    assert data.reading.sentence.partition(" Note: ")[2] == (f"{note}." if note else "")
    assert len(data.classes) == (3 if "class" in note else 2)


@pytest.mark.parametrize(
    "gap",
    [
        *("", "NA", "?", "nan", "-", "NULL", " ", "N.A.", "<NA>", "NaT", "\\N", "k.A.", "–", "unknown", "-1.#IND"),
        *("#N/A", "#REF!", "#VALUE!", "#WERT!", "#NAME?", "#¡REF!", "#ДЕЛ/0!"),
    ],
)
def test_rows_with_missing_cells_are_counted(gap):
    data = parse_table(f"a,b,k\n1,2,x\n2,{gap},x\n4,3,y\n{gap},1,y\n0,0,\n")
    assert data.inputs.tolist() == [[1, 2], [4, 3]]
    assert data.reading.n_left_out == 3
    assert "3 rows with missing cells (the first: line 3, column 'b')" in data.reading.sentence
    numbered = parse_table(f"a,b,k\n1,2,0\n2,5,{gap}\n4,3,1\n")
    assert numbered.classes == ("0", "1")
    assert numbered.reading.n_left_out == 1


EUROPEAN = "Größe;Länge;Art\n1,5;2;süß\n2,5;3;schön\n3;9;süß\n"
KOREAN = "꽃받침 길이,꽃잎 길이,품종\n5.1,3.5,부채붓꽃\n4.9,3,부채붓꽃\n6.2,5.1,제주붓꽃\n"
JAPANESE = "長さ,幅,種類\n1,2,りんご\n3,4,みかん\n5,1,りんご\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (KOREAN, "utf-8", "utf-8"),
        (KOREAN, "utf-8-sig", "utf-8"),
        (KOREAN, "cp949", "cp949"),
        (KOREAN, "euc-kr", "cp949"),
        (KOREAN, "utf-16", "utf-16-le"),
        (KOREAN, "utf-16-le", "utf-16-le"),
        (KOREAN, "utf-16-be", "utf-16-be"),
        (KOREAN, "utf-32", "utf-32-le"),
        ("x,y,k\n1,2,가\n3,4,나\n", "cp949", "cp949"),
        ("x,y,성별\n1,2,남\n3,4,여\n", "cp949", "cp949"),
        (EUROPEAN, "latin-1", "cp1252"),
        (EUROPEAN, "cp1252", "cp1252"),
        (EUROPEAN, "mac-roman", "mac_roman"),
        ("Taille;Âge;Espèce\n1,5;2;élevé\n2,5;3;modéré\n", "cp1252", "cp1252"),
        ("Preis €;Länge;Art\n1.000,50 €;3;süß\n2.500 €;5;sauer\n", "cp1252", "cp1252"),
        ("temp °C,area m²,kind\n1,2,x\n3,4,y\n", "latin-1", "cp1252"),
        (JAPANESE, "shift-jis", "cp932"),
        ("x,y,クラス\n1,2,リンゴ\n3,4,ミカン\n", "shift-jis", "cp932"),
        (JAPANESE, "euc-jp", "euc_jp"),
        ("长度,宽度,种类\n1,2,苹果\n3,4,梨\n", "gb18030", "gb18030"),
        ("長度,寬度,種類\n1,2,蘋果\n3,4,梨\n", "big5", "big5"),
        ("Длина,Ширина,Вид\n1,2,роза\n3,4,ирис\n", "cp1251", "cp1251"),
        ("μήκος,είδος\n1,γάτα\n2,σκύλος\n", "cp1253", "cp1253"),
    ],
)
@pytest.mark.parametrize("repeated", [1, 60])
def test_encodings(text, encoding, found, repeated):
    head, body = text.split("\n", 1)
    text = f"{head}\n{body * repeated}"
    assert decode(text.encode(encoding)) == (text, found)
    data = parse_table(text.encode(encoding))
    assert data == parse_table(text)
    assert data.reading.encoding == found


@pytest.mark.parametrize(
    ("above", "names", "skipped"),
    [
        ("", "the first line", ""),
        ("My measurements\n\n", "line 3", "1 line of titles or comments (the first: line 1)"),
        ("\n# from the balance\n# again\n", "line 4", "2 lines of titles or comments (the first: line 2)"),
        ("Mine\n% one\n\n", "line 4", "2 lines of titles or comments (the first: line 1)"),
        ("\n\n", "line 3", ""),
        ("# ", "the first line", ""),
    ],
)
def test_what_stands_above_the_names_is_said(above, names, skipped):
    data = parse_table(above + GOOD)
    assert data == parse_table(GOOD)
    assert f"names in {names}," in data.reading.sentence
    assert data.reading.sentence.partition(" Left out: ")[2] == (f"{skipped}." if skipped else "")


def test_an_encoding_can_be_said():
    raw = "délka,růže\n1,žlutá\n2,bílá\n".encode("cp1250")
    assert parse_table(raw, encoding="cp1250").classes == ("bílá", "žlutá")
    with pytest.raises(ValueError, match="not text in utf-8"):
        parse_table(raw, encoding="utf-8")
    with pytest.raises(ValueError, match="no encoding 'utf-9'"):
        parse_table(raw, encoding="utf-9")


def test_what_is_guessed_can_be_said():
    text = "id,a,b,k\n1,5,7,x\n2,5.5,7,y\n3,9,8,x\n"
    assert parse_table(text, features=("id", "b")).features == ("id", "b")
    assert parse_table(text, target="b").classes == ("7", "8")
    assert parse_table(text, target="b").reading.target == "b"
    plain = parse_table("0,1,k\n5,3,a\n2,2,b\n1,7,a", header=False)
    assert plain.n_rows == 4
    assert plain.classes == ("a", "b", "k")
    named = parse_table("5,3,a\n2,2,b\n1,7,a", header=True)
    assert named.features == ("5", "3")
    german = "a;b;k\n1,234;2;x\n2,250;3;y"
    assert parse_table(german, decimal=".").inputs.tolist() == [[1234, 2], [2250, 3]]
    assert parse_table("1,2;x\n3,4;y", delimiter=",").classes == ("2;x", "4;y")
    assert parse_table("a,a,k\n1,2,x\n3,4,y").features == ("a", "a (2)")


def test_the_record_travels_with_the_data():
    data = parse_table("id;a;b;k\n1;5,5;7;x\n2;5;;y\n3;9;8;x\n7;7;7;y\n".encode("cp949"), title="mine")
    again = data_from_recipe(json.loads(json.dumps(data.recipe())))
    assert again == data
    assert again.reading == data.reading
    assert data.standardized().select([0]).reading == data.reading
    with pytest.raises(ValueError, match="delimiter"):
        data_from_recipe(data.recipe() | {"reading": data.reading.recipe() | {"delimiter": "x"}})
    with pytest.raises(TypeError):
        data_from_recipe(data.recipe() | {"reading": [1]})


def test_files(tmp_path):
    for name in ("mine.csv", "mine.data", "mine.tsv", "mine.dat", "mine"):
        path = tmp_path / name
        path.write_text(GOOD, encoding="utf-8-sig")
        assert read_table(path) == parse_table(GOOD, title=name)
    model = Softmax(read_table(path).standardized())
    assert np.isfinite(model.value(model.starts(1))).all()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="not text"):
        read_table(path)
    with pytest.raises(OSError, match="nothing"):
        read_table(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,k\n1,,x\n2,3,y\n,4,x", "at least 2 rows, not 1; 2 with missing cells .* line 2, column 'b'"),
        ("a,b,k\n1,2,x\n2,3,", "at least 2 rows, not 1; 1 with missing cells .* line 3, column 'k'"),
        ("a,b,k\n1,2,x\n2,three,y", "line 3, column 'b': 'three' is not a number"),
        ('a,b,k\n"1\n",2,x\n\n2,three,y', "line 5, column 'b': 'three' is not a number"),
        ("# made\n\na,b,k\n1,2,x\n2,three,y", "line 5, column 'b': 'three' is not a number"),
        ("1,2,x\n2,three,y", "line 2, column 'x2': 'three' is not a number"),
        ("one,2,x\n2,3,y\n4,5,x", "line 1, column 'x1': 'one' is not a number"),
        ("a,b,k\n1,2,x\n2,1_000,y", "'1_000' is not a number"),
        ("a,b,k\n1,2,x\n2,0x10,y", "'0x10' is not a number"),
        ("a,b,k\n1,2,x\n2,inf,y", "'inf' is not a finite number"),
        ("a,b,k\n1,2,x\n2,1e999,y", "'1e999' is not a finite number"),
        ("a;b;k\n1,5;2,5;x\n2,5;3.5;y", "'3.5' is not a number"),
        ("a,b,k\n1,2,x\n2,3,4,y", "line 3 has 4 cells; the other lines have 3"),
        ("\n# c\na,b,k\n1,2,x\n2,3,4,y", "line 5 has 4 cells"),
        ("a,b,k\n1,2,x\n2,y", "line 3 has 2 cells; the other lines have 3"),
        ("a b k\n1 2 x\n2 y\n3 4 x", "line 3 has 2 cells"),
        ("a,b,k\n1,2,x\n2,3,x", "every row has the class 'x'"),
        ("1,2,x\n2,3,x", "every row has the class 'x'"),
        ("a,b,k\n1,2,x", "at least 2 rows"),
        ("a,k\n1,x\n1,y", "no column of numbers is left to learn from: column 'a': 1 in every row"),
        ("town,k\nUlm,x\nRom,y", "no column of numbers .* column 'town'"),
        ("a,b,k\n", "names of columns but no rows"),
        ("", "no rows"),
        (";", "no rows"),
        ("# only\n", "no rows"),
        ("words only", "no rows"),
        ("\n \n", "no rows"),
        ("x\ny", "at least two columns"),
        ("1\n2", "at least two columns"),
        ("a,k\n" + "".join(f"{i},{i}\n" for i in range(200)), "200 different values"),
        ('a,b,k\n1,2,"x\n2,3,y', "line 2 opens a quotation mark that nothing closes"),
        ("a,b,k\n1,2,x\x00\n2,3,y", "zero byte"),
        ("a,b,k\n1,2," + "x" * 81 + "\n2,3,y", "81 characters"),
        (b"PK\x03\x04....", "Excel workbook"),
        ("x,y\n.1,1.05\n.2,1.93\n.3,3.1", "no column looks like a class: the last, 'y', has 3 different numbers"),
        ("a,b,k\n1,2,x\n2\n3,4,y", "line 3 has 1 cell;"),
        ("a,k\n" + "1" * 200_000 + ",x\n2,y", "longer than 131,072"),
        ('{"a": 1, "k": "x"}\n{"a": 2, "k": "y"}', "JSON"),
        ('[{"a": 1, "k": "x"}]', "JSON"),
        ("1 1:0.5 2:0.3\n-1 1:0.2 2:0.7\n1 1:.1 2:.9", "LIBSVM"),
        ("% made\n@relation x\n@attribute a numeric\n@data\n1,2,x", "ARFF"),
        ("a,b,k\n5,1,x\n3 cm,5,y\n4,2,x", "line 3, column 'a': '3 cm' is not a number"),
        ("<table><tr><td>1</td></tr></table>", "HTML"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x80\x04\x95\x00\x00\xff\xfe\x81\x00", "not text"),
    ],
)
def test_faults_are_named(text, message):
    with pytest.raises(ValueError, match=message):
        parse_table(text)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"target": "kin"}, "kind"),
        ({"features": ("widht",)}, "width"),
        ({"features": ("kind",)}, "unknown column"),
        ({"decimal": "'"}, "decimal sign"),
    ],
)
def test_columns_that_are_none(said, message):
    with pytest.raises(UnknownName, match=message):
        parse_table(GOOD, **said)


def test_features_that_are_asked_for_must_do():
    with pytest.raises(ValueError, match="'a' is 1 in every row"):
        parse_table("a,b,k\n1,2,x\n1,3,y", features=("a",))
    with pytest.raises(ValueError, match="line 2, column 'town': 'Ulm' is not a number"):
        parse_table("a,town,k\n1,Ulm,x\n3,Rom,y", features=("town",))
    with pytest.raises(
        ValueError, match=r"column .a.: its numbers are in several currencies, \$ and €; write them in one"
    ):
        parse_table("a,b,k\n$10,1,x\n€20,5,y", features=("a",))
    with pytest.raises(ValueError, match="no column of numbers"):
        parse_table(GOOD, features=())
    with pytest.raises(ValueError, match="a delimiter is one of"):
        parse_table(GOOD, delimiter="x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lines([["a"] * WIDE, [1] * WIDE]), "line 1 has 100,000 cells; a table may have at most 1,000 columns"),
        (lines([["a"] * WIDE, [1] * WIDE], "\t"), "line 1 has 100,000 cells"),
        (lines([["a"] * WIDE, [1] * WIDE], " "), "line 1 has 100,000 cells"),
        ("a,b\n" + ",".join(["1"] * WIDE), "line 2 has 100,000 cells"),
        ("1,2,x\n3,4,y\n" * 500_000, "more than 100,000 rows"),
        (("1," * 99 + "x\n") * 60_000, "60,000 lines of 100 cells are more than the 5,000,000"),
        ("x" * 50_000_001, "too long"),
    ],
    ids=["commas", "tabs", "blanks", "second line", "rows", "cells", "characters"],
)
def test_what_is_too_large_is_refused_before_it_is_a_table(text, message, monkeypatch):
    import pandas as pd

    monkeypatch.delattr(pd, "read_csv")
    with pytest.raises(ValueError, match=message):
        parse_table(text)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from('ab1.,;\n\t" -e\ufeff\x00_NaN#%'), max_size=60))
def test_any_text_gives_data_or_a_sentence(text):
    said, data = "", None
    try:
        data = parse_table(text)
    except ValueError as error:
        said = str(error)
    assert said or (np.isfinite(data.inputs).all() and len(data.classes) > 1)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60), st.sampled_from([None, *ENCODINGS]))
def test_any_bytes_give_data_or_a_sentence(raw, encoding):
    said, data = "", None
    try:
        data = parse_table(raw, encoding=encoding)
    except ValueError as error:
        said = str(error)
    assert said or len(data.classes) > 1


numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@st.composite
def written(draw):
    """A table as somebody's program writes it: bytes, and what is in it."""
    width = draw(st.integers(1, 4))
    n = draw(st.integers(6, 25))
    inputs = [draw(st.lists(numbers, min_size=width, max_size=width, unique=True)) for _ in range(n)]
    classes = draw(st.lists(st.sampled_from(["süß", "sauer", "none", "-", "NA", "été"]), min_size=2, unique=True))
    words = [classes[i % len(classes)] for i in range(n)]
    names = [f"größe{i}" for i in range(width)]
    delimiter = draw(st.sampled_from(sorted(DELIMITERS)))
    decimal = draw(st.sampled_from(".," if delimiter != "," else "."))
    place = draw(st.sampled_from([0, width]))
    rows = [[repr(x).replace(".", decimal) for x in row] for row in inputs]
    for row, word in zip(rows, words, strict=True):
        row.insert(place, word)
    if header := draw(st.booleans()):
        rows.insert(0, [*names[:place], "class", *names[place:]])
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
    raw = "".join(delimiter.join(row) + end for row in rows).encode(encoding)
    return raw, np.array(inputs), words, names if header else None, delimiter, decimal


@settings(deadline=None, max_examples=150)
@given(written())
def test_what_is_written_is_read(made):
    raw, inputs, words, names, delimiter, decimal = made
    # Columns that are left out, as constant ones, have tests of their own.
    assume(not np.isclose(np.diff(inputs, n=2, axis=0), 0.0).all(axis=0).any())
    data = parse_table(raw)
    assert np.array_equal(data.inputs, inputs)
    assert [data.classes[label] for label in data.labels] == words
    assert data.reading.header == (names is not None)
    assert names is None or list(data.features) == names
    assert data.reading.delimiter == delimiter
    assert data.reading.decimal == decimal or "e" in raw.decode(errors="replace")
