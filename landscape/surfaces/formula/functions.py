"""SymPy functions whose derivatives stay exact in the tails, or stay functions where a kink is.

SymPy differentiates ``tanh`` to ``1 - tanh(u)**2``, which is 0 in float64 beyond u = 19, and ``Abs``, ``Max`` and
``sign`` to ``Heaviside`` and ``DiracDelta``, which no array library evaluates. The functions here print under their
own (lower case) names into generated code; ``NUMERIC`` holds what these names mean for NumPy arrays. Import this
module only where SymPy is wanted: it takes a third of a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special
import sympy
from mpmath.libmp import prec_to_dps


class sigmoid(sympy.Function):
    """sigmoid(u) = 1 / (1 + exp(-u)), with derivative sigmoid(u) sigmoid(-u)."""

    nargs = (1,)
    is_real = True
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Any:
        (u,) = self.args
        return sigmoid(u) * sigmoid(-u)

    def _eval_evalf(self, prec: int) -> Any:
        (u,) = self.args
        return (1 / (1 + sympy.exp(-u))).evalf(prec_to_dps(prec))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\sigma\left({printer._print(self.args[0])}\right)", exp)


class softplus(sympy.Function):
    """softplus(u) = ln(1 + exp(u)), with derivative sigmoid(u)."""

    nargs = (1,)
    is_real = True
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Any:
        return sigmoid(self.args[0])

    def _eval_evalf(self, prec: int) -> Any:
        (u,) = self.args
        return (sympy.log(1 + sympy.exp(u))).evalf(prec_to_dps(prec))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\operatorname{{softplus}}\left({printer._print(self.args[0])}\right)", exp)


class tanh(sympy.Function):
    """tanh(u), with derivative 4 sigmoid(2u) sigmoid(-2u), which does not cancel in the tails."""

    nargs = (1,)
    is_real = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        """Return 0 at 0, and take a minus sign out."""
        if u.is_zero:
            return sympy.S.Zero
        return -cls(-u) if u.could_extract_minus_sign() else None

    def fdiff(self, argindex: int = 1) -> Any:
        u = 2 * self.args[0]
        return 4 * sigmoid(u) * sigmoid(-u)

    def _eval_evalf(self, prec: int) -> Any:
        (u,) = self.args
        return (sympy.tanh(u)).evalf(prec_to_dps(prec))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\tanh\left({printer._print(self.args[0])}\right)", exp)


class signum(sympy.Function):
    """signum(u) = -1, 0 or 1; its derivative counts as 0, at the jump too."""

    nargs = (1,)
    is_real = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        """Return the number where the sign is known."""
        if u.is_zero:
            return sympy.S.Zero
        if u.is_number and u.is_extended_real:
            return sympy.S.One if u.is_positive else sympy.S.NegativeOne
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.S.Zero

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\operatorname{{sign}}\left({printer._print(self.args[0])}\right)", exp)


class absolute(sympy.Function):
    """|u|, with derivative signum(u), which is 0 at the kink; its second derivative counts as 0."""

    nargs = (1,)
    is_real = True
    is_nonnegative = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        """Return the number for a number, and drop a minus sign."""
        if u.is_number and u.is_extended_real:
            return u if u.is_nonnegative else -u
        if isinstance(u, absolute):
            return u
        return cls(-u) if u.could_extract_minus_sign() else None

    def _eval_power(self, exponent: Any) -> Any:
        if exponent.is_Integer and exponent.is_even:
            return self.args[0] ** exponent
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        return signum(self.args[0])

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\left|{{{printer._print(self.args[0])}}}\right|", exp)


class step(sympy.Function):
    """step(u) = 1 where u > 0, else 0 (at 0 too); its derivative counts as 0."""

    nargs = (1,)
    is_real = True
    is_nonnegative = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        if u.is_number and u.is_extended_real:
            return sympy.S.One if u.is_positive else sympy.S.Zero
        return None

    def _eval_power(self, exponent: Any) -> Any:
        return self if exponent.is_positive else None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.S.Zero

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\left[{printer._print(self.args[0])} > 0\right]", exp)


class relu(sympy.Function):
    """relu(u) = max(u, 0), with derivative step(u), which is 0 at the kink. relu(u)^3 is twice differentiable."""

    nargs = (1,)
    is_real = True
    is_nonnegative = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        if u.is_number and u.is_extended_real:
            return u if u.is_positive else sympy.S.Zero
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        return step(self.args[0])

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\operatorname{{relu}}\left({printer._print(self.args[0])}\right)", exp)


class root(sympy.Function):
    """sqrt(u) of what is nowhere negative but may reach 0, where it has a kink: taken as 1e-60 there.

    So x / root(x^2 + y^2), the slope of a cone, is 0 at its tip and not 0 / 0, and the cosine of a distance has
    its right second derivative there.
    """

    nargs = (1,)
    is_real = True
    is_nonnegative = True

    @classmethod
    def eval(cls, u: Any) -> Any:
        return sympy.sqrt(u) if u.is_number else None

    def _eval_power(self, exponent: Any) -> Any:
        if exponent.is_Integer and exponent.is_even and exponent.is_positive:
            return self.args[0] ** (exponent / 2)
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (2 * root(self.args[0]))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return _power(rf"\sqrt{{{printer._print(self.args[0])}}}", exp)


class larger(sympy.Function):
    """The larger of two; its derivative is that of the larger one, where they tie that of the second."""

    nargs = (2,)
    is_real = True

    @classmethod
    def eval(cls, u: Any, v: Any) -> Any:
        """Return the number for numbers."""
        if u == v:
            return u
        if u.is_number and v.is_number:
            return u if (u - v).is_positive else v
        return None

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the derivative with respect to one of the two."""
        first = step(self.args[0] - self.args[1])
        return first if argindex == 1 else 1 - first

    def _latex(self, printer: Any, exp: Any = None) -> str:
        u, v = map(printer._print, self.args)
        return _power(rf"\max\left({u}, {v}\right)", exp)


def smaller(u: Any, v: Any) -> Any:
    """Return the smaller of two, -larger(-u, -v)."""
    return -larger(-u, -v)


def _power(base: str, exponent: str | None) -> str:
    return base if exponent is None else f"{{{base}}}^{{{exponent}}}"


def square_root(u: Any) -> Any:
    """Return sqrt(u), in terms of ``root`` where a kink can be reached."""
    return with_roots(sympy.sqrt(u))


def with_roots(expression: Any) -> Any:
    """Replace square roots of what is nowhere negative, but perhaps 0, by ``root``."""
    return expression.replace(
        lambda e: e.is_Pow and e.exp == sympy.S.Half and e.base.is_nonnegative and not e.base.is_positive,
        lambda e: root(e.base),
    )


KINKED = (absolute, signum, step, root, relu, larger)

NUMERIC = {
    "sigmoid": scipy.special.expit,
    "softplus": lambda u: np.logaddexp(0.0, u),
    "tanh": np.tanh,
    "signum": np.sign,
    "absolute": np.abs,
    "step": lambda u: np.heaviside(u, 0.0),
    "relu": lambda u: np.maximum(u, 0.0),
    "root": lambda u: np.sqrt(u) + 1e-60,
    "larger": np.maximum,
    "erf": scipy.special.erf,
}
"""Meaning of each function's name for NumPy arrays."""


def as_own(expression: Any) -> Any:
    """Replace the SymPy functions that SymPy itself brings in (sqrt(x**2) becomes Abs(x)) by those above."""
    if expression.has(sympy.Abs):
        expression = expression.replace(sympy.Abs, absolute)
    if expression.has(sympy.sign):
        expression = expression.replace(sympy.sign, signum)
    return expression


def is_smooth(expression: Any) -> bool:
    """Tell whether an expression is twice continuously differentiable, as far as its kinked functions go.

    A third or higher whole power takes the kink out of ``relu(u)`` and ``|u|`` alike.
    """
    plain = expression.replace(
        lambda e: e.is_Pow and isinstance(e.base, relu | absolute) and e.exp.is_Integer and e.exp >= 3,
        lambda e: e.base.args[0] ** e.exp,
    )
    return not plain.has(*KINKED)
