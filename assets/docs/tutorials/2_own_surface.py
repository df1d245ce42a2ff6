# %% [markdown]
# # A surface of your own
#
# A cost function enters as a formula, as Python functions, or as a declaration with a name of its own.

# %%
import numpy as np

import landscape as ls

# %% [markdown]
# ## As people type it
#
# Powers, Greek letters and implied products are read as on paper. What can be read in two ways is refused with both
# readings, and nothing that is typed is ever evaluated as code.

# %%
monkey = ls.formula("x³ − 3xy² + (x² + y²)²/4", ((-4, 4), (-4, 4)))
monkey

# %%
try:
    ls.formula("e^2x + y²")
except ls.FormulaError as refused:
    print(refused)

# %% [markdown]
# Gradient and Hessian are derived, not estimated. Points have the dimension on the last axis and any batch before it.

# %%
points = np.array([[1.0, 0.0], [0.0, 0.0]])
print(monkey.value(points), monkey.gradient(points), monkey.hessian(points), sep="\n")

# %% [markdown]
# In the middle lies a saddle without curvature: all eigenvalues are zero there, so the Hessian alone cannot name it.
# What it is follows from the values round it.

# %%
critical = ls.critical_points(monkey)
critical

# %%
middle = next(point for point in critical if np.allclose(point.x, 0, atol=1e-6))
print(middle.kind, middle.eigenvalues)
assert middle.kind == "degenerate"

# %% [markdown]
# ## With a name of its own
#
# `declare` makes a surface with parameters and known minima. Registered, it is a full citizen: found by its name, kept
# in recipes and links, offered by the app.

# %%
bumpy = ls.register(
    ls.declare(
        "bumpy_valley",
        "Bumpy valley",
        "(y - x^2/2)^2 + slope*x^2 + bump*cos(4*x)",
        ((-3, 3), (-1.5, 3.5)),
        group="ravines",
        parameters=(
            ls.Parameter("slope", 0.1, 0, 1, "how steeply the valley falls to its middle"),
            ls.Parameter("bump", 0.08, 0, 1, "height of the ripples on its floor"),
        ),
        teaches="Ripples on the floor of a valley hold up what has no momentum.",
        reference="made up for this page",
    )
)
ls.surface("bumpy_valley", bump=0.3)

# %% [markdown]
# From the same start at the same learning rate, without and with a velocity:

# %%
optimizers = (ls.SGD(learning_rate=0.02), ls.Momentum(learning_rate=0.02))
run = ls.Experiment("bumpy_valley", optimizers, starts=[(2.4, 3.0)], n_steps=600).run()
run.scene()

# %%
slow, fast = (float(path.final_points[0, 0]) for path in run.trajectories)
print(f"from x = 2.4 gradient descent comes to {slow:.2f}, momentum to {fast:.2f}")
assert fast < slow - 1.0

# %% [markdown]
# ## From functions
#
# What is no formula comes as functions of a point; its gradient can be checked against differences.

# %%
target = np.linspace(-1.0, 1.0, 5)


def value(x: np.ndarray) -> float:
    return float(np.sum(np.log(np.cosh(3.0 * (x - target)))))


def gradient(x: np.ndarray) -> np.ndarray:
    return 3.0 * np.tanh(3.0 * (x - target))


own = ls.from_functions(value, gradient, n_dims=5)
path = ls.descend(own, ls.Adam(learning_rate=0.05), np.zeros(5), n_steps=300)
print(path.verdicts[0])
assert np.allclose(path.final_points[0], target, atol=1e-3)
