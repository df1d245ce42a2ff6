import string

import pytest

from app.text import caret, number, plain, point, sentence


def test_plain_escapes_every_mark_that_markdown_or_html_reads() -> None:
    assert plain(string.punctuation) == "".join(f"\\{mark}" for mark in string.punctuation)


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\u2028b", "a\x00b", "a\u202eb"])
def test_plain_is_one_line_without_control_characters(text: str) -> None:
    assert plain(text).isprintable()
    assert plain(text).startswith("a ")


def test_plain_is_cut() -> None:
    assert plain("x" * 400, 10) == "x" * 9 + "…"


def test_sentence_begins_with_a_capital_and_ends_with_a_stop() -> None:
    assert sentence(ValueError("too many steps")) == "Too many steps."
    assert sentence("did you mean 'sgd'?") == "Did you mean 'sgd'?"
    assert sentence(ValueError()) == "This was refused."


def test_numbers_as_people_read_them() -> None:
    assert [number(x) for x in (0.0, -1.5, 1e-7, 2.5e12, float("nan"))] == ["0", "−1.5", "1e−7", "2.5e12", "nan"]
    assert number(1e-12) == "1e−12"
    assert point((0.1234567, -2.0)) == "(0.123, −2)"


@pytest.mark.parametrize("position", [0, 3, 20, 60, 99, 100, 1000, -5])
def test_caret_stands_under_the_character_it_means(position: int) -> None:
    text = "".join(chr(ord("a") + k % 26) for k in range(100))
    above, below = caret(text, position).split("\n")
    column = below.index("^")
    meant = min(max(position, 0), 100)
    assert below.strip() == "^"
    assert (above + " ")[column] == (text[meant] if meant < 100 else " ")


def test_caret_keeps_one_line_whatever_was_typed() -> None:
    assert caret("x\n+\ty", 3).count("\n") == 1


@pytest.mark.parametrize("typed", ["e^2x", "x3", "x(1)", "1/2x", "√x^"])
def test_a_formula_keeps_its_letters_at_the_start_of_a_sentence(typed):
    assert sentence(f"{typed} can be read in two ways").startswith(f"{typed} can")


@pytest.mark.parametrize("word", ["a", "learning_rate", "whole-number", "here,"])
def test_a_word_at_the_start_of_a_sentence_has_a_capital(word):
    assert sentence(f"{word} is not accepted")[0] == word[0].upper()
