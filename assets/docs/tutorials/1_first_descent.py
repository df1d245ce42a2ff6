# %% [markdown]
# # First descent: saddle or plateau?
#
# A training curve that has gone flat may have reached a minimum. It may also rest near a *saddle*, from which there is
# still a way down, or cross a *plateau*, where there is nothing to rest on at all. The loss does not tell them apart,
# nor does a small gradient; the Hessian does.

# %%
import numpy as np

import landscape as ls

surface = ls.surface("escaping_saddle")
surface

# %% [markdown]
# Its critical points are found and certified, and what is known about their completeness is said below the table.

# %%
found = ls.critical_points(surface)
found

# %% [markdown]
# ## Beside a saddle
#
# Four optimizers start where the surface falls towards the saddle, a millionth beside the line that leads into it.
# Every picture here plays: press space, drag a start, or unfold *What if…* and turn a knob.

# %%
experiment = ls.Experiment(
    surface,
    (
        ls.SGD(learning_rate=0.05),
        ls.Momentum(learning_rate=0.05),
        ls.RMSprop(learning_rate=0.05),
        ls.Adam(learning_rate=0.05),
    ),
    starts=[(1.6, 1e-6)],
    n_steps=400,
)
run = experiment.run()
run.scene()

# %% [markdown]
# Each path is judged at its end by the Hessian there, so that no small gradient counts as an arrival by itself.

# %%
run

# %% [markdown]
# How many steps did each take until it was on its way down, at a distance of 1 from the line?

# %%
taken = {}
for path in run.trajectories:
    away = np.abs(path.points[0, :, 1]) > 1.0
    taken[path.optimizer.title] = int(away.argmax())
    print(f"{path.optimizer.label}: {taken[path.optimizer.title]} steps")
assert max(taken, key=lambda title: taken[title]) == "SGD"

# %% [markdown]
# Gradient descent takes longest: the gradient that would carry it away is as small as its distance from the line. That
# distance grows by the same factor in every step, so a start a thousand times nearer costs a fixed number of steps
# more. Measured beside the closed form, on a saddle with curvatures 1 and −1:

# %%
escapes = ls.escapes(ls.SGD(learning_rate=0.01), (1e-3, 1e-6, 1e-9, 1e-12))
for offset, measured, theory in zip(escapes.offsets, escapes.measured, escapes.theory, strict=True):
    print(f"from {offset:g} beside it: {measured} steps, theory {theory}")
assert escapes.measured == escapes.theory

# %% [markdown]
# ## On a plateau
#
# Here nothing is critical: the gradient is never zero on the floor, only small everywhere, so that its size decides how
# long the way takes. What divides by the gradient's own size hardly notices.

# %%
flat = ls.Experiment.from_lesson("plateau")
flat

# %%
crossed = flat.run()
crossed.scene()

# %%
crossed

# %% [markdown]
# ## One step in numbers
#
# Where the rule of an optimizer is in doubt, ask for a step: the statements as they stand in the code, with what was
# put in and what came out.

# %%
print(ls.one_step(run.trajectories[1], 3))

# %% [markdown]
# Save what you see with `scene.save("figure.pdf")`, and a run as a recipe with `experiment.to_json()`: nothing else is
# needed to have it again.

# %%
assert ls.Experiment.from_json(experiment.to_json()) == experiment
