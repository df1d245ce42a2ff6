"""Random landscapes whose critical points are understood: Gaussian fields, spin glasses, factorizations."""

from __future__ import annotations

from landscape.surfaces.random_fields.autoencoder import LinearAutoencoder
from landscape.surfaces.random_fields.factorization import MatrixFactorization
from landscape.surfaces.random_fields.gaussian import GaussianField, TorusField, WaveField
from landscape.surfaces.random_fields.p_spin import SphericalPSpin
from landscape.surfaces.random_fields.phase_retrieval import PhaseRetrieval

__all__ = [
    "GaussianField",
    "LinearAutoencoder",
    "MatrixFactorization",
    "PhaseRetrieval",
    "SphericalPSpin",
    "TorusField",
    "WaveField",
]
