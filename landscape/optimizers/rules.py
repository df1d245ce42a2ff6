"""What the rule of an elementwise optimizer may contain, found by carrying it out.

The same function runs on whole arrays, compiled on single numbers, and as a list of operations in a browser. So a rule
is called with coordinates that say no where they may not be used, and with numbers (the step, the rate, the
hyperparameters) that go both ways at every question: its source need not be there, as in a notebook or on a worker.
"""

from __future__ import annotations

import builtins
import dataclasses
import dis
import linecache
import math
import sys
import traceback
import types
import weakref
from collections.abc import Callable, Iterator
from functools import lru_cache
from inspect import CO_VARARGS, CO_VARKEYWORDS, getattr_static
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from landscape.errors import RuleError
from landscape.language import Later, later, later_n, tr

if TYPE_CHECKING:
    from landscape.optimizers.base import ElementwiseOptimizer

_OF_NUMPY = """
    absolute fabs negative positive sign signbit sqrt cbrt square reciprocal exp exp2 expm1 log log2 log10 log1p sin cos
    tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh floor ceil trunc rint isnan isinf isfinite
    logical_not invert zeros_like ones_like add subtract multiply divide floor_divide power float_power
    remainder fmod maximum minimum fmax fmin hypot arctan2 copysign heaviside less less_equal greater greater_equal
    equal not_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor logaddexp where clip
"""
KNOWN: frozenset[Any] = frozenset(getattr(np, name) for name in _OF_NUMPY.split())
"""What a rule may call of NumPy: functions of single numbers that the compiler knows too (``ensemble.build``)."""

_REDUCING = ("sum", "mean", "prod", "max", "min", "amax", "amin", "std", "var", "any", "all", "dot", "vdot", "median")

OF_THE_STEP: frozenset[Any] = frozenset(
    (
        *(abs, bool, float, int, len, max, min, pow, range, np.float64),
        *(math.sqrt, math.exp, math.expm1, math.log, math.log1p, math.log10, math.pow, math.fabs, math.hypot),
        *(math.sin, math.cos, math.tan, math.asin, math.acos, math.atan, math.atan2, math.sinh, math.cosh, math.tanh),
        *(math.floor, math.ceil, math.erf),
    )
)
"""What it may call of Python besides, on the step and the hyperparameters, which all coordinates share."""

_STEPS = (1, 2, 100)
_MOST_RUNS, _MOST_ANSWERS = 200, 1000  # how often a rule is carried out to go both ways; answers in one run
_SAMPLE = np.array([[0.7, -1.3, 0.0], [2.5, -0.04, 31.0]])

_TRUTH = later(
    "{line}, asks for one truth of what every coordinate answers for itself; write np.where(condition, a, b), and "
    "np.logical_and for `and`"
)
_CHOICE = later(
    "{line}, chooses between numbers that every coordinate has its own of; write np.maximum, np.minimum or np.where"
)
_MIXES = later(
    "{line}, mixes coordinates; a rule sees one at a time: derive from ls.Optimizer, whose update is given whole points"
)
_PART = later("{line}, takes a part, or an attribute, of what is a single number once it is compiled")
_IN_PLACE = later("{line}, changes its argument in place, which is the caller's array; write a new value, x = x + ...")
_SINGLE = later(
    "{line}, takes single numbers where every coordinate has its own; write the function of the same name of NumPy"
)
_UNKNOWN = later(
    "{line}, calls a function that the compiler does not know; write it out in arithmetic, or derive from ls.Optimizer"
)


class _Refused(Exception):
    """What is wrong at the line of the rule that is being carried out."""

    def __init__(self, why: Later) -> None:
        super().__init__(why)
        self.why = why


_OPERATORS = NDArrayOperatorsMixin.__iadd__.__code__.co_filename


class _Lane(NDArrayOperatorsMixin):
    """A number that differs from coordinate to coordinate. ``given``: an argument, which must stay as it is."""

    def __init__(self, values: Any, given: bool = False) -> None:
        self.values, self.given = np.asarray(values), given

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, out: Any = None, **options: Any) -> _Lane:
        if method != "__call__" or ufunc.signature is not None:
            raise _Refused(_MIXES)
        # x += 1 makes a new number of one that is the rule's own; out=... would change it.
        if out is not None and (sys._getframe(1).f_code.co_filename != _OPERATORS or operands[0].given):
            raise _Refused(_IN_PLACE)
        return _computed(ufunc, operands, options)

    def __array_function__(self, function: Any, kinds: Any, operands: Any, options: Any) -> _Lane:
        return _computed(function, operands, options)

    def __bool__(self) -> bool:
        asking = sys._getframe(1)
        called = dis.opname[asking.f_code.co_code[asking.f_lasti]].startswith("CALL")
        raise _Refused(_CHOICE if called else _TRUTH)

    def _single(self, *_: Any) -> NoReturn:
        raise _Refused(_SINGLE)

    __float__ = __int__ = __index__ = __round__ = __complex__ = __trunc__ = __floor__ = __ceil__ = _single

    def _part(self, *_: Any) -> NoReturn:
        raise _Refused(_PART)

    __getitem__ = __iter__ = __len__ = __contains__ = _part

    def __getattr__(self, name: str) -> NoReturn:
        raise _Refused(_MIXES if _reduces(getattr(np, name, None)) else _PART)

    def __setitem__(self, *_: Any) -> NoReturn:
        raise _Refused(_IN_PLACE)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise _Refused(_UNKNOWN)


def _computed(function: Any, operands: tuple[Any, ...], options: dict[str, Any]) -> _Lane:
    """Return what a function of NumPy gives for lanes and numbers; refuse what compiled code would give otherwise."""
    if function not in KNOWN:
        raise _Refused(_UNKNOWN)
    if options:
        raise _Refused(
            later(
                "{line}, gives {options} by name, which the compiler does not know: values alone, in order",
                options=", ".join(options),
            )
        )
    if function in (np.where, np.clip) and len(operands) != 3:
        raise _Refused(later("{line}, leaves something out; write np.where(condition, a, b), np.clip(x, low, high)"))
    values = [one.values if isinstance(one, _Lane) else _plain(one) for one in operands]
    for one in operands:
        if not isinstance(one, _Lane | bool | int | float | np.number | np.bool_):
            raise _Refused(
                later(
                    "{line}, counts with {type}; a rule sees one coordinate at a time, and numbers",
                    type=type(one).__name__,
                )
            )
    if function is np.power and isinstance(values[1], int) and values[1] < 0:
        raise _Refused(
            later(
                "{line}, has the whole number {exponent} for an exponent, by which compiled code divides; write 1.0 /",
                exponent=values[1],
            )
        )
    if function is np.add and all(np.asarray(one).dtype == bool for one in values):
        raise _Refused(
            later("{line}, adds truth values, of which NumPy makes True and the compiler 2; write np.logical_or")
        )
    result = np.asarray(function(*values))
    if result.dtype not in (np.float64, np.int64, np.bool_):
        raise _Refused(later("{line}, computes with truth values in low precision; multiply them by 1.0 first"))
    return _Lane(result)


def _plain(one: Any) -> Any:
    return float(one) if isinstance(one, _Shared) else one


class _Enough(Exception):
    """A run that goes on only because its answers contradict each other."""


class _Answers:
    """Which way a rule goes at each question that it puts to the step and the hyperparameters.

    ``planned`` are the first answers of a run, the later ones are true. ``plans`` are those of the runs to come, one
    for each way that nobody has gone yet; a question is known by its place in the rule.
    """

    def __init__(self) -> None:
        self.plans: list[list[bool]] = []
        self._seen: set[tuple[int, bool]] = set()
        self.start([])

    def start(self, planned: list[bool]) -> None:
        """Begin a run."""
        self._planned, self._given = planned, list[bool]()

    def to(self, truth: bool) -> bool:
        """Return the answer to a question that is put in the frame above the caller's."""
        place, k = sys._getframe(2).f_lasti, len(self._given)
        if k == _MOST_ANSWERS:
            raise _Enough
        answer = self._planned[k] if k < len(self._planned) else truth
        if k >= len(self._planned) and (place, not answer) not in self._seen:
            self.plans.append([*self._given, not answer])
            self._seen.add((place, not answer))
        self._seen.add((place, answer))
        self._given.append(answer)
        return answer


class _Shared(float):
    """A number that all coordinates share: the step, the rate, a hyperparameter, or what is computed of them."""

    answers: _Answers

    def __new__(cls, number: Any, answers: _Answers) -> _Shared:
        made = super().__new__(cls, number)
        made.answers = answers
        return made

    def __bool__(self) -> bool:
        return self.answers.to(float.__bool__(self))

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        if any(isinstance(one, _Lane) for one in operands):
            return NotImplemented
        result = getattr(ufunc, method)(*map(_plain, operands), **options)
        return _Shared(result, self.answers) if isinstance(result, float) else result

    def __index__(self) -> NoReturn:
        raise _Refused(later("{line}, counts with a number that is no whole one once it is compiled; write int(...)"))


class _Truth(int):
    """What a comparison of shared numbers gives."""

    answers: _Answers

    def __bool__(self) -> bool:
        return self.answers.to(int(self) != 0)


def _of_shared(name: str) -> Callable[..., Any]:
    """Return a method of float that gives a shared number, or a shared truth."""
    method = getattr(float, name)

    def shared(self: _Shared, *others: Any) -> Any:
        result = method(self, *others)
        if isinstance(result, bool):
            truth = _Truth(result)
            truth.answers = self.answers
            return truth
        # The root of a negative number is complex in Python, and NaN in NumPy and once it is compiled.
        result = math.nan if isinstance(result, complex) else result
        return _Shared(result, self.answers) if isinstance(result, float) else result

    return shared


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    for _side in ("__{}__", "__r{}__"):
        setattr(_Shared, _side.format(_name), _of_shared(_side.format(_name)))
for _name in ("__neg__", "__pos__", "__abs__", "__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
    setattr(_Shared, _name, _of_shared(_name))


def check_rule(optimizer: ElementwiseOptimizer) -> None:
    """Raise ``RuleError``, with the line, where the rule of an optimizer holds what it may not; once for each class."""
    kind = type(optimizer)
    if kind not in _SOUND:
        _Check(optimizer).run()
        _SOUND.add(kind)


_SOUND: weakref.WeakSet[type] = weakref.WeakSet()


def taken_from_outside(rule: types.FunctionType) -> Iterator[tuple[dis.Instruction, str, Any]]:
    """Yield where a function takes something that is not its own: the instruction, its name, and what it is."""
    cells = dict(zip(rule.__code__.co_freevars, rule.__closure__ or (), strict=True))
    found: tuple[dis.Instruction, str, Any] | None = None
    for one in _instructions(rule.__code__):
        if found and isinstance(found[2], types.ModuleType) and one.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            found = one, f"{found[1]}.{one.argval}", getattr(found[2], one.argval, _NOTHING)
            continue
        if found:
            yield found
        found = None
        if one.opname == "LOAD_GLOBAL":
            space = rule.__globals__
            found = one, one.argval, space.get(one.argval, getattr(builtins, one.argval, _NOTHING))
        elif one.opname == "LOAD_DEREF" and one.argval in cells:
            cell = cells[one.argval]
            found = one, one.argval, cell.cell_contents if cell != types.CellType() else _NOTHING


@lru_cache(maxsize=256)
def _instructions(code: types.CodeType) -> tuple[dis.Instruction, ...]:
    """Return the instructions of a function: they are asked for at every ensemble, and reading takes a millisecond."""
    return tuple(dis.get_instructions(code))


_NOTHING = object()


def meaning_of(rule: types.FunctionType) -> str:
    """Return text that is the same for two rules only if they compute the same: their code, and all that it takes."""
    code = rule.__code__
    outside = [
        (name, repr(value) if _is_number(value) else getattr(value, "__name__", ""))
        for _, name, value in taken_from_outside(rule)
    ]
    return repr((code.co_code, code.co_consts, code.co_names, code.co_varnames, outside))


def _is_number(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_number, value))
    return isinstance(value, bool | int | float | np.bool_ | np.integer | np.floating)


class _Check:
    """The rule of one optimizer on trial."""

    def __init__(self, optimizer: ElementwiseOptimizer) -> None:
        self.kind, self.n_slots = type(optimizer), optimizer.n_slots
        self.hyper, self.rate = optimizer.hyper, 0.1
        self.parameters = optimizer.parameters
        self.names = [field.name for field in dataclasses.fields(optimizer)][1:]

    def run(self) -> None:
        """Raise ``RuleError`` where something is wrong."""
        self._see_what_it_is()
        self._see_what_it_takes()
        self._carry_out()
        self._try_alone()

    def _see_what_it_is(self) -> None:
        name, rule = f"{self.kind.__name__}.rule", getattr_static(self.kind, "rule")
        if not isinstance(rule, staticmethod):
            raise RuleError(tr("{rule} has no self: write @staticmethod above it", rule=name))
        self.rule: Any = rule.__func__
        if not isinstance(self.rule, types.FunctionType) or hasattr(self.rule, "__wrapped__"):
            raise RuleError(
                tr(
                    "{rule} must be a plain function, not {type} or a function in another",
                    rule=name,
                    type=type(self.rule).__name__,
                )
            )
        code = self.rule.__code__
        if code.co_argcount != 6 or code.co_kwonlyargcount or code.co_flags & (CO_VARARGS | CO_VARKEYWORDS):
            raise RuleError(tr("{rule} takes six arguments: x, g, t, learning_rate, slots, hyper", rule=name))
        if isinstance(self.n_slots, bool) or not isinstance(self.n_slots, int) or self.n_slots < 0:
            raise RuleError(
                tr(
                    "{optimizer}.n_slots must be a whole number, 0 or more, not {given!r}",
                    optimizer=self.kind.__name__,
                    given=self.n_slots,
                )
            )

    def _see_what_it_takes(self) -> None:
        """Refuse what comes from outside and is neither a number nor a function that the compiler knows."""
        for one in dis.get_instructions(self.rule):
            if one.opname == "MAKE_FUNCTION":
                raise self._refusal(_line_of(one), later("{line}, holds a function of its own; write it out"))
        for one, name, value in taken_from_outside(self.rule):
            if value is _NOTHING:
                raise self._refusal(_line_of(one), later("{line}, takes {name}, which there is not", name=name))
            if isinstance(value, np.ndarray | list | dict | set | str):
                of_type = later(
                    "{line}, takes {name}, of type {type}; a rule counts with numbers",
                    name=name,
                    type=type(value).__name__,
                )
                raise self._refusal(_line_of(one), of_type)
            if not (_is_number(value) or _is_known(value)):
                mixes = later(
                    "{line}, takes {name}, which mixes coordinates; a rule sees one at a time: derive from "
                    "ls.Optimizer, whose update is given whole points",
                    name=name,
                )
                unknown = later(
                    "{line}, takes {name}, which is no function that the compiler knows; write it out in arithmetic, "
                    "or derive from ls.Optimizer",
                    name=name,
                )
                raise self._refusal(_line_of(one), mixes if _reduces(value) else unknown)

    def _carry_out(self) -> None:
        """Call the rule with lanes and shared numbers, every way that it can go."""
        for t in _STEPS:
            self._go_every_way(t, self.hyper)
        for k, p in enumerate(p for p in self.parameters if p.name != "learning_rate"):
            for end in (p.low, p.high):
                self._go_every_way(_STEPS[-1], (*self.hyper[:k], float(end), *self.hyper[k + 1 :]))

    def _go_every_way(self, t: int, hyper: tuple[float, ...]) -> None:
        answers = _Answers()
        plans: list[list[bool]] = [[]]
        for _ in range(_MOST_RUNS):
            if not plans:
                return
            planned = plans.pop()
            answers.start(planned)
            x, g, *slots = (_Lane(_SAMPLE + k, given=True) for k in range(2 + self.n_slots))
            step, rate, *numbers = (_Shared(number, answers) for number in (t, self.rate, *hyper))
            try:
                with np.errstate(all="ignore"):
                    returned = self.rule(x, g, step, rate, tuple(slots), tuple(numbers))
            except _Refused as problem:
                raise self._refusal(self._line_in(problem), problem.why) from None
            except _Enough:
                continue
            except Exception as problem:
                # Answers that were planned may contradict each other, and at the end of a slider much is 0.
                if not planned and hyper == self.hyper:
                    said = later(
                        "{line}, fails, {type}: {problem}; hyper is ({hyper}), n_slots is {n_slots}",
                        type=type(problem).__name__,
                        problem=problem,
                        hyper=", ".join(self.names),
                        n_slots=self.n_slots,
                    )
                    raise self._refusal(self._line_in(problem), said) from None
            else:
                if not planned:
                    self._see_what_it_gives(returned)
            plans += answers.plans
            answers.plans.clear()

    def _see_what_it_gives(self, returned: Any) -> None:
        match returned:
            case (_, tuple() | list() as slots) if len(slots) != self.n_slots:
                wrong = later_n(
                    "{line}, gives {n} slot where n_slots is {n_slots}",
                    "{line}, gives {n} slots where n_slots is {n_slots}",
                    len(slots),
                    n_slots=self.n_slots,
                )
            case (new, tuple() | list() as slots):
                shared = [
                    name
                    for name, one in zip(("x", *range(self.n_slots)), (new, *slots), strict=True)
                    if not isinstance(one, _Lane)
                ]
                if not shared:
                    return
                wrong = later(
                    "{line}, gives for slot {slot} what is no coordinate's own number; write 0.0 * x + number",
                    slot=shared[0],
                )
                if shared[0] == "x":
                    wrong = later(
                        "{line}, gives for the new x what is no coordinate's own number; write 0.0 * x + number"
                    )
            case _:
                wrong = later(
                    "{line}, must return the new x and its slots: return x, ({slots})",
                    slots=", ".join(["slot"] * self.n_slots),
                )
        last = next(one for one in reversed([*dis.get_instructions(self.rule)]) if "RETURN" in one.opname)
        raise self._refusal(_line_of(last), wrong)

    def _try_alone(self) -> None:
        """Refuse a rule that gives a coordinate among others something else than it gives it alone."""
        together = self._steps(_SAMPLE)
        for place in np.ndindex(_SAMPLE.shape):
            alone = self._steps(_SAMPLE[place][None, None])
            for a, b in zip(together, alone, strict=True):
                if not np.allclose(a[place], b[0, 0], rtol=1e-9, atol=0.0, equal_nan=True):
                    raise self._refusal(self.rule.__code__.co_firstlineno, _MIXES)

    def _steps(self, x: Any) -> list[Any]:
        """Return x and the slots after each of a few steps on f(x) = x^2 / 2."""
        kept: list[Any] = []
        x, slots = x.copy(), tuple(np.zeros_like(x) for _ in range(self.n_slots))
        for t in _STEPS:
            with np.errstate(all="ignore"):
                x, slots = self.rule(x, x.copy(), t, self.rate, tuple(slots), self.hyper)
            kept += [x, *slots]
        return kept

    def _line_in(self, problem: BaseException) -> int:
        lines = [line for frame, line in traceback.walk_tb(problem.__traceback__) if frame.f_code is self.rule.__code__]
        return lines[-1] if lines else self.rule.__code__.co_firstlineno

    def _refusal(self, line: int, why: Later) -> RuleError:
        """Return what is wrong, said of a line of the rule: the place ``{line}`` of ``why``."""
        where = f"{self.kind.__name__}.rule, {said_line(self.rule, line)}"
        return RuleError(str(dataclasses.replace(why, places={**why.places, "line": where})))


def said_line(rule: types.FunctionType, line: int) -> str:
    """Return which line is meant, with its text where that can be read."""
    file = rule.__code__.co_filename
    text = linecache.getline(file, line).strip()
    said = tr("line {line}", line=line)
    if Path(file).is_file():
        said = tr("line {line} of {file}", line=line, file=Path(file).name)
    return f"{said}, `{text}`" if text else said


def _line_of(instruction: dis.Instruction) -> int:
    return (instruction.positions and instruction.positions.lineno) or 0


def _reduces(function: Any) -> bool:
    """Tell whether a function of NumPy is one that makes one number of many."""
    name, module = getattr(function, "__name__", ""), getattr(function, "__module__", None) or ""
    return module.startswith("numpy.linalg") or (name in _REDUCING and getattr(np, name) is function)


def _is_known(value: Any) -> bool:
    try:
        return value in KNOWN or value in OF_THE_STEP
    except TypeError:
        return False
