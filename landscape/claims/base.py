"""What a claim is: a sentence that is measured anew and held against the number that theory expects."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Self

from landscape import stopping
from landscape.errors import lookup
from landscape.language import ENGLISH, mark, reads_translated, speaking, tr
from landscape.parameter import Parameter
from landscape.picture.scene import Panel
from landscape.progress import Progress, counting
from landscape.recipe.cost import Demand, of_seconds
from landscape.scene import Scene

POINTS: Mapping[str, str] = MappingProxyType(
    {
        "(a)": mark("In many dimensions it is saddles, not minima"),
        "(b)": mark("The real trouble is plateaus"),
        "(c)": mark("What gets off a saddle, and how fast"),
        "(d)": mark("Wide networks seldom get stuck"),
        "learning rates": mark("What large learning rates do"),
        "projections": mark("What a picture of many dimensions hides"),
        "softmax": mark("Softmax regression"),
        "batch normalization": mark("Batch normalization"),
        "frameworks": mark("The first program in a framework"),
    }
)
"""The lecture's points in its order, each with what it says, to be translated where it is shown (``tr``)."""

Cost = Literal["instant", "seconds", "minute"]
SECONDS: Mapping[Cost, float] = MappingProxyType({"instant": 0.5, "seconds": 5.0, "minute": 60.0})
Kind = Literal["absolute", "relative", "sigma", "at most", "at least"]
Settings = Mapping[str, Any]
Share = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1. An exception that it raises stops the work."""

PASS, FAIL = mark("PASS"), mark("FAIL")
"""The two verdicts: every number of a claim is within its tolerance, or one is not."""


@dataclass(frozen=True)
class Tolerance:
    """How a measured number is judged.

    ``kind`` "absolute": |measured - expected| <= size; "relative": that over |expected|; "sigma": at most ``size``
    standard errors; "at most" and "at least": expected is a bound, and ``size`` is what it may be passed by.
    """

    kind: Kind
    size: float

    def allowed(self, expected: float, error: float) -> float:
        """Return how far the measured number may be from ``expected``; ``error`` is its standard error."""
        if self.kind == "relative":
            return self.size * abs(expected)
        return self.size * error if self.kind == "sigma" else self.size

    def holds(self, measured: float, expected: float, error: float) -> bool:
        """Tell whether the measured number is accepted; NaN never is."""
        off, allowed = measured - expected, self.allowed(expected, error)
        if self.kind == "at most":
            return off <= allowed
        return off >= -allowed if self.kind == "at least" else abs(off) <= allowed

    def words(self, expected: float, error: float) -> str:
        """Say it with its number: "± 0.0012 (4 sigma)"; a bound that may visibly be passed, as "at most 17"."""
        if self.kind in ("at most", "at least"):
            below = self.kind == "at most"
            last = expected + (self.size if below else -self.size)
            if f"{last:.6g}" == f"{expected:.6g}":
                return tr("at most") if below else tr("at least")
            return tr("at most {bound:.6g}", bound=last) if below else tr("at least {bound:.6g}", bound=last)
        allowed = self.allowed(expected, error)
        if self.kind == "relative":
            return tr("± {allowed:.2g} ({size:.3g} relative)", allowed=allowed, size=self.size)
        if self.kind == "sigma":
            return tr("± {allowed:.2g} ({size:g} sigma)", allowed=allowed, size=self.size)
        return f"± {allowed:.2g}"


DRAWN = Tolerance("sigma", 4.0)
"""How drawn numbers are judged: four standard errors off is one in 16,000 draws, where the theory holds."""


class Named(str):
    """The name of one of several numbers of a kind: ``Named(mark("share at order {order}"), order=3)``.

    As a key it is English, "share at order 3"; ``said`` puts the places, those that are words translated, into the
    translation of the message.
    """

    message: str
    places: Mapping[str, Any]

    def __new__(cls, message: str, **places: Any) -> Self:
        """Return the name with its places filled in, in English."""
        made = super().__new__(cls, message.format(**places) if places else message)
        made.message, made.places = message, places
        return made

    @property
    def said(self) -> str:
        """The name in the language of the moment."""
        places = {key: tr(place) if isinstance(place, str) else place for key, place in self.places.items()}
        return tr(self.message, **places)


@dataclass(frozen=True, eq=False)
class Measurement:
    """What a claim measured: named ``numbers``, standard ``errors`` of those that were drawn, ``details`` to draw."""

    numbers: Mapping[str, float]
    errors: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One number of a result, by its English ``name``: measured, with standard ``error`` where it was drawn, expected,
    and how it is judged."""

    name: str
    measured: float
    expected: float
    judge: Tolerance
    error: float = 0.0

    def __repr__(self) -> str:
        with speaking(ENGLISH):
            return f"<Check {self.sentence}, {self.tolerance}: {self.verdict}>"

    @property
    def title(self) -> str:
        """What the number is, in the language of the moment."""
        return self.name.said if isinstance(self.name, Named) else tr(self.name)

    @property
    def tolerance(self) -> str:
        """How it is judged, in words."""
        return self.judge.words(self.expected, self.error)

    @property
    def passed(self) -> bool:
        """Whether it is accepted."""
        return self.judge.holds(self.measured, self.expected, self.error)

    @property
    def verdict(self) -> str:
        """PASS where it is accepted, else FAIL."""
        return PASS if self.passed else FAIL

    @property
    def sentence(self) -> str:
        """What the number is and should be, in words."""
        return tr(
            "{number}: measured {measured:.6g}, expected {expected:.6g}",
            number=self.title,
            measured=self.measured,
            expected=self.expected,
        )


@dataclass(frozen=True, eq=False)
class Result:
    """A claim, by its key, that was run with these ``settings`` and this ``seed``, in ``seconds`` of the clock.

    ``checks`` has every number; ``verdict`` is ``PASS`` where all are accepted, else ``FAIL``. ``measured`` and
    ``expected`` give the numbers by name; ``details`` is what the picture is drawn from."""

    claim: str
    seed: int
    settings: Settings
    checks: tuple[Check, ...]
    seconds: float
    details: Mapping[str, Any] = field(repr=False)

    @property
    def verdict(self) -> str:
        """PASS where every number is accepted, else FAIL."""
        return PASS if self.checks and all(check.passed for check in self.checks) else FAIL

    @property
    def measured(self) -> dict[str, float]:
        """The measured numbers by name."""
        return {check.name: check.measured for check in self.checks}

    @property
    def expected(self) -> dict[str, float]:
        """The expected numbers by name."""
        return {check.name: check.expected for check in self.checks}

    @property
    def tolerance(self) -> dict[str, str]:
        """How each number was judged, in words."""
        return {check.name: check.tolerance for check in self.checks}

    def recipe(self) -> dict[str, Any]:
        """Return the result as plain JSON data, its words in English; numbers that are not finite as text."""

        def plain(number: float) -> float | str:
            return number if math.isfinite(number) else str(number)

        with speaking(ENGLISH):
            checks = [
                {
                    "name": str(c.name),
                    "measured": plain(c.measured),
                    "expected": plain(c.expected),
                    "tolerance": c.tolerance,
                    "passed": c.passed,
                }
                for c in self.checks
            ]
        head = {"claim": self.claim, "seed": self.seed, "settings": dict(self.settings)}
        return head | {"checks": checks, "verdict": self.verdict, "seconds": self.seconds}


@reads_translated("text")
@dataclass(frozen=True, eq=False)
class Question:
    """What a listener is asked before the measurement.

    It is asked for the settings that the claim comes with; at others its ``text`` may not fit the result.
    ``measured(result)`` is the number that it is about. With ``options`` one of them is to be chosen, words for the
    number that each stands for; without, the number is to be guessed. ``choices`` are these words as they are shown.
    """

    text: str
    measured: Callable[[Result], float]
    options: Mapping[str, float] = field(default_factory=dict)

    @property
    def choices(self) -> tuple[str, ...]:
        """The options in the language of the moment."""
        return tuple(map(tr, self.options))

    def answer(self, result: Result) -> float:
        """Return the number of the right option, from 0, or the measured number. It always comes from the result."""
        found = self.measured(result)
        return nearest(found, tuple(self.options.values())) if self.options else found


@reads_translated("title", "statement", "explanation", "references")
@dataclass(frozen=True, eq=False)
class Claim:
    """One claim of the lecture; its texts are declared in English (``mark``) and read in the language of the moment.

    ``point`` is a key of ``POINTS``. ``measuring(seed, progress, settings)`` returns a ``Measurement``,
    ``expecting(settings)`` the expected numbers under the same names, from closed forms in ``landscape.theory`` or
    with their source in ``references``. ``tolerance`` judges every number that ``tolerances`` does not name.
    ``drawing(result)`` returns a panel, panels, or the whole scene where something moves. ``cost`` is "instant" (under
    a second), "seconds" or "minute" on two cores.
    """

    key: str
    title: str
    statement: str
    point: str
    measuring: Callable[[int, Share, Settings], Measurement]
    expecting: Callable[[Settings], Mapping[str, float]]
    tolerance: Tolerance
    drawing: Callable[[Result], Panel | tuple[Panel, ...] | Scene]
    question: Question
    explanation: tuple[str, str]
    references: tuple[str, ...]
    cost: Cost = "instant"
    parameters: tuple[Parameter, ...] = ()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Claim {self.key!r}: {self.title}>"

    @property
    def demand(self) -> Demand:
        """What measuring it takes."""
        return of_seconds(SECONDS[self.cost])

    def settings(self, **parameters: Any) -> dict[str, Any]:
        """Return a value for every parameter, checked; raise ``UnknownName``, ``ValueError`` or ``TypeError``."""
        known = {p.name: p for p in self.parameters}
        for name in parameters:
            lookup(known, name, tr("parameter of {owner}", owner=self.key))
        return {name: p.check(parameters.get(name, p.default)) for name, p in known.items()}

    def expected(self, **parameters: Any) -> dict[str, float]:
        """Return the expected numbers by name."""
        return dict(self.expecting(self.settings(**parameters)))

    def run(self, seed: int = 0, *, progress: Progress = None, **parameters: Any) -> Result:
        """Measure, expect, judge. ``seed`` chooses every draw; the same one gives the same numbers.

        ``progress`` is told how far it is, in hundredths (``landscape.progress``).
        """
        settings = self.settings(**parameters)
        began = time.perf_counter()
        with counting(100, self.title, progress) as count:

            def on(share: float) -> None:
                stopping.check()
                count.reach(100 * share)

            found = self.measuring(seed, on, settings)
        expected = self.expecting(settings)
        seconds = time.perf_counter() - began
        if set(found.numbers) != set(expected):
            raise AssertionError(f"{self.key} measures {sorted(found.numbers)} and expects {sorted(expected)}")
        checks = []
        for name, number in found.numbers.items():
            judge, error = self.tolerances.get(name, self.tolerance), found.errors.get(name, 0.0)
            checks.append(Check(name, float(number), float(expected[name]), judge, error))
        return Result(self.key, seed, settings, tuple(checks), seconds, found.details)

    def scene(self, result: Result) -> Scene:
        """Return the picture of a result of this claim: its panels side by side, with the result in the caption."""
        drawn = self.drawing(result)
        if isinstance(drawn, Scene):
            return drawn
        panels = (drawn,) if isinstance(drawn, Panel) else drawn
        numbers = [check.sentence for check in result.checks[:8]]
        titles = {p.name: p.title for p in self.parameters}
        made = [
            *(tr("{setting}: {value:g}", setting=titles[name], value=value) for name, value in result.settings.items()),
            tr("seed {seed}", seed=result.seed),
        ]
        return Scene(
            title=self.title,
            panels=panels,
            tracks=(),
            n_steps=0,
            columns=tuple((panel.key,) for panel in panels),
            widths=(1.0,) * len(panels),
            caption=f"{tr(result.verdict)}. {'; '.join(numbers)}. {'; '.join(made)}.",
            recipe=result.recipe(),
            query=f"claim={self.key}",
        )

    def script(self, seed: int = 0, **parameters: Any) -> str:
        """Return Python that measures it and saves the picture."""
        settings = "".join(f", {name}={value!r}" for name, value in parameters.items())
        return (
            "import landscape as ls\n\n"
            f"claim = ls.CLAIMS[{self.key!r}]\n"
            f"result = claim.run(seed={seed}{settings})\n"
            "print(result.verdict, result.measured, result.expected)\n"
            'claim.scene(result).save("claim.pdf")\n'
        )


def number(
    name: str, default: float, low: float, high: float, description: str, *, integer: bool = False, log: bool = False
) -> Parameter:
    """Return a parameter of a claim: what its slider offers is also all that is accepted."""
    return Parameter(name, default, low, high, description, log=log, integer=integer, minimum=low, maximum=high)


def nearest(value: float, offered: tuple[float, ...]) -> int:
    """Return which of the ``offered`` numbers is nearest to ``value`` as a ratio; the lowest for 0 or less, or NaN.

    An offered 0 is no ratio away from anything: it stands for ``value`` 0 alone.
    """
    if value in offered:
        return offered.index(value)
    if not 0 < value < math.inf:
        return offered.index(max(offered) if value == math.inf else min(offered))
    far = [abs(math.log(one) - math.log(value)) if one > 0 else math.inf for one in offered]
    return far.index(min(far))
