"""Numbers in sentences, set as the axes set theirs."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\w.-])(-?)(\d+(?:\.\d+)?|inf)(?:e([+-]?)0*(\d+))?(?![\w])")


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
