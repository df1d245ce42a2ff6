"""A number that a person may set: on a surface, an optimizer, a schedule or a noise."""

from __future__ import annotations

import dataclasses
import math
from copy import copy
from dataclasses import dataclass
from numbers import Real
from typing import Any

from landscape.errors import of_kind
from landscape.language import reads_translated, tr

ROWS = {"rows": True}
"""Metadata of a field that holds several numbers: recipes keep it, but it has no one range and no slider."""

BELOW_ONE = math.nextafter(1.0, 0.0)


@reads_translated("description", "words")
@dataclass(frozen=True)
class Parameter:
    """A named number with its default, the range a slider offers and the range that is valid.

    ``low`` and ``high`` bound the slider; ``minimum`` and ``maximum`` bound what is accepted at all. ``log`` asks
    for a logarithmic slider, ``integer`` for whole numbers, ``boolean`` for a switch. ``words`` stand on its label
    where those of the name would be misunderstood. Raises ``ValueError`` for a range that is none.
    """

    name: str
    default: float
    low: float
    high: float
    description: str = ""
    log: bool = False
    integer: bool = False
    boolean: bool = False
    minimum: float = -math.inf
    maximum: float = math.inf
    words: str = ""

    def __post_init__(self) -> None:
        of_kind(self.name, str, tr("name of a parameter must be text"))
        for given in (self.default, self.low, self.high):
            of_kind(given, Real, tr("default, low and high of a parameter must be numbers"))
        if not -math.inf < self.low < self.high < math.inf:
            said = tr("a range goes from a number to a higher one, not {low} to {high}", low=self.low, high=self.high)
            raise ValueError(f"{self._said}: {said}" if self.name else said)

    @property
    def title(self) -> str:
        """The name as a label has it, in the language of the moment: "Learning rate"."""
        return self.words or in_words(self.name)

    @property
    def _said(self) -> str:
        """The name as a refusal has it: an identifier as it is, words in the language of the moment."""
        return self.name if self.name.isidentifier() else tr(self.name)

    def check(self, value: object) -> float:
        """Return ``value`` as a number of this parameter.

        Raises ``TypeError`` for what is not a number, as text or a truth value where no switch is; ``ValueError`` for
        NaN, infinity, a fraction where a whole number belongs, or a value outside ``minimum`` to ``maximum``.
        """
        if isinstance(value, str | bytes) or (isinstance(value, bool) and not self.boolean):
            raise self._no_number(value)
        try:
            number = float(value)  # type: ignore[arg-type]
        except OverflowError:
            raise ValueError(tr("{name} is too large for a number", name=self._said)) from None
        except (TypeError, ValueError):
            raise self._no_number(value) from None
        if self.boolean:
            if number not in (0.0, 1.0):
                raise ValueError(tr("{name} must be true or false, not {value!r}", name=self._said, value=value))
            return bool(number)
        if not math.isfinite(number):
            raise ValueError(tr("{name} must be finite, not {number}", name=self._said, number=number))
        if not self.minimum <= number <= self.maximum:
            raise self._out_of_range(number)
        if self.integer:
            if number != int(number):
                raise ValueError(tr("{name} must be a whole number, not {number:g}", name=self._said, number=number))
            # Beyond 2^53 a float would lose the last digits of a seed.
            return value if isinstance(value, int) else int(number)
        return number

    def read(self, text: str) -> float:
        """Return the number that somebody typed; raises what ``check`` raises."""
        try:
            number = int(text) if self.integer and text.isascii() and text.strip().isdigit() else float(text)
        except ValueError:
            raise self._no_number(text) from None
        return self.check(number)

    def _no_number(self, value: object) -> TypeError:
        return TypeError(tr("{name} must be a number, not {value}", name=self._said, value=repr(value)[:40]))

    def _out_of_range(self, number: float) -> ValueError:
        places = {"name": self._said, "low": self.minimum, "high": self.maximum, "number": number}
        if self.maximum == math.inf:
            return ValueError(tr("{name} must be at least {low:g}, not {number:g}", **places))
        if self.maximum == BELOW_ONE:
            if self.minimum == -math.inf:
                return ValueError(tr("{name} must be below 1, not {number:g}", **places))
            return ValueError(tr("{name} must be at least {low:g} and below 1, not {number:g}", **places))
        if self.minimum == -math.inf:
            return ValueError(tr("{name} must be at most {high:g}, not {number:g}", **places))
        return ValueError(tr("{name} must be at least {low:g} and at most {high:g}, not {number:g}", **places))


def in_words(name: str) -> str:
    """Return the name of a parameter in words, as a label has it, in the language of the moment.

    >>> in_words("learning_rate")
    'Learning rate'
    """
    return tr(name).replace("_", " ").capitalize()


def parameter(default: Any, low: float, high: float, description: str, **options: Any) -> Any:
    """Return a dataclass field that carries a ``Parameter``, for optimizers, schedules, noises and starts of your own.

    ``low`` to ``high`` is what a slider offers, ``description`` its help; ``options`` are ``log``, ``integer``,
    ``boolean``, and ``minimum`` and ``maximum``, outside of which a value is refused. The name is that of the field.

    >>> from dataclasses import dataclass
    >>> import numpy as np
    >>> import landscape as ls
    >>> @dataclass(frozen=True)
    ... class Ramp(ls.Schedule):
    ...     length: int = parameter(100, 1, 1000, "steps until the full rate", integer=True, minimum=1)
    ...     key, title = "ramp", "Ramp"
    ...     def factors(self, n_steps):
    ...         return np.minimum(1.0, np.arange(1, n_steps + 1) / self.length)
    >>> Ramp(4).factors(5).tolist()
    [0.25, 0.5, 0.75, 1.0, 1.0]
    >>> Ramp(0)
    Traceback (most recent call last):
    ValueError: length must be at least 1, not 0
    """
    return dataclasses.field(
        default=default,
        metadata={"parameter": Parameter("", float(default), low, high, description, **options)},
    )


def parameters_of(owner: Any) -> tuple[Parameter, ...]:
    """Return the parameters that the fields of a dataclass (or an instance of one) carry, in their order."""
    return tuple(
        _called(f.name, f.metadata["parameter"]) for f in dataclasses.fields(owner) if "parameter" in f.metadata
    )


def _called(name: str, parameter: Parameter) -> Parameter:
    """Return a parameter under a name; its marked text stays marked, which ``dataclasses.replace`` would read."""
    made = copy(parameter)
    object.__setattr__(made, "name", name)
    return made


def check_fields(owner: Any, but: tuple[str, ...] = ()) -> None:
    """Check every parameter field of a frozen dataclass instance, and store the number it stands for."""
    for p in parameters_of(owner):
        if p.name in but:
            continue
        object.__setattr__(owner, p.name, p.check(getattr(owner, p.name)))
