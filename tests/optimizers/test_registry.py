import copy
import dataclasses
import json
import pickle
import re

import pytest

from landscape.declared import REGISTRIES, Declared
from landscape.errors import UnknownName
from landscape.language import speaking, tr
from landscape.optimizers import NOISES, OPTIMIZERS, SCHEDULES, Noise, Optimizer, Schedule, optimizer, schedule

HANGUL = re.compile("[가-힣]")

FIRST_ORDER = [
    *("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamax", "nadam", "radam"),
    *("adamw", "lion", "adabelief", "yogi", "perturbed_gd"),
]
DECLARED = [registry for registry in REGISTRIES if issubclass(registry.kind, Declared)]
EVERYTHING = [cls for registry in DECLARED for cls in registry.values()]
NAMES = [cls.__name__ for cls in EVERYTHING]


def again(thing):
    """Return what the JSON text of a recipe builds."""
    registry = next(registry for registry in DECLARED if thing.key in registry)
    return registry.from_recipe(json.loads(json.dumps(thing.recipe())))


def test_order_to_show_them():
    assert list(OPTIMIZERS)[: len(FIRST_ORDER)] == FIRST_ORDER
    assert list(SCHEDULES)[:2] == ["constant", "step"]


@pytest.mark.parametrize("cls", EVERYTHING, ids=NAMES)
def test_declared_whole(cls):
    thing = cls()
    assert thing.key
    assert thing.title
    assert cls.__doc__
    numbers = [field for field in dataclasses.fields(cls) if not {"rows", "part"} & set(field.metadata)]
    for p, field in zip(thing.parameters, numbers, strict=True):
        assert p.name == field.name
        assert p.default == field.default == getattr(thing, p.name)
        assert p.minimum <= p.low <= p.high <= p.maximum
        assert p.low <= p.default <= p.high
        assert p.description
        assert p.check(p.low) == p.low
        assert p.check(p.high) == p.high
        assert not p.log or p.low > 0


@pytest.mark.parametrize("cls", EVERYTHING, ids=NAMES)
def test_recipe_builds_it_again(cls):
    thing = cls()
    for p in thing.parameters:
        thing = dataclasses.replace(thing, **{p.name: p.low if p.default != p.low else p.high})
    assert again(thing) == thing
    assert again(cls()) == cls()
    assert pickle.loads(pickle.dumps(thing)) == thing == copy.deepcopy(thing)
    assert hash(again(thing)) == hash(thing)


@pytest.mark.parametrize("cls", EVERYTHING, ids=NAMES)
def test_immutable(cls):
    for p in cls().parameters:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(cls(), p.name, p.default)


@pytest.mark.parametrize("cls", EVERYTHING, ids=NAMES)
@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1e300, "fast", None, [1]])
def test_a_parameter_that_cannot_be_is_named(cls, wrong):
    for p in cls().parameters:
        with pytest.raises((TypeError, ValueError), match=p.name):
            cls(**{p.name: wrong})


def test_numbers_are_taken_as_what_they_stand_for():
    walker = optimizer("adam", learning_rate=1, bias_correction=0)
    assert walker.learning_rate == 1.0
    assert type(walker.learning_rate) is float
    assert walker.bias_correction is False
    assert schedule("step", every=20.0).every == 20
    assert type(schedule("step", every=20.0).every) is int


@pytest.mark.parametrize("wrong", ["0.5", "1", b"1", True])
def test_text_and_truth_values_are_no_numbers(wrong):
    with pytest.raises(TypeError, match="learning_rate must be a number"):
        optimizer("adam", learning_rate=wrong)


@pytest.mark.parametrize(
    ("key", "hyper", "words"),
    [
        ("adam", {"eps": 0}, "eps must be at least"),
        ("adam", {"b1": 1.0}, "b1 must be at least 0 and below 1"),
        ("sgd", {"learning_rate": -0.1}, "learning_rate must be at least 0, not -0.1"),
        ("perturbed_gd", {"wait": 2.5}, "wait must be a whole number"),
        ("momentum", {"averaged": 2}, "averaged must be true or false"),
    ],
)
def test_words_for_a_wrong_value(key, hyper, words):
    with pytest.raises(ValueError, match=words):
        optimizer(key, **hyper)


def test_unknown_names_are_said_with_those_there_are():
    with pytest.raises(UnknownName, match="unknown optimizer 'adamm'; did you mean 'adam'"):
        optimizer("adamm")
    with pytest.raises(UnknownName, match="Adam has no parameter 'beta1'; it has: learning_rate, b1, b2, eps"):
        optimizer("adam", beta1=0.9)
    with pytest.raises(UnknownName, match="unknown schedule"):
        schedule("cosin")
    with pytest.raises(UnknownName, match="Constant has no parameter 'gamma'; it has: none"):
        schedule("constant", gamma=1)
    with pytest.raises(UnknownName, match="unknown noise"):
        NOISES.from_recipe({"name": "pink"})


@pytest.mark.parametrize("registry", DECLARED, ids=lambda registry: registry.what)
@pytest.mark.parametrize("recipe", [None, "adam", ["adam"], {}, {"name": None}, {"name": ["adam"]}, {1: 2}])
def test_a_recipe_that_is_none(registry, recipe):
    with pytest.raises((TypeError, ValueError), match="recipe"):
        registry.from_recipe(recipe)


@pytest.mark.parametrize(
    ("key", "hyper", "label"),
    [
        ("sgd", {"learning_rate": 0.01}, "SGD (lr 0.01)"),
        ("momentum", {"learning_rate": 0.01}, "Momentum (lr 0.01)"),
        ("momentum", {"averaged": True}, "Momentum, averaged (lr 0.001)"),
        ("adam", {"learning_rate": 1e-5, "bias_correction": False}, "Adam, no bias correction (lr 1e-05)"),
        ("rmsprop", {"centered": True}, "RMSprop, centered (lr 0.01)"),
        ("yogi", {"bias_correction": True}, "Yogi, bias correction (lr 0.01)"),
    ],
)
def test_label_names_the_variant(key, hyper, label):
    assert optimizer(key, **hyper).label == label


def test_every_switch_is_named_in_the_label():
    for cls in OPTIMIZERS.values():
        switches = {p.name for p in cls().parameters if p.boolean}
        assert {name for name, _, _ in cls.variants} == switches
        for name, value, _ in cls.variants:
            assert getattr(cls(), name) != value


@pytest.mark.parametrize("cls", [cls for cls in EVERYTHING if issubclass(cls, Optimizer | Schedule | Noise)])
def test_all_that_is_shown_of_a_member_is_said_in_the_language_of_the_moment(cls):
    """Names stay Latin in Korean; groups, variants, settings and titles of words do not, and keys are none of these."""
    made, in_english = cls(), (cls.title, repr(cls()), cls().recipe())
    with speaking("ko"):
        said = [p.description for p in made.parameters]
        if isinstance(made, Optimizer):
            said += [cls.group, made.label, *(tr(words) for _, _, words in cls.variants)]
        if " " in in_english[0]:
            said.append(cls.title)
        assert [text for text in said if not HANGUL.search(text)] == []
        assert in_english[1:] == (repr(made), made.recipe())
    assert cls.title == in_english[0]
