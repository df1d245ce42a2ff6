"""Every message has its translation in every language; what is broken or missing is English, never an error."""

import ast
import importlib.util
import pickle
import re
import string
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest

import landscape as ls
from landscape.claims import CLAIMS
from landscape.declared import LOADED_LATE, REGISTRIES
from landscape.language import (
    ENGLISH,
    catalogue,
    closest,
    language,
    languages,
    listed,
    mark,
    of_scripts,
    reads_translated,
    speaking,
    tr,
    trn,
)
from landscape.language.particles import with_particle
from landscape.language.pseudo import PSEUDO
from landscape.parameter import parameters_of
from landscape.surfaces.networks import Data
from landscape.titles import NAMES

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("make_catalogues", ROOT / "assets" / "make_catalogues.py")
make = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make)

OTHERS = [one for one in languages() if one != ENGLISH]


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def numbers(text):
    """Return the numbers that a message itself has, .01 being 0.01."""
    return {number.lstrip("0") for number in re.findall(r"\d*\.?\d+", re.sub(r"\{[^}]*\}", "", text))}


@pytest.mark.parametrize("key", OTHERS)
def test_every_message_has_its_translation_and_no_other_is_kept(key):
    rooms, there = make.extracted(), make.read(key)
    for room, template in rooms.items():
        assert {m.id for m in there[room]} == {m.id for m in template}, f"run assets/make_catalogues.py for {room}"
        assert not [m.id for m in make.lacking(there[room])], room
    assert there.keys() == rooms.keys()


@pytest.mark.parametrize("key", OTHERS)
def test_translations_fill_the_places_of_their_message_and_one_message_is_said_in_one_way(key):
    said = defaultdict(set)
    for catalog in make.read(key).values():
        for message in catalog:
            if not message.id:
                continue
            one, *more = message.id if isinstance(message.id, tuple) else (message.id,)
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            said[message.id].add(forms)
            wanted = places(one).union(*map(places, more)) if places(one) or more else None
            for form in forms:
                assert wanted is None or places(form) | {"n"} == wanted | {"n"}, form
                assert numbers([one, *more][-1]) <= numbers(form), form
    assert {message: forms for message, forms in said.items() if len(forms) > 1} == {}


@pytest.mark.parametrize("key", OTHERS)
def test_a_percent_sign_follows_its_number_without_a_space(key):
    messages = [message for catalog in make.read(key).values() for message in catalog]
    assert [one.id for one in messages if re.search(r"[\d}] %", f"{one.id} {one.string}")] == []


@pytest.mark.parametrize("key", OTHERS)
def test_scripts_of_browsers_get_all_that_they_say_in_a_form_that_they_fill_in(key):
    said = defaultdict(set)
    for message in (one for template in make.extracted().values() for one in template):
        for folder, _, name in (place.rpartition("/") for place, _ in message.locations):
            if name.endswith(".js"):
                said[folder].add(message.id)
    assert len(said["landscape/render/player"]) > 50
    with speaking(key):
        for folder, messages in said.items():
            words = of_scripts(folder)
            assert words.keys() == messages
            # Neither formats nor particles, which Python fills in, nor plurals, which would be pairs.
            assert all(not format_ for text in words.values() for _, _, format_, _ in string.Formatter().parse(text))


def test_what_is_translated_is_a_message_that_is_collected_and_no_sentence_that_was_filled_in_before():
    collected = {message.id for template in make.extracted().values() for message in template}
    for root in ("app", "landscape"):
        for path in (ROOT / root).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(call, ast.Call) or (name := getattr(call.func, "id", "")) not in make.KEYWORDS:
                    continue
                forms = call.args[: len(make.KEYWORDS[name] or (1,))]
                assert not isinstance(forms[0], ast.JoinedStr | ast.BinOp), f"{path}:{call.lineno}"
                # Babel looks into no f-string, and loses the plural of a message with another one among its places.
                if all(isinstance(form, ast.Constant) for form in forms):
                    said = tuple(form.value for form in forms)
                    assert said[0] == "" or (said if len(said) > 1 else said[0]) in collected, f"{path}:{call.lineno}"


def test_every_name_of_a_parameter_is_a_message_and_is_in_use():
    for room in LOADED_LATE:
        import_module(room)
    owners = [*chain(*(registry.values() for registry in REGISTRIES if registry.kind is not Data)), *CLAIMS.values()]
    named = {p.name for one in owners for p in (parameters_of(one) if isinstance(one, type) else one.parameters)}
    assert {name for name in named if len(name) > 3 or name in NAMES} == NAMES


def test_an_unknown_language_is_english_with_a_sentence():
    for tag in ("tlh", "", "../ko", "ko\x00", "x" * 1000):
        with pytest.warns(UserWarning, match="English stands in for it"):
            ls.set_language(tag)
        assert language() == ENGLISH
    with pytest.raises(TypeError, match="a language is text"):
        ls.set_language(None)
    assert [closest(tag) for tag in ("KO", "ko_KR", "ko-Hang-KR", "kok", "fr")] == ["ko", "ko", "ko", None, None]


def test_a_broken_catalogue_or_translation_is_english(tmp_path, monkeypatch):
    folder = tmp_path / "ko"
    folder.mkdir()
    wrong = ["{m} b", "{n[0]}", "{n.real.x}", "{0}", "{n", "{n:이/가/도}", "{n!z}"]
    good = "".join(f'msgid "a{k} {{n}}"\nmsgstr "{said}"\n\n' for k, said in enumerate(wrong))
    begun = 'msgid "c {n}"\nmsgstr ""\n\nmsgid "{n} step"\nmsgid_plural "{n} steps"\nmsgstr[0] ""\n'
    (folder / "just_begun.po").write_text(begun)
    (folder / "good.po").write_text(good + 'msgid "c {n}"\nmsgstr "{n} d"\n')
    (folder / "bad.po").write_text('msgid "unfinished\n')
    for name, header in {
        "codec": "Content-Type: text/plain; charset=none",
        "plural": "Plural-Forms: plural=1/(n-2)",
    }.items():
        (folder / f"{name}.po").write_text(f'msgid ""\nmsgstr ""\n"{header};\\n"\n\nmsgid "e"\nmsgstr "f"\n')
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue.catalogue.cache_clear()
    try:
        with speaking("ko"):
            with pytest.warns(UserWarning, match=r"\.po of the language ko cannot be read") as told:
                assert tr("c {n}", n=1) == "1 d"
            assert [str(one.message).partition(".po")[0] for one in told] == ["bad", "codec", "plural"]
            for k in range(len(wrong)):
                assert tr(f"a{k} {{n}}", n=1) == f"a{k} 1"
            assert tr("nobody {said} this", said="has") == "nobody has this"
            assert trn("{n} step", "{n} steps", 2) == "2 steps"
    finally:
        catalogue.catalogue.cache_clear()


@reads_translated("title")
@dataclass(frozen=True)
class Thing:
    title: str
    number: int = 0


def test_what_was_copied_in_one_language_is_said_in_another_and_nobody_s_own_words_are_translated():
    saddle, own = Thing(mark("Saddle")), Thing("Saddle")
    with speaking(PSEUDO):
        assert saddle.title.startswith("[Šáddlé")
        assert own.title == "Saddle"
        copies = [replace(saddle, number=1), pickle.loads(pickle.dumps(saddle)), Thing(saddle.title)]
        assert tr(saddle.title) == saddle.title
        where = {saddle: 1}
    assert [copy.title for copy in copies] == ["Saddle"] * 3
    assert where[saddle] == where[copies[1]] == 1
    assert hash(copies[2]) == hash(saddle)
    with speaking(PSEUDO):
        assert copies[0].title == saddle.title


def test_a_scene_keeps_the_language_in_which_it_was_made():
    run = ls.Experiment("saddle", ("adam",), [(1.0, 0.1)], n_steps=5).run()
    with speaking("ko"):
        korean = run.scene()
        written = korean.save(BytesIO(), format="txt").caption
    for scene in (korean, pickle.loads(pickle.dumps(korean))):
        assert scene.save(BytesIO(), format="txt").caption == written
    assert "시작점" in written.details
    assert "Start" not in written.body + written.details


def test_a_particle_fits_the_sound_that_its_word_ends_in_when_it_is_read():
    vowel = ["start", "loop", "mask", "rate", "logs", "dropout_rate", "x", "p", "std", "AdamW", "deck.pdf", "Poincaré"]
    vowel += ["w₂", "2", "5%", "∞", "θ", "ｘ", "f(x,y)", "sin(x)", "SGD(나선)"]
    closed = ["offset", "step", "clip", "group", "notebook", "logistic", "string", "time", "n", "nan", "run.json"]
    closed += ["'plane'", "ε₀", "x^2", "y²", "10", "곡면(surface)"]
    liquid = ["saddle", "rule", "l", "lr", "R", "HTML", "w₁", "8", "길(path)"]
    assert [word for word in vowel if with_particle(word, "은/는") != f"{word}는"] == []
    assert [word for word in [*closed, *liquid] if with_particle(word, "은/는") != f"{word}은"] == []
    assert [word for word in closed if with_particle(word, "으로/로") != f"{word}으로"] == []
    assert [word for word in [*vowel, *liquid] if with_particle(word, "으로/로") != f"{word}로"] == []
    assert with_particle(unicodedata.normalize("NFD", "안장점"), "이/가").endswith("이")
    assert [with_particle(word, "이다/다") for word in ("", "🎉", "אוכף")] == ["(이)다", "🎉(이)다", "אוכף(이)다"]


def test_lists_and_numbers_are_written_as_the_language_writes_them():
    with speaking("ko"):
        assert listed(["A", "B", "C"]) == "A, B 및 C"
        assert listed(["A", "B"], any_of=True) == "A 또는 B"
        assert [trn("{n} step", "{n} steps", n) for n in (1, 2)] == ["1회 반복", "2회 반복"]
    with speaking(PSEUDO):
        assert tr("loss {loss:,.1f}", loss=1234.5).startswith("[löšš 1,234.5")
