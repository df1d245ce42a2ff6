# %% [markdown]
# # High dimensions: spectra, slices, and why a slice lies
#
# In many dimensions nobody sees the surface. One sees a spectrum, which is true and has no picture, or a slice, which
# is a picture and hides nearly everything.

# %%
import numpy as np

import landscape as ls

# %% [markdown]
# ## A saddle in a hundred dimensions
#
# Thirty directions fall, seventy rise, all with curvature of size 1, and a quartic wall ends the fall. So the middle is
# a saddle of index 30.

# %%
saddle = ls.surface("two_point_saddle", 100, index=30)
middle = np.zeros(100)
spectra = ls.spectrum(saddle, middle)
ls.spectrum_scene(spectra)

# %%
(hessian,) = spectra.each
print(f"index {hessian.index.value:.0f} of {saddle.n_dims}, trace {hessian.trace.value:.0f}")
assert hessian.index.value == 30

# %% [markdown]
# ## The slice that lies
#
# A random plane through the middle shows a bowl. Along a random direction $u$ of length 1 the curvature is
# $u^T H u = \sum_i \lambda_i u_i^2$, an average over all eigenvalues; here about the trace divided by 100, which is
# positive.

# %%
plane = ls.random_plane(middle, seed=0)
grid = np.linspace(-1.5, 1.5, 61)
cut = ls.slice_surface(saddle, plane, grid, grid)
ls.slice_scene(cut)

# %%
print(f"lowest point of the slice: {np.min(cut.values):.3g}, in its middle {cut.values[30, 30]:.3g}")
assert np.unravel_index(np.argmin(cut.values), cut.values.shape) == (30, 30)

# %% [markdown]
# How many random lines see one of the thirty ways down?

# %%
rng = np.random.default_rng(0)
lines = rng.standard_normal((10_000, 100))
lines /= np.linalg.norm(lines, axis=1, keepdims=True)
curvatures = np.sum(lines * (lines @ saddle.hessian(middle)), axis=1)
print(f"mean curvature {curvatures.mean():.3f}, trace / n = {hessian.trace.value / 100:.3f}")
print(f"{np.mean(curvatures < 0):.2%} of 10,000 random lines fall")
assert np.mean(curvatures < 0) < 0.01

# %% [markdown]
# The plane of the two extreme eigenvectors shows what is there, because it was chosen to.

# %%
honest = ls.eigen_plane(saddle, middle)
ls.slice_scene(ls.slice_surface(saddle, honest, grid, grid))

# %%
assert honest.curvatures is not None
print("curvatures along it:", honest.curvatures)
assert honest.curvatures[0] < 0

# %% [markdown]
# The claim is measured with theory beside it, as every claim of the lecture is:

# %%
result = ls.CLAIMS["slices"].run()
result

# %%
assert result.verdict == "PASS"

# %% [markdown]
# ## A trained network
#
# The same two looks at a network where training stopped: the Hessian, and the Gauss-Newton matrix, which leaves out the
# curvature of the network itself and cannot have negative eigenvalues.

# %%
network = ls.network("perceptron", data=ls.data("moons"), widths=(8,))
run = ls.Experiment(network, (ls.Adam(learning_rate=0.03), ls.SGD(learning_rate=0.3)), network.starts(1), 400).run()
end = run.trajectories[0].final_points[0]
found = ls.spectrum(network, end, ("hessian", "gauss_newton"))
ls.spectrum_scene(found)

# %%
for each in found.each:
    print(f"{each.matrix}: smallest {each.ends.smallest[0]:.2g}, largest {each.ends.largest[-1]:.2g}")
assert found.each[0].ends.smallest[0] < 0

# %% [markdown]
# ## A plane that knows what it hides
#
# Paths lie best on the plane of their own principal components. The picture says how far they are from it and how wrong
# its loss is; and the share of variance stands beside what as many steps of pure chance would show.

# %%
path_plane = ls.principal_plane([path.points for path in run.trajectories])
assert path_plane.explained is not None
assert path_plane.null is not None
print(f"variance on the plane: {sum(path_plane.explained):.1%}; a random walk has {sum(path_plane.null):.1%}")

# %%
ls.high_dims_scene(run, ls.high_dims_study(run.trajectories))
