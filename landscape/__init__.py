"""How optimizers move over cost surfaces: minima, saddles and plateaus, watched, measured and exported.

>>> import landscape as ls
>>> surface = ls.surface("escaping_saddle")
>>> trajectory = ls.descend(surface, ls.Adam(learning_rate=0.05), [[1.0, 1e-3]], n_steps=400)
>>> trajectory.outcomes[0].word
'minimum'
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from landscape.curvature.point import CriticalPoint
from landscape.declared import REGISTRIES, register
from landscape.descent import descend
from landscape.descent.trajectory import Outcome, Trajectory
from landscape.ensemble import Ensemble, EnsembleError, ensemble
from landscape.errors import FormulaError, UnknownName
from landscape.experiment import Experiment, Run
from landscape.language import languages, set_language
from landscape.optimizers import (
    NOISES,
    OPTIMIZERS,
    SCHEDULES,
    ElementwiseOptimizer,
    GaussianNoise,
    Minibatches,
    Noise,
    Optimizer,
    Schedule,
    Step,
    optimizer,
    schedule,
)
from landscape.optimizers.adam import Adam, Adamax, AdamW, AMSGrad
from landscape.optimizers.adam_memories import ADOPT, Adan, AdEMAMix
from landscape.optimizers.adam_variants import AdaBelief, Lion, NAdam, RAdam, Yogi
from landscape.optimizers.adaptive import Adadelta, AdaGrad, RMSprop
from landscape.optimizers.averages import ASGD, ScheduleFreeAdamW, ScheduleFreeSGD
from landscape.optimizers.first_order import SGD, Momentum, Nesterov, NesterovAsWritten
from landscape.optimizers.matrices import SOAP, Adafactor, Muon, Shampoo
from landscape.optimizers.perturbed import PerturbedGD
from landscape.optimizers.second_look import SAM, Sophia
from landscape.optimizers.second_order import LBFGS, Newton, SaddleFreeNewton, TrustRegion
from landscape.optimizers.signs import Rprop, Signum
from landscape.optimizers.whole_vector import LAMB, PolyakStep, Prodigy
from landscape.optimizers.wrappers import Clipped, Lookahead, MovingAverage, ReduceOnPlateau, StochasticWeightAverage
from landscape.parameter import parameter
from landscape.recipe.points import grid_starts, random_starts
from landscape.recipe.starts import STARTS, Beside, Given, Grid, IntoSaddle, Random, Starts
from landscape.scene import Scene
from landscape.surfaces import GROUPS, SURFACES, Domain, Formula, Parameter, Surface, declare, formula, surface
from landscape.version import __version__

if TYPE_CHECKING:  # what type checkers and editors read in the place of the table below
    from landscape.analysis.basins import Basins, BasinsError, basins, refine_basins
    from landscape.analysis.census import Census, p_spin_census, torus_census
    from landscape.analysis.connectivity import LossPath, bezier_path, straight_path
    from landscape.analysis.critical_points import critical_points
    from landscape.analysis.escape import escapes
    from landscape.analysis.high_dims import high_dims_study
    from landscape.analysis.manifolds import manifolds
    from landscape.analysis.network_studies import edge_study
    from landscape.analysis.plateaus import plateaus
    from landscape.analysis.slices import (
        Plane,
        Slice,
        eigen_plane,
        filter_normalized_plane,
        principal_plane,
        random_plane,
        slice_surface,
    )
    from landscape.analysis.spectra import Spectra, spectrum
    from landscape.analysis.survival import Survival, survival
    from landscape.analysis.tuning import Tuning, tuning
    from landscape.claims import CLAIMS
    from landscape.curvature.along import sharpness_along, spectrum_along
    from landscape.curvature.density import hessian_trace, spectral_density
    from landscape.curvature.spectrum import NotConverged, extreme_eigenvalues, hessian_eigenvalues, top_eigenvalues
    from landscape.descent.one_step import one_step
    from landscape.recording import Recording, record, recorder
    from landscape.saved import load, save
    from landscape.scenes.high_dims import high_dims_scene
    from landscape.scenes.networks import connectivity_scene, sharpness_scene
    from landscape.scenes.toolbox import census_scene, slice_scene, spectrum_scene
    from landscape.surfaces.callables import from_functions
    from landscape.surfaces.jax_adapter import from_jax
    from landscape.surfaces.networks import (
        DATA,
        NETWORKS,
        Autoencoder,
        Data,
        DeepLinear,
        Logistic,
        Network,
        Perceptron,
        Softmax,
        TeacherStudent,
        network,
        parse_table,
        read_table,
    )
    from landscape.surfaces.networks.datasets import data
    from landscape.surfaces.torch_adapter import from_torch

# Public names whose module is loaded when they are first used.
_LATER: dict[str, str] = {
    **dict.fromkeys(
        (
            *("DATA", "NETWORKS", "network", "parse_table", "read_table", "Data", "Network"),
            *("Perceptron", "Softmax", "Logistic", "DeepLinear", "Autoencoder", "TeacherStudent"),
        ),
        "landscape.surfaces.networks",
    ),
    "data": "landscape.surfaces.networks.datasets",  # in its folder a module has that name too
    "from_functions": "landscape.surfaces.callables",
    "from_torch": "landscape.surfaces.torch_adapter",
    "from_jax": "landscape.surfaces.jax_adapter",
    "CLAIMS": "landscape.claims",
    **dict.fromkeys(("Basins", "BasinsError", "basins", "refine_basins"), "landscape.analysis.basins"),
    "one_step": "landscape.descent.one_step",
    **dict.fromkeys(("Recording", "record", "recorder"), "landscape.recording"),
    **dict.fromkeys(("load", "save"), "landscape.saved"),
    **dict.fromkeys(("Survival", "survival"), "landscape.analysis.survival"),
    "critical_points": "landscape.analysis.critical_points",
    **dict.fromkeys(
        (
            "Plane",
            "Slice",
            "eigen_plane",
            "filter_normalized_plane",
            "principal_plane",
            "random_plane",
            "slice_surface",
        ),
        "landscape.analysis.slices",
    ),
    **dict.fromkeys(("LossPath", "bezier_path", "straight_path"), "landscape.analysis.connectivity"),
    **dict.fromkeys(
        ("NotConverged", "extreme_eigenvalues", "hessian_eigenvalues", "top_eigenvalues"),
        "landscape.curvature.spectrum",
    ),
    **dict.fromkeys(("hessian_trace", "spectral_density"), "landscape.curvature.density"),
    **dict.fromkeys(("sharpness_along", "spectrum_along"), "landscape.curvature.along"),
    **dict.fromkeys(("Spectra", "spectrum"), "landscape.analysis.spectra"),
    "edge_study": "landscape.analysis.network_studies",
    **dict.fromkeys(("Census", "p_spin_census", "torus_census"), "landscape.analysis.census"),
    **dict.fromkeys(("census_scene", "slice_scene", "spectrum_scene"), "landscape.scenes.toolbox"),
    **dict.fromkeys(("connectivity_scene", "sharpness_scene"), "landscape.scenes.networks"),
    "high_dims_study": "landscape.analysis.high_dims",
    "high_dims_scene": "landscape.scenes.high_dims",
    "manifolds": "landscape.analysis.manifolds",
    "plateaus": "landscape.analysis.plateaus",
    "escapes": "landscape.analysis.escape",
    **dict.fromkeys(("Tuning", "tuning"), "landscape.analysis.tuning"),
}

__all__ = [
    "ADOPT",
    "ASGD",
    "CLAIMS",
    "DATA",
    "GROUPS",
    "LAMB",
    "LBFGS",
    "NETWORKS",
    "NOISES",
    "OPTIMIZERS",
    "SAM",
    "SCHEDULES",
    "SGD",
    "SOAP",
    "STARTS",
    "SURFACES",
    "AMSGrad",
    "AdEMAMix",
    "AdaBelief",
    "AdaGrad",
    "Adadelta",
    "Adafactor",
    "Adam",
    "AdamW",
    "Adamax",
    "Adan",
    "Autoencoder",
    "Basins",
    "BasinsError",
    "Beside",
    "Census",
    "Clipped",
    "CriticalPoint",
    "Data",
    "DeepLinear",
    "Domain",
    "ElementwiseOptimizer",
    "Ensemble",
    "EnsembleError",
    "Experiment",
    "Formula",
    "FormulaError",
    "GaussianNoise",
    "Given",
    "Grid",
    "IntoSaddle",
    "Lion",
    "Logistic",
    "Lookahead",
    "LossPath",
    "Minibatches",
    "Momentum",
    "MovingAverage",
    "Muon",
    "NAdam",
    "Nesterov",
    "NesterovAsWritten",
    "Network",
    "Newton",
    "Noise",
    "NotConverged",
    "Optimizer",
    "Outcome",
    "Parameter",
    "Perceptron",
    "PerturbedGD",
    "Plane",
    "PolyakStep",
    "Prodigy",
    "RAdam",
    "RMSprop",
    "Random",
    "Recording",
    "ReduceOnPlateau",
    "Rprop",
    "Run",
    "SaddleFreeNewton",
    "Scene",
    "Schedule",
    "ScheduleFreeAdamW",
    "ScheduleFreeSGD",
    "Shampoo",
    "Signum",
    "Slice",
    "Softmax",
    "Sophia",
    "Spectra",
    "Starts",
    "Step",
    "StochasticWeightAverage",
    "Surface",
    "Survival",
    "TeacherStudent",
    "Trajectory",
    "TrustRegion",
    "Tuning",
    "UnknownName",
    "Yogi",
    "__version__",
    "basins",
    "bezier_path",
    "census_scene",
    "connectivity_scene",
    "critical_points",
    "data",
    "declare",
    "descend",
    "edge_study",
    "eigen_plane",
    "ensemble",
    "escapes",
    "extreme_eigenvalues",
    "filter_normalized_plane",
    "formula",
    "from_functions",
    "from_jax",
    "from_torch",
    "grid_starts",
    "hessian_eigenvalues",
    "hessian_trace",
    "high_dims_scene",
    "high_dims_study",
    "languages",
    "load",
    "manifolds",
    "network",
    "one_step",
    "optimizer",
    "p_spin_census",
    "parameter",
    "parse_table",
    "plateaus",
    "principal_plane",
    "random_plane",
    "random_starts",
    "read_table",
    "record",
    "recorder",
    "refine_basins",
    "register",
    "save",
    "schedule",
    "set_language",
    "sharpness_along",
    "sharpness_scene",
    "slice_scene",
    "slice_surface",
    "spectral_density",
    "spectrum",
    "spectrum_along",
    "spectrum_scene",
    "straight_path",
    "surface",
    "survival",
    "top_eigenvalues",
    "torus_census",
    "tuning",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        # Whatever is registered is public under the name of its class, ours and others' alike.
        for registry in REGISTRIES:
            for member in registry.values():
                if getattr(member, "__name__", None) == name:
                    return member
        raise AttributeError(f"module 'landscape' has no attribute {name!r}")
    value = getattr(import_module(_LATER[name]), name)
    globals()[name] = value
    return value


if "IPython" in sys.modules:  # in a notebook things show what they hold
    from IPython import get_ipython

    if (shell := get_ipython()) is not None:
        import_module("landscape.shown").on_display(shell)
