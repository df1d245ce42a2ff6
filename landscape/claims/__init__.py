"""Every claim of the lecture, measured anew and held against theory: ``python -m landscape.claims``."""

from __future__ import annotations

from landscape.claims.base import POINTS, Check, Claim, Question, Result, Tolerance
from landscape.claims.random_matrices import FIELDS, RARE

CLAIMS: dict[str, Claim] = {claim.key: claim for claim in (RARE, FIELDS)}
"""All claims by key, in the lecture's order."""

__all__ = ["CLAIMS", "POINTS", "Check", "Claim", "Question", "Result", "Tolerance"]
