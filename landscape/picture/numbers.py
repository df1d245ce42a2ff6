"""Numbers in sentences, set as the axes set theirs."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context

_NUMBER = re.compile(r"(?<![\w.-])(-?)(\d+(?:\.\d+)?|inf)(?:e([+-]?)0*(\d+))?(?![\w])", re.ASCII)


def typeset(text: str) -> str:
    """Return ``text`` with true minus signs before its numbers, and exponents without a plus or leading zeros.

    >>> typeset("smallest Hessian eigenvalue -2, gradient norm 3.5e-05 in the 3-spin glass at 1e+06")
    'smallest Hessian eigenvalue −2, gradient norm 3.5e−5 in the 3-spin glass at 1e6'
    """

    def set_(found: re.Match[str]) -> str:
        sign, digits, exponent_sign, exponent = found.groups()
        power = "" if exponent is None else f"e{'−' if exponent_sign == '-' else ''}{exponent}"
        return f"{'−' if sign else ''}{digits}{power}"

    return _NUMBER.sub(set_, text)


# Halves are rounded as browsers round them.
_FOUR, _THREE = Context(prec=4, rounding=ROUND_HALF_UP), Context(prec=3, rounding=ROUND_HALF_UP)


def number(value: float) -> str:
    """Return a number for people, as the player writes it (``formatNumber``): four digits, or three and a power of ten.

    >>> number(-0.0312499), number(0.9), number(123456.0), number(1e-8), number(float("inf")), number(float("nan"))
    ('−0.03125', '0.9', '1.23e5', '1.00e−8', '∞', 'NaN')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{float(_FOUR.create_decimal_from_float(value)):.10g}".replace("-", "−")
    mantissa, exponent = f"{_THREE.create_decimal_from_float(value):.2e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def short(value: float) -> str:
    """Return a number in three digits, as the player writes it in the key of a map (``short``); dust is 0.

    >>> short(-3.77931), short(8.1114e-5), short(0.00014), short(1e-12)
    ('−3.78', '8.11e−5', '1.40e−4', '0')
    """
    return number(float(_THREE.create_decimal_from_float(value)) if abs(value) > 1e-9 else 0.0)


def number_latex(value: float) -> str:
    r"""Return the same number in LaTeX.

    >>> number_latex(-1.5e-8), number_latex(float("inf"))
    ('-1.50 \\cdot 10^{-8}', '\\infty')
    """
    if math.isnan(value):
        return r"\text{NaN}"
    mantissa, _, exponent = number(value).replace("−", "-").replace("∞", r"\infty").partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa
