"""A surface from a declared or typed expression: value, gradient and Hessian exact, derived by SymPy."""

from __future__ import annotations

import contextvars
import dataclasses
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from landscape.errors import FormulaError
from landscape.language import mark, tr
from landscape.parameter import Parameter
from landscape.surfaces.base import Array, Domain, Info, Kind, Settings, Surface
from landscape.surfaces.formula import build, language, names
from landscape.surfaces.formula.latex import abbreviated_latex, latex, matrix_latex
from landscape.surfaces.lesson import Lesson

if TYPE_CHECKING:
    from landscape.surfaces.formula.tape import Tape

Point = tuple[str | float, ...]

MAX_DECLARED_LENGTH = 2000
MAX_DECLARED_NESTED = 100
"""Declared formulas go to SymPy whole: they are few, and their authors see how long it takes."""
MAX_PRINTED = 1500
"""Characters of LaTeX above which common parts of a derivative get names."""
MAX_NAMED = 40
"""Names of common parts above which a derivative is not printed."""
MAX_MULTIPLIED_OUT = 4000
"""Estimated operations above which a second derivative is not multiplied out at all."""
DEFAULT_HALF_WIDTH = 3.0
OWN = "formula"
"""Name of every surface that somebody typed."""
PROBED = 64
"""Cells along each axis in whose middles a typed formula is looked at: axes and edges may be special."""


class Expressions(NamedTuple):
    """A formula and its derivatives as SymPy expressions; see ``Formula.expressions``."""

    variables: tuple[Any, ...]
    parameters: tuple[Any, ...]
    value: Any
    gradient: tuple[Any, ...]
    hessian: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, repr=False)
class Formula(Surface):
    """A surface f(variables; parameters) given as text, whose derivatives are derived by SymPy on first use.

    ``known`` holds declared critical points as (kind, point), a point being numbers or expressions in the
    parameters; one that is not real under the present settings does not exist there. Parameters stay symbols, so
    that other settings compile nothing anew. Values that overflow come back as inf or NaN, without a warning.
    """

    info: Info
    expression: str
    variables_: tuple[str, ...]
    domain: Domain
    settings: Settings = field(default_factory=Settings)
    known: tuple[tuple[Kind, Point], ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is cached: compiled functions do not travel, and are made again."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    def __repr__(self) -> str:
        settings = "".join(f", {name}={value:g}" for name, value in self.settings.items())
        what = repr(self.expression) if self.name == "formula" else repr(self.name)
        return f"{'formula' if self.name == 'formula' else 'surface'}({what}{settings})"

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(map(names.shown, self.variables_))

    @property
    def understood(self) -> str:
        """The formula as it was understood: every product sign, and no parentheses but those that it needs."""
        return self._code.understood

    @property
    def operations(self) -> int:
        """How many operations the value takes at one point (``landscape.surfaces.formula.build``)."""
        return _operations(self.expression, self.variables_, tuple(self.settings))

    @property
    def gradient_cost(self) -> float:
        """What one gradient at one point costs: the more operations, the more."""
        return self.n_dims + self.operations / 2

    @property
    def call_cost(self) -> float:
        """What one call costs: the more operations, the more arrays are gone through one after the other."""
        return 2000.0 + 60 * self.operations

    def value(self, x: ArrayLike) -> Array:
        points = self.points(x)
        (value,) = _quietly(self._code.value, *self._columns(points), *self._numbers)
        return _spread(value, points.shape[:-1])

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        points = self.points(x)
        value, *slopes = _quietly(self._code.value_and_gradient, *self._columns(points), *self._numbers)
        gradient = np.empty(points.shape)
        for i, slope in enumerate(slopes):
            gradient[..., i] = slope
        return _spread(value, points.shape[:-1]), gradient

    def hessian(self, x: ArrayLike) -> Array:
        points = self.points(x)
        n = self.n_dims
        curvatures = iter(_quietly(self._code.hessian, *self._columns(points), *self._numbers))
        hessian = np.empty((*points.shape, n))
        for i in range(n):
            for j in range(i, n):
                hessian[..., i, j] = hessian[..., j, i] = next(curvatures)
        return hessian

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        return _quietly(np.einsum, "...ij,...j->...i", self.hessian(x), self.points(v))

    def with_settings(self, **settings: float) -> Formula:
        return dataclasses.replace(self, settings=self.settings.updated(settings, self.parameters, self.name))

    def with_domain(self, bounds: Domain | Sequence[Any]) -> Formula:
        """Return the same surface over another box."""
        domain = Domain.of(bounds)
        if domain.n_dims != self.n_dims:
            raise ValueError(
                tr(
                    "{name!r} needs {n} (low, high) pairs, not {given}",
                    name=self.name,
                    n=self.n_dims,
                    given=domain.n_dims,
                )
            )
        return dataclasses.replace(self, domain=domain)

    def recipe(self) -> dict[str, Any]:
        box = {} if self.domain == self.info.domain else {"domain": [list(pair) for pair in self.domain.bounds]}
        if self.name == OWN:
            title = {} if self.title == self.expression else {"title": self.title}
            return {"formula": self.expression, **box, **title}
        return {"name": self.name, "settings": dict(self.settings), **box}

    def latex(self) -> str:
        return latex(self._settled(self._code.formula), self._settled_parts())

    def gradient_latex(self) -> str:
        """Return the gradient as a column vector in LaTeX (in one dimension the derivative alone).

        Where that would be too long to read, common parts have names t_1, t_2, ... that are explained beneath; where
        that is too long as well, a sentence says so.
        """
        return self._written(1, lambda entries: [[entry] for entry in entries])

    def hessian_latex(self) -> str:
        """Return the Hessian as a matrix in LaTeX (in one dimension the second derivative), see ``gradient_latex``."""
        n = self.n_dims
        upper = {pair: k for k, pair in enumerate((i, j) for i in range(n) for j in range(i, n))}
        return self._written(
            2, lambda entries: [[entries[upper[min(i, j), max(i, j)]] for j in range(n)] for i in range(n)]
        )

    def _written(self, order: int, rows: Callable[[list[Any]], list[list[Any]]]) -> str:
        """Return the derivatives of an order as a matrix in LaTeX, with names for common parts if it is too long."""
        if self._code.is_short:
            text = matrix_latex(rows([self._settled(e) for e in self._code.derivatives(order)]))
            if len(text) <= MAX_PRINTED:
                return text
        tape = self._code.tape(order, to_read=True)
        if len(tape.definitions) > MAX_NAMED:
            said = tr("too long to print: {n} intermediate results", n=len(tape.definitions))
            return rf"\text{{{said}}}"
        outputs = [self._settled(e) for e in (tape.outputs[1:] if order == 1 else tape.outputs)]
        definitions = [(symbol, self._settled(e)) for symbol, e in tape.definitions]
        return abbreviated_latex(definitions, rows(outputs))

    def expressions(self) -> Expressions:
        """Return the formula and its derivatives in SymPy, the parameters as symbols in the order of ``settings``.

        Besides SymPy's own functions they call those of ``landscape.surfaces.formula.functions``. Of a deeply nested
        formula this takes SymPy long; ``tape`` does not.
        """
        return self._code.exact

    def tape(self, order: int) -> Tape:
        """Return the straight-line code that is compiled for f (order 0), f and its gradient (1), the Hessian (2).

        Its arguments are the variables and then the parameters, whose values are ``tuple(settings.values())``. It
        calls NumPy and, by the names that ``landscape.surfaces.formula.functions.NUMERIC`` explains, our own functions.
        """
        return self._code.tape(order)

    @cached_property
    def minima(self) -> Array:
        """Declared minima (K, n) that exist under the present settings, the lowest first."""
        points = self._points(("minimum",))
        return points[np.argsort(np.round(self.value(points), 12), kind="stable")] if len(points) else points

    @cached_property
    def known_points(self) -> Array:
        """Declared critical points (K, n) that exist under the present settings, minima first."""
        return np.concatenate([self.minima, self._points(("saddle", "degenerate", "maximum"))])

    def _points(self, kinds: Sequence[Kind]) -> Array:
        settings = tuple(self.settings)
        chosen = [point for wanted in kinds for kind, point in self.known if kind == wanted]
        points = [[_coordinate(c, settings)(*self._numbers) for c in point] for point in chosen]
        array = np.array(points, dtype=float).reshape(-1, self.n_dims)
        return array[np.all(np.isfinite(array), axis=1)]

    @cached_property
    def _numbers(self) -> tuple[float, ...]:
        return tuple(float(value) for value in self.settings.values())

    @cached_property
    def _code(self) -> _Code:
        return _code(self.expression, self.variables_, tuple(self.settings), self.name == OWN)

    def _columns(self, points: Array) -> list[Array]:
        return [points[..., i] for i in range(points.shape[-1])]

    def _settled_parts(self) -> dict[Any, Any]:
        return {symbol: self._settled(part) for symbol, part in self._code.parts.items()}

    def _settled(self, expression: Any) -> Any:
        import sympy

        values = {
            symbol: sympy.Integer(int(value)) if value.is_integer() else sympy.Float(value)
            for symbol, value in zip(self._code.parameters, self._numbers, strict=True)
        }
        return expression.subs(values)


@lru_cache(maxsize=256)
def _operations(expression: str, variables: tuple[str, ...], parameters: tuple[str, ...]) -> int:
    return build.count_operations(language.read(expression, variables, parameters, MAX_DECLARED_LENGTH).tree)


def _spread(value: Any, shape: tuple[int, ...]) -> Array:
    """Return values of this shape, also of a formula that rounds to a constant."""
    value = np.asarray(value)
    return value if value.shape == shape else np.full(shape, value)


class _Quiet(threading.local):
    """A context of each thread in which NumPy does not warn of overflow.

    ``np.errstate`` does the same, but entering it takes a tenth of the time of a step.
    """

    def __init__(self) -> None:
        self.context = contextvars.Context()
        self.context.run(np.seterr, all="ignore")


_quiet = _Quiet()


def _quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that calls nothing back; what is not finite comes without a warning."""
    return _quiet.context.run(function, *arguments)


class _Code:
    """The derivatives of one expression and the functions compiled from them, each made when first asked for."""

    def __init__(self, text: str, variables: tuple[str, ...], parameters: tuple[str, ...], is_typed: bool) -> None:
        import sympy

        limits = () if is_typed else (MAX_DECLARED_LENGTH, MAX_DECLARED_NESTED)
        parsed = build.parse(text, variables, parameters, *limits)
        self.formula = parsed.expression
        self.parts = parsed.parts
        self.understood = parsed.understood
        self.is_short = not parsed.parts and parsed.derivative_size <= MAX_MULTIPLIED_OUT
        self.variables = tuple(sympy.Symbol(name, real=True) for name in variables)
        self.parameters = tuple(sympy.Symbol(name, real=True) for name in parameters)

    def derivatives(self, order: int) -> list[Any]:
        """The partial derivatives (order 1) or the upper triangle of the Hessian (2), as SymPy derives them."""
        exact = self.exact
        if order == 1:
            return list(exact.gradient)
        return [h for i, row in enumerate(exact.hessian) for h in row[i:]]

    @cached_property
    def exact(self) -> Expressions:
        """The expressions as SymPy derives them."""
        from landscape.surfaces.formula.functions import as_own

        x, n = self.variables, len(self.variables)
        formula = self.formula
        for symbol, part in reversed(list(self.parts.items())):
            formula = formula.xreplace({symbol: part})
        gradient = [as_own(formula.diff(u)) for u in x]
        upper = {(i, j): as_own(gradient[i].diff(x[j])) for i in range(n) for j in range(i, n)}
        hessian = tuple(tuple(upper[min(i, j), max(i, j)] for j in range(n)) for i in range(n))
        return Expressions(x, self.parameters, formula, tuple(gradient), hessian)

    def tape(self, order: int, to_read: bool = False) -> Tape:
        """Straight-line code of f (0), f and its gradient (1), or the upper triangle of the Hessian (2)."""
        from landscape.surfaces.formula.tape import record

        return record(self.formula, self.variables, self.parameters, order, to_read, self.parts)

    @property
    def varies(self) -> bool:
        """Whether f depends on a variable at all."""
        needed = set(self.formula.free_symbols)
        for symbol, part in reversed(list(self.parts.items())):
            if symbol in needed:
                needed |= part.free_symbols
        return not needed.isdisjoint(self.variables)

    @property
    def is_smooth(self) -> bool:
        """Whether f is twice continuously differentiable, as far as its kinked functions go."""
        from landscape.surfaces.formula.functions import is_smooth

        return all(map(is_smooth, (self.formula, *self.parts.values())))

    @cached_property
    def value(self) -> Callable[..., list[Any]]:
        """f alone; this needs no derivative."""
        return self.tape(0).compile()

    @cached_property
    def value_and_gradient(self) -> Callable[..., list[Any]]:
        """f and its partial derivatives."""
        return self.tape(1).compile()

    @cached_property
    def hessian(self) -> Callable[..., list[Any]]:
        """The upper triangle of the Hessian, row by row."""
        return self.tape(2).compile()


@lru_cache(maxsize=512)
def _code(text: str, variables: tuple[str, ...], parameters: tuple[str, ...], is_typed: bool) -> _Code:
    return _Code(text, variables, parameters, is_typed)


@lru_cache(maxsize=4096)
def _coordinate(text: str | float, settings: tuple[str, ...]) -> Callable[..., float]:
    """Return a coordinate of a declared point as a function of the settings; NaN where it is not real."""
    if not isinstance(text, str):
        return lambda *numbers: float(text)
    import sympy

    from landscape.surfaces.formula.tape import record

    parsed = build.parse(text, (), settings, MAX_DECLARED_LENGTH, MAX_DECLARED_NESTED)
    symbols = [sympy.Symbol(name, real=True) for name in settings]
    compiled = record(parsed.expression, (), symbols, 0, parts=parsed.parts).compile()
    # NumPy's numbers have NaN where Python's raise.
    return lambda *numbers: float(_quietly(compiled, *map(np.float64, numbers))[0])


def declare(
    name: str,
    title: str,
    expression: str,
    domain: Sequence[Any],
    *,
    group: str,
    teaches: str,
    reference: str,
    variables: tuple[str, ...] = ("x", "y"),
    parameters: tuple[Parameter, ...] = (),
    minima: Sequence[Point] = (),
    saddles: Sequence[Point] = (),
    maxima: Sequence[Point] = (),
    smooth: bool = True,
    lesson: Lesson | None = None,
) -> Formula:
    """Return a gallery surface from its declaration; nothing is parsed before it is first evaluated.

    ``expression`` is f in ``variables`` and ``parameters``, as ``formula`` reads it, ``domain`` one (low, high) for
    each variable. ``minima``, ``saddles`` and ``maxima`` are points whose coordinates are numbers or expressions in
    the parameters. ``teaches`` is one sentence, ``reference`` the source, ``group`` a key of ``ls.GROUPS`` or one of
    your own. ``smooth`` is false where f has kinks. Without a ``lesson`` its first run is worked out from its heights
    (``landscape.recipe.lesson``).

    Where it is first evaluated raises ``FormulaError`` for what ``formula`` does not accept. ``ls.register`` makes it
    known by its name.

    >>> bowl = declare(
    ...     "bowl", "Bowl", "a*x^2 + y^2", ((-1, 1), (-1, 1)), group="first_steps", teaches="Steeper along x.",
    ...     reference="made up", parameters=(Parameter("a", 2.0, 1.0, 9.0, "curvature"),), minima=[(0, 0)],
    ... )
    >>> bowl.with_settings(a=4).hessian([0.0, 0.0]).tolist()
    [[8.0, 0.0], [0.0, 2.0]]
    """
    return Formula(
        info=Info(name, title, group, teaches, reference, parameters, smooth, box := Domain.of(domain), lesson),
        expression=expression,
        variables_=variables,
        domain=box,
        settings=Settings({p.name: p.check(p.default) for p in parameters}),
        known=(
            *(("minimum", p) for p in minima),
            *(("saddle", p) for p in saddles),
            *(("maximum", p) for p in maxima),
        ),
    )


def formula(text: str, domain: Domain | Sequence[Any] | None = None, title: str = "") -> Formula:
    """Return a surface from a formula as people type it, over a box.

    The dimension is that of ``domain``; without one it is the number of variables, each from -3 to 3. What may be
    written is told by ``landscape.surfaces.formula.build.parse``, how it was understood by ``Formula.understood``.
    Raises ``FormulaError`` for a formula that is not accepted, that takes too many operations, or that in the box is
    nowhere a real number or everywhere the same one; ``ValueError`` for a box that is none.

    >>> s = formula("x² − y²", domain=((-2, 2), (-2, 2)))
    >>> s.gradient([1.0, 0.5]).tolist()
    [2.0, -1.0]
    """
    # What is no text is refused in words; the memory of what was understood takes no list.
    reading = build.understand(text) if isinstance(text, str) else language.read(text)
    box = Domain.of(domain) if domain is not None else None
    variables = reading.variables if box is None else build.choose(reading, box.n_dims)
    box = box or Domain.of([(-DEFAULT_HALF_WIDTH, DEFAULT_HALF_WIDTH)] * len(variables))
    info = Info(name=OWN, title=title or text, group=OWN, teaches=mark("A formula of your own."), reference="")
    surface = Formula(info, text, variables, box)
    _check_values(surface)
    return dataclasses.replace(surface, info=dataclasses.replace(info, smooth=surface._code.is_smooth))


def _check_values(surface: Formula) -> None:
    """Refuse a typed formula of which there is nothing to see."""
    if not surface._code.varies:
        raise FormulaError(tr("this formula is constant: its variables cancel out"))
    edges_and_middles = surface.domain.grid((2 * PROBED + 1,) * surface.n_dims)
    values = surface.value(edges_and_middles[(slice(1, None, 2),) * surface.n_dims])
    finite = values[np.isfinite(values)]
    if not len(finite):
        raise FormulaError(tr("this formula is nowhere in the domain a finite real number"))
    if len(finite) > 1 and np.ptp(finite) == 0.0:
        raise FormulaError(
            tr(
                "this formula is {value:g} everywhere in the domain, to the last digit; choose another domain",
                value=finite[0],
            )
        )
