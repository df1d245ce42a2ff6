"""Every claim of the lecture, measured anew and held against theory: ``landscape claims``."""

from __future__ import annotations

from landscape.claims.base import FAIL, PASS, POINTS, Check, Claim, Question, Result, Tolerance
from landscape.claims.basics import BATCH_NORM, FRAMEWORK, SOFTMAX
from landscape.claims.counts import AUTOENCODER, SEPARABLE
from landscape.claims.escapes import ESCAPE, SEQUENTIAL
from landscape.claims.estimates import GRADIENT_FLAT, HUTCHINSON
from landscape.claims.heights import GLASS, NETWORK
from landscape.claims.large_rates import CENTRAL_FLOW, PERIODS, SELF_STABILIZATION
from landscape.claims.never_at_rest import BOUNCES, RIVER_VALLEY
from landscape.claims.plateaus import DEEP_LINEAR, NEURON
from landscape.claims.quadratics import EDGES, RATES
from landscape.claims.random_matrices import FIELDS, RARE
from landscape.claims.saddle_to_saddle import SADDLE_TO_SADDLE
from landscape.claims.sharpness import CATAPULT, TRAINING_EDGE
from landscape.claims.slices import FILTERS, SLICES, WALK
from landscape.claims.trainability import TRAINABILITY
from landscape.claims.width import CONNECTED, COPIES, STUDENTS

_ORDER = (
    RARE,
    FIELDS,
    SEPARABLE,
    GLASS,
    AUTOENCODER,
    NETWORK,
    SLICES,
    NEURON,
    DEEP_LINEAR,
    SADDLE_TO_SADDLE,
    ESCAPE,
    SEQUENTIAL,
    RATES,
    EDGES,
    TRAINING_EDGE,
    CATAPULT,
    STUDENTS,
    CONNECTED,
    COPIES,
    SELF_STABILIZATION,
    CENTRAL_FLOW,
    PERIODS,
    RIVER_VALLEY,
    BOUNCES,
    TRAINABILITY,
    WALK,
    FILTERS,
    HUTCHINSON,
    GRADIENT_FLAT,
    SOFTMAX,
    BATCH_NORM,
    FRAMEWORK,
)

CLAIMS: dict[str, Claim] = {claim.key: claim for claim in _ORDER}
"""All claims by key, in the lecture's order."""

__all__ = ["CLAIMS", "FAIL", "PASS", "POINTS", "Check", "Claim", "Question", "Result", "Tolerance"]
