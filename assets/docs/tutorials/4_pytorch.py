# %% [markdown]
# # A PyTorch run, recorded and shown
#
# A training loop of your own enters with three lines. Nothing is hooked and nothing changed: the recorder reads
# parameters and gradients when it is called, and keeps the few directions that hold most of the way, so that memory
# stays flat at a million parameters.
#
# Where PyTorch is not installed, this page shows arrays that were recorded by the same loop; `landscape` itself needs
# none of it.

# %%
from importlib.util import find_spec
from typing import Any

import numpy as np

import landscape as ls

examples = ls.data("moons", n=300)
examples


# %% [markdown]
# ## The loop
#
# Mini-batches of 30, Adam, and a look at every fifth step. The recorder is called where parameters, gradients and loss
# belong together: between `backward()` and `step()`.


# %%
def train(every: int = 5) -> tuple[Any, ls.Recording]:
    import torch

    torch.manual_seed(0)
    inputs = torch.tensor(examples.inputs, dtype=torch.float32)
    labels = torch.tensor(examples.labels)
    model = torch.nn.Sequential(torch.nn.Linear(2, 12), torch.nn.Tanh(), torch.nn.Linear(12, 2))
    optimizer = torch.optim.Adam(model.parameters(), learning_rate := 0.02)
    cost = torch.nn.CrossEntropyLoss()
    with ls.recorder(model, every=every, label=f"Adam (lr {learning_rate}), batches of 30") as r:
        for _ in range(40):
            for rows in torch.randperm(len(inputs)).split(30):
                optimizer.zero_grad()
                loss = cost(model(inputs[rows]), labels[rows])
                loss.backward()
                r(loss)
                optimizer.step()
    return model, r.recording


# %%
model: Any = None
if find_spec("torch"):
    model, recording = train()
else:
    kept = np.load("recorded_run.npz", allow_pickle=False)
    recording = ls.record(**{name: kept[name] for name in kept.files}, label="Adam, recorded before")
recording.scene()

# %% [markdown]
# The losses are those of single batches, so the curve is rough. Without the surface below it nobody can say how the run
# ended, and the picture does not pretend to.

# %%
print(recording.verdict)
assert recording.outcome is None

# %% [markdown]
# ## The surface below the run
#
# With the module's loss over all examples as a surface, the Hessian can be asked. `from_torch` copies the module; it
# has mini-batches, exact Hessian-vector products, and knows which weights make up a filter. Without PyTorch the same
# questions go to a network of our own, trained here.

# %%
surface: ls.Surface
if model is not None:
    import torch

    below = ls.from_torch(model, torch.nn.CrossEntropyLoss(), (examples.inputs, examples.labels))
    surface, end = below, below.domain.center
    plane = ls.filter_normalized_plane(end, below.filters)
else:
    network = ls.network("perceptron", data=examples, widths=(12,))
    trained = ls.descend(network, ls.Adam(learning_rate=0.02), network.starts(1), n_steps=400)
    surface, end = network, trained.final_points[0]
    plane = ls.filter_normalized_plane(end, network.filters)
ends = ls.top_eigenvalues(surface, end, k=3)
norm = float(np.linalg.norm(surface.gradient(end)))
print(f"{surface.n_dims} parameters, loss {float(surface.value(end)):.3g}, gradient norm {norm:.2g}")
print("smallest eigenvalues", ends.smallest, "largest", ends.largest)

# %% [markdown]
# Training stopped where there are still directions that fall, though hardly: the smallest eigenvalue is negative, and
# small beside the largest.

# %%
assert ends.smallest[0] < 0 < ends.largest[-1]
assert abs(ends.smallest[0]) < 0.1 * ends.largest[-1]

# %% [markdown]
# ## Round the end
#
# The plane has directions that are as long as the weights, filter by filter, so that scale means the same in every
# layer.

# %%
grid = np.linspace(-1.0, 1.0, 31)
cut = ls.slice_surface(surface, plane, grid, grid)
ls.slice_scene(cut)

# %% [markdown]
# On it the end looks like the bottom of a bowl. The eigenvalues above say that it is none, which is what the next page
# is about.

# %%
here = float(surface.value(end))
share = float(np.mean(cut.values < here))
print(f"{share:.1%} of the grid is lower than the end, by {max(0.0, 1 - np.min(cut.values) / here):.1%} at most")
assert share < 0.05
