"""Names of coordinates: which ones a typed formula may have, which go together, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from landscape.language import mark

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lamda", "μ": "mu", "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
"""Greek letters that may be coordinates, and how they are spelled. Python has taken the word lambda."""
SPELLED = {**{name: name for name in GREEK.values()}, "lambda": "lamda"}
LETTERS = {name: letter for letter, name in GREEK.items()}

PAIRS = (
    *(("x", "y"), ("w", "b"), ("u", "v"), ("s", "t"), ("a", "b"), ("p", "q"), ("m", "b"), ("X", "Y"), ("U", "V")),
    *(("x", "z"), ("y", "z"), ("x", "t"), ("r", "theta"), ("r", "phi"), ("theta", "phi"), ("alpha", "beta")),
    *(("mu", "sigma"), ("x", "theta"), ("sigma", "tau")),
)
"""Names that go together, in the order of the coordinates. Besides them, one name with two indices: x1 and x2."""
_SECOND = ("y", "b", "v", "q", "Y", "V")
"""Letters that mean the second coordinate even where the first is not mentioned."""
ALLOWED = mark(
    "a formula is written in x and y, in one letter alone (x, w, t, θ), or in a pair such as u and v, w and b, θ and "
    "φ, x1 and x2"
)

_INDEXED = re.compile(r"(.+?)_?([0-9]+)")


def canonical(name: str) -> str | None:
    """Return the name of a coordinate as the program writes it, ``None`` for what may be none: x₁ and x_1 are x1.

    >>> canonical("θ_0"), canonical("x1"), canonical("foo")
    ('theta0', 'x1', None)
    """
    indexed = _INDEXED.fullmatch(name)
    stem, index = (indexed[1], str(int(indexed[2]))) if indexed else (name, "")
    if stem in GREEK or stem in SPELLED:
        return (GREEK.get(stem) or SPELLED[stem]) + index
    # i is the imaginary unit, e the base of the natural logarithm.
    return stem + index if len(stem) == 1 and stem.isascii() and stem not in "ie_" and stem.isalpha() else None


def shown(name: str) -> str:
    """Return a name as it is shown: Greek letters as letters."""
    return LETTERS.get(_stem(name), _stem(name)) + name[len(_stem(name)) :]


def together(names: Iterable[str], n_dims: int | None = None) -> tuple[str, ...] | None:
    """Return the coordinates of a formula with these names, in order; ``None`` where they do not go together.

    Without ``n_dims`` one name is a coordinate alone, unless it has an index or is known as the second of two.

    >>> together(["y", "x"]), together(["y"]), together(["t"]), together(["w2"]), together(["x", "w"])
    (('x', 'y'), ('x', 'y'), ('t',), ('w1', 'w2'), None)
    """
    used = sorted(set(names), key=_index)
    stems = {_stem(name) for name in used}
    is_indexed = all(_index(name) >= 0 for name in used)
    if len(used) == 1 and n_dims in (None, 1, 2):
        (name,) = used
        if n_dims == 1 or (n_dims is None and not is_indexed and name not in _SECOND):
            return (name,)
        if is_indexed:
            (stem,), first = stems, max(_index(name) - 1, min(_index(name), 1))
            return (f"{stem}{first}", f"{stem}{first + 1}")
        return next((pair for pair in PAIRS if name in pair), None)
    if len(used) == 2 and n_dims in (None, 2):
        if is_indexed and len(stems) == 1:
            # x2 and x4 are not neighbours: they are more likely powers that were copied without their form.
            return tuple(used) if _index(used[1]) - _index(used[0]) == 1 else None
        return next((pair for pair in PAIRS if set(used) == set(pair)), None)
    return None


def lone(names: Iterable[str]) -> tuple[str, str] | None:
    """Return, as they are shown, letter and index of a name alone that is not the first of two: 2x3 may mean 2x³.

    >>> lone(["x3"]), lone(["x1"]), lone(["x2", "x3"])
    (('x', '3'), None, None)
    """
    name, *others = [*names, ""]
    return None if others != [""] or _index(name) < 2 else (shown(_stem(name)), name[len(_stem(name)) :])


def _stem(name: str) -> str:
    return name.rstrip("0123456789")


def _index(name: str) -> int:
    """Return the index of a canonical name, -1 for one without."""
    digits = name[len(_stem(name)) :]
    return int(digits) if digits else -1


def misfit(names: Iterable[str]) -> str:
    """Return the name that keeps the others from going together; where several do, the first beside the most usual.

    >>> misfit(["w0", "w1", "x"]), misfit(["q", "x"])
    ('x', 'q')
    """
    ordered = list(names)
    single = [name for name in ordered if together(other for other in ordered if other != name)]
    if len(single) == 1:
        return single[0]
    usual = [name for pair in PAIRS for name in pair]
    anchor = min(ordered, key=lambda name: usual.index(name) if name in usual else len(usual))
    return next((name for name in ordered if name != anchor and together((anchor, name)) is None), ordered[-1])
