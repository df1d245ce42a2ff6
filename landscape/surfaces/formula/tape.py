"""From an expression to straight-line code for f and its derivatives, each intermediate result computed once.

SymPy's derivative of a whole formula multiplies out: the gradient of (x^2 + y - 11)^2 comes as
4 x (x^2 + y - 11), and 2 (x + y^2 - 7) as 2 x + 2 y^2 - 14, which shares nothing with f. Here every sum inside the
formula gets a name first and derivatives go by the chain rule from name to name, as automatic differentiation does,
so that the code stays short: linear in the length of the formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sympy
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.precedence import PRECEDENCE

from landscape.surfaces.formula.functions import NUMERIC, as_own, root

_LARGEST_EXPANDED_POWER = 32
_MOST_FACTORS = 6
_LONGEST_UNNAMED = 20


class Tape:
    """Straight-line code: ``definitions`` in order, each a (symbol, expression), then the ``outputs``.

    ``arguments`` are the symbols that it takes. The expressions hold float constants, and whole powers are products.
    """

    def __init__(self, arguments: Sequence[Any], definitions: Sequence[tuple[Any, Any]], outputs: Sequence[Any]):
        self.arguments = tuple(arguments)
        self.definitions = tuple(definitions)
        self.outputs = tuple(outputs)

    def statements(self) -> list[tuple[str, str]]:
        """Return the definitions as (name, code) pairs."""
        printer = CodePrinter()
        return [(str(symbol), printer.doprint(expression)) for symbol, expression in self.definitions]

    def results(self) -> list[str]:
        """Return the code of each output."""
        printer = CodePrinter()
        return [printer.doprint(output) for output in self.outputs]

    @property
    def n_arrays(self) -> int:
        """How many arrays one run through the code makes: additions, products, quotients, powers, functions."""
        return sum(max(len(node.args) - 1, 1) for node in self._nodes())

    @property
    def n_functions(self) -> int:
        """How many of these are functions, roots or powers other than squares and reciprocals."""
        return sum(not (n.is_Add or n.is_Mul or (n.is_Pow and n.exp in (2, -1))) for n in self._nodes())

    def _nodes(self) -> Iterator[Any]:
        for expression in [*(meaning for _, meaning in self.definitions), *self.outputs]:
            yield from (node for node in sympy.preorder_traversal(expression) if node.args)

    def compile(self, functions: Mapping[str, Callable[..., Any]] | None = None) -> Callable[..., list[Any]]:
        """Return a Python function of the arguments that returns the list of the outputs.

        It calls NumPy by bare names (``exp``, ``sqrt``) and those of ``functions``, which are ``NUMERIC`` by default.
        """
        modules = [dict(NUMERIC if functions is None else functions), "numpy"]
        return sympy.lambdify(
            self.arguments,
            list(self.outputs),
            modules=modules,
            printer=CodePrinter(),
            cse=lambda outputs: (list(self.definitions), outputs),
        )


def record(
    value: Any,
    variables: Sequence[Any],
    parameters: Sequence[Any],
    order: int,
    to_read: bool = False,
    parts: Mapping[Any, Any] | None = None,
) -> Tape:
    """Return the tape of f (order 0), of f and its gradient (1), or of the upper triangle of its Hessian (2).

    ``parts`` are symbols in ``value`` and what they stand for, each in terms of those before. A tape ``to_read`` keeps
    constants and powers as they are written and names only what occurs twice.
    """
    return _Recorder(variables, parts or {}).tape(value, parameters, order, to_read)


class _Recorder:
    """Names intermediate results and differentiates from name to name."""

    def __init__(self, variables: Sequence[Any], parts: Mapping[Any, Any]) -> None:
        self._variables = list(variables)
        self._meaning: dict[Any, Any] = {}  # symbol -> expression
        self._name_of: dict[Any, Any] = {}  # expression -> symbol
        self._slopes: dict[tuple[Any, Any], Any] = {}
        for symbol, part in parts.items():
            self._meaning[symbol] = self._with_names(part)

    def tape(self, value: Any, parameters: Sequence[Any], order: int, to_read: bool) -> Tape:
        """Return the tape of the derivatives of this order."""
        outputs = [self._with_names(value)]
        if order >= 1:
            gradient = [self._with_names(self._slope(outputs[0], u)) for u in self._variables]
            outputs += gradient
        if order == 2:
            pairs = [(g, u) for i, g in enumerate(gradient) for u in self._variables[i:]]
            outputs = [self._slope(g, u) for g, u in pairs]
        if not to_read:
            lowered = _Lowering(self)
            outputs = [lowered(output) for output in outputs]
        needed = self._ordered(outputs)
        shared, reduced = sympy.cse(
            [self._meaning[s] for s in needed] + outputs, symbols=sympy.numbered_symbols("_s", real=True)
        )
        self._meaning.update(zip(needed, reduced[: len(needed)], strict=True))
        self._meaning.update(shared)
        # Where a definition is no more than another symbol, that one takes its place.
        same = {s: e for s, e in self._meaning.items() if e.is_Symbol}
        while any(e in same for e in same.values()):
            same = {s: same.get(e, e) for s, e in same.items()}
        self._meaning = {s: e.xreplace(same) for s, e in self._meaning.items() if s not in same}
        outputs = [output.xreplace(same) for output in reduced[len(needed) :]]
        if to_read:
            outputs = self._without_single_uses(outputs)
        definitions = [(s, self._meaning[s]) for s in self._ordered(outputs)]
        return Tape([*self._variables, *parameters], definitions, outputs)

    def named(self, expression: Any) -> Any:
        """Return the symbol that stands for an expression."""
        if expression.is_Symbol:
            return expression
        if expression not in self._name_of:
            symbol = sympy.Symbol(f"_t{len(self._meaning)}", real=True)
            self._name_of[expression], self._meaning[symbol] = symbol, expression
        return self._name_of[expression]

    def meaning(self, symbol: Any) -> Any:
        """Return what a symbol stands for; ``None`` for a variable or a parameter."""
        return self._meaning.get(symbol)

    def mean(self, symbol: Any, expression: Any) -> None:
        """Let a symbol stand for another, equal expression."""
        self._meaning[symbol] = expression

    def _with_names(self, expression: Any, outermost: bool = True) -> Any:
        """Return the expression with a symbol for every sum inside it, and for whatever else is long.

        Derivatives of what is left are short, so that the whole stays linear in the length of the formula.
        """
        if expression.is_Atom or not expression.free_symbols:
            return expression
        arguments = [self._with_names(a, outermost=False) for a in expression.args]
        if expression.is_Mul:
            while len(arguments) > _MOST_FACTORS:
                pairs = [arguments[i : i + 2] for i in range(0, len(arguments), 2)]
                arguments = [self.named(sympy.Mul(*pair)) if len(pair) == 2 else pair[0] for pair in pairs]
        rebuilt = as_own(expression.func(*arguments))
        long = rebuilt.is_Add or sum(1 for _ in sympy.preorder_traversal(rebuilt)) > _LONGEST_UNNAMED
        return self.named(rebuilt) if long and not outermost else rebuilt

    def _slope(self, expression: Any, u: Any) -> Any:
        """Return the derivative of an expression with respect to a variable."""
        parts = [as_own(expression.diff(u))]
        for symbol in sorted(expression.free_symbols & self._meaning.keys(), key=_name):
            partial = self._with_names(as_own(expression.diff(symbol)), outermost=False)
            parts.append(partial * self._slope_of(symbol, u))
        return sympy.Add(*parts)

    def _slope_of(self, symbol: Any, u: Any) -> Any:
        if (symbol, u) not in self._slopes:
            slope = self._with_names(self._slope(self._meaning[symbol], u))
            self._slopes[symbol, u] = self.named(slope) if slope.is_Add else slope
        return self._slopes[symbol, u]

    def _without_single_uses(self, outputs: Sequence[Any]) -> list[Any]:
        """Return the outputs with every symbol that is constant or occurs once replaced by what it stands for."""
        ordered = self._ordered(outputs)
        everything = [self._meaning[s] for s in ordered] + list(outputs)
        uses = Counter(e for one in everything for e in sympy.preorder_traversal(one) if e.is_Symbol)
        replaced: dict[Any, Any] = {}
        for symbol in ordered:
            meaning = self._meaning[symbol] = self._meaning[symbol].xreplace(replaced)
            if uses[symbol] == 1 or not meaning.free_symbols:
                replaced[symbol] = meaning
        return [output.xreplace(replaced) for output in outputs]

    def _ordered(self, outputs: Sequence[Any]) -> list[Any]:
        """Return the symbols that the outputs need, each after those that it needs itself."""
        ordered: dict[Any, None] = {}

        def visit(expression: Any) -> None:
            for symbol in sorted(expression.free_symbols & self._meaning.keys(), key=_name):
                if symbol not in ordered:
                    visit(self._meaning[symbol])
                    ordered[symbol] = None

        for output in outputs:
            visit(output)
        return list(ordered)


def _name(symbol: Any) -> str:
    return symbol.name


class _Lowering:
    """Rewrites expressions into what is cheap to compute: float constants, whole powers as products."""

    def __init__(self, recorder: _Recorder) -> None:
        self._recorder = recorder
        self._done: set[Any] = set()

    def __call__(self, expression: Any) -> Any:
        """Return the expression lowered, and lower what its symbols stand for."""
        for symbol in expression.free_symbols:
            meaning = self._recorder.meaning(symbol)
            if meaning is not None and symbol not in self._done:
                self._done.add(symbol)
                self._recorder.mean(symbol, self(meaning))
        return self._lowered(expression)

    def _lowered(self, expression: Any) -> Any:
        if not expression.free_symbols:
            return number(expression)
        if expression.is_Pow and expression.exp.is_Rational:
            return self._power(self._lowered(expression.base), expression.exp)
        if expression.is_Atom:
            return expression
        return expression.func(*map(self._lowered, expression.args))

    def _power(self, base: Any, exponent: Any) -> Any:
        if exponent < 0:
            if isinstance(base, root):  # its square below a fraction line would become what it is the root of: 0
                base = self._recorder.named(base)
            positive = self._power(base, -exponent)
            return 1 / (self._recorder.named(positive) if exponent != -1 else positive)
        whole, half = divmod(2 * exponent, 2)
        if not half.is_Integer or whole > _LARGEST_EXPANDED_POWER or exponent in (1, 2, sympy.S.Half):
            return base**exponent
        base = self._recorder.named(base)
        product = self._whole_power(base, int(whole))
        return self._recorder.named(product) * self._recorder.named(sympy.sqrt(base)) if half else product

    def _whole_power(self, base: Any, n: int) -> Any:
        if n == 1:
            return base
        if n % 2:
            return base * self._recorder.named(self._whole_power(base, n - 1))
        return self._recorder.named(self._whole_power(base, n // 2)) ** 2


def number(constant: Any) -> Any:
    """Return a constant as a float, a small whole number as it is; what is no real number is NaN."""
    if constant.is_Integer and abs(constant) <= 2**53:
        return constant
    # Such constants come of differentiating: that of acos(abs(t)/t) divides by 1 - abs(t)^2/t^2, which cancels to 0.
    return sympy.Float(float(constant)) if constant.is_extended_real else sympy.nan


class CodePrinter(NumPyPrinter):
    """Prints code for NumPy arrays or floats: every digit of every constant, divisions instead of powers of -1."""

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "user_functions": {name: name for name in NUMERIC}})

    def _print_Float(self, number: Any) -> str:
        return repr(float(number))

    def _print_Integer(self, number: Any) -> str:
        return repr(float(number))

    def _print_Rational(self, number: Any) -> str:
        return repr(float(number))

    def _print_Pow(self, power: Any, rational: bool = False) -> str:
        base, exponent = self.parenthesize(power.base, PRECEDENCE["Pow"]), power.exp
        if exponent == 2:
            return f"{base}**2"
        if exponent == sympy.S.Half:
            return f"sqrt({self._print(power.base)})"
        if exponent.is_Rational and exponent < 0:
            return f"1.0/{self.parenthesize(power.base**-exponent, PRECEDENCE['Pow'])}"
        return f"{base}**{self.parenthesize(exponent, PRECEDENCE['Pow'])}"
