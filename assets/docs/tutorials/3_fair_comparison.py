# %% [markdown]
# # An optimizer of your own, compared fairly
#
# An optimizer is a frozen dataclass: its hyperparameters are fields with their ranges, its update is one elementwise
# `rule`. Everything else follows from these: slider, legend, link, exported script, compiled ensembles.

# %%
from dataclasses import dataclass
from typing import Any

import numpy as np

import landscape as ls

# %% [markdown]
# Sign descent with a memory: each coordinate moves by the learning rate, in the direction of a running average.


# %%
@ls.register
@dataclass(frozen=True)
class AverageSign(ls.ElementwiseOptimizer):
    """The sign of a running average of gradients.

    m <- b1 m + (1 - b1) g
    x <- x - learning_rate m / (|m| + eps)
    """

    learning_rate: float = ls.parameter(0.01, 1e-4, 1.0, "step size", log=True, minimum=0.0)
    b1: float = ls.parameter(0.9, 0.0, 0.99, "share of the average that stays", minimum=0.0, maximum=1.0)
    eps: float = ls.parameter(1e-12, 1e-15, 1.0, "keeps 0/0 away", log=True, minimum=1e-300)
    key, title = "average_sign", "Average sign"
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: Any, learning_rate: Any, slots: Any, hyper: Any) -> Any:
        (m,), (b1, eps) = slots, hyper
        m = b1 * m + (1.0 - b1) * g
        return x - learning_rate * m / (abs(m) + eps), (m,)


# %%
run = ls.Experiment("rosenbrock", ("momentum", "adam", "average_sign"), starts=[(-1.2, 1.0)], n_steps=1500).run()
run.scene()

# %%
run

# %% [markdown]
# Is that a fair picture? No: each optimizer walks at its usual learning rate, and one rate says little about a rule.
#
# ## The same gradients at every rate of one grid
#
# `tuning` gives every optimizer the same number of gradients at each rate of one shared grid, from several starts; a
# Hessian counts as many gradients as there are dimensions. Lost is what diverged or broke off.

# %%
names = ("sgd", "momentum", "adam", "average_sign", "newton")
optimizers = [ls.optimizer(name) for name in names]
starts = ls.random_starts(ls.surface("rosenbrock").domain, 12, seed=0)
tuned = ls.tuning("rosenbrock", optimizers, starts, 400, learning_rates=np.geomspace(1e-4, 1.0, 17))
best = {}
for k, optimizer in enumerate(optimizers):
    best[optimizer.title] = float(np.min(tuned.losses[k]))
    rate = tuned.learning_rates[tuned.best(k)]
    print(f"{optimizer.title}: median loss {best[optimizer.title]:.2g} at its best rate, {rate:.2g}")

# %% [markdown]
# At its best rate the own rule is better than plain gradient descent on this valley, and worse than what knows the
# curvature; the assertions hold these words.

# %%
assert best["Average sign"] < best["SGD"]
assert best["Newton"] < best["Average sign"]

# %% [markdown]
# ## From everywhere
#
# Ten thousand starts run as machine code, compiled from the same rule. Where they end is counted.

# %%
everywhere = ls.grid_starts(ls.surface("himmelblau").domain, 100)
ls.ensemble("himmelblau", ls.optimizer("average_sign", learning_rate=0.02), everywhere, n_steps=500)

# %% [markdown]
# A rule whose steps never get smaller cannot come to rest: with a constant rate most paths circle a minimum at the
# distance of a step. A schedule lets them in.

# %%
falling = ls.ensemble(
    "himmelblau",
    ls.optimizer("average_sign", learning_rate=0.02),
    everywhere,
    n_steps=500,
    schedule="cosine",
)
falling
