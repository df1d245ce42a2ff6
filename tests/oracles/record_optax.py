"""Record what optax and optax.contrib do: writes optax.npz beside this file.

    python -m venv ../jax-env && ../jax-env/bin/pip install jax==0.10.2 optax==0.2.8
    ../jax-env/bin/python tests/oracles/record_optax.py

Gradients are JAX's, all in float64. One start at a time: some of these rules look at the whole point.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from cases import KEPT, N_STEPS, PLANE, SHAPES, Recorded, matrices
from optax import contrib

jax.config.update("jax_enable_x64", True)

SHOWN = {"schedule_free_sgd", "schedule_free_adamw"}


def exact_diagonal(cost):
    """Return the diagonal of the Hessian as the estimator that Sophia asks for."""

    def update(updates, state, params=None, obj_fn=None, **rest):
        return jnp.diagonal(jax.hessian(cost)(params)), state

    return optax.GradientTransformationExtraArgs(lambda params: optax.EmptyState(), update)


# (our key, our hyperparameters, the transformation for a cost)
CASES = [
    ("ademamix", {}, lambda f: contrib.ademamix(1e-3)),
    ("ademamix", {"learning_rate": 0.01, "b1": 0.8, "b2": 0.99, "b3": 0.95, "alpha": 3.0, "eps": 1e-4},
     lambda f: contrib.ademamix(0.01, 0.8, 0.99, 0.95, 3.0, 1e-4)),
    ("ademamix", {"learning_rate": 0.01, "weight_decay": 0.1}, lambda f: contrib.ademamix(0.01, weight_decay=0.1)),
    ("adopt", {}, lambda f: contrib.adopt(1e-3)),
    ("adopt", {"learning_rate": 0.01, "b1": 0.8, "b2": 0.95, "eps": 1e-3},
     lambda f: contrib.adopt(0.01, 0.8, 0.95, 1e-3)),
    ("adopt", {"learning_rate": 0.005, "clipped": False}, lambda f: contrib.adopt(0.005, use_clipping=False)),
    ("schedule_free_sgd", {"learning_rate": 1e-3}, lambda f: contrib.schedule_free_sgd(1e-3)),
    ("schedule_free_sgd", {"learning_rate": 5e-4, "momentum": 0.6, "weight_decay": 0.1},
     lambda f: contrib.schedule_free_sgd(5e-4, b1=0.6, weight_decay=0.1)),
    ("schedule_free_adamw", {}, lambda f: contrib.schedule_free_adamw()),
    ("schedule_free_adamw", {"learning_rate": 0.02, "b1": 0.95, "b2": 0.9, "eps": 1e-3, "weight_decay": 0.1},
     lambda f: contrib.schedule_free_adamw(0.02, b1=0.95, b2=0.9, eps=1e-3, weight_decay=0.1)),
    ("polyak", {"longest": 1e-3}, lambda f: optax.polyak_sgd(1e-3)),
    ("polyak", {"learning_rate": 1.0, "least": -1.0, "longest": 0.001},
     lambda f: optax.polyak_sgd(0.001, f_min=-1.0)),
    ("prodigy", {"smallest": 1e-2}, lambda f: contrib.prodigy(estim_lr0=1e-2)),
    ("prodigy", {"learning_rate": 0.5, "b1": 0.8, "b2": 0.99, "eps": 1e-4, "weight_decay": 0.01, "smallest": 1e-3},
     lambda f: contrib.prodigy(0.5, (0.8, 0.99), eps=1e-4, estim_lr0=1e-3, weight_decay=0.01)),
    ("lamb", {}, lambda f: optax.lamb(1e-3)),
    ("lamb", {"learning_rate": 0.01, "b1": 0.8, "b2": 0.99, "eps": 1e-3, "weight_decay": 0.1},
     lambda f: optax.lamb(0.01, 0.8, 0.99, 1e-3, 0.0, 0.1)),
    ("sam", {"learning_rate": 5e-4}, lambda f: sam(5e-4, 0.05)),
    ("sam", {"learning_rate": 1e-3, "radius": 0.01}, lambda f: sam(1e-3, 0.01)),
    ("sophia", {}, lambda f: contrib.sophia(1e-3, hessian_diagonal_fn=exact_diagonal(f))),
    ("sophia",
     {"learning_rate": 0.003, "b1": 0.8, "b2": 0.9, "eps": 1e-4, "scale": 0.1, "every": 3, "weight_decay": 0.1},
     lambda f: contrib.sophia(0.003, 0.8, 0.9, 1e-4, 0.1, gamma=0.1, update_interval=3,
                              hessian_diagonal_fn=exact_diagonal(f))),
    ("clipped", {"learning_rate": 0.01, "longest": 2.0},
     lambda f: optax.chain(optax.clip_by_global_norm(2.0), optax.sgd(0.01))),
    ("clipped", {"learning_rate": 0.01, "longest": 0.5, "by_value": True, "of": "adam"},
     lambda f: optax.chain(optax.clip(0.5), optax.adam(0.01))),
    ("lookahead", {"learning_rate": 0.01}, lambda f: optax.lookahead(optax.adam(0.01), 5, 0.5)),
    ("lookahead", {"learning_rate": 1e-3, "every": 3, "share": 0.8, "of": {"name": "momentum", "momentum": 0.5}},
     lambda f: optax.lookahead(optax.sgd(1e-3, 0.5), 3, 0.8)),
]  # fmt: skip


def sam(rate, radius):
    """Return SAM over gradient descent that asks for the gradient itself."""
    uphill = optax.chain(contrib.normalize(), optax.sgd(radius))
    return contrib.sam(optax.sgd(rate), uphill, opaque_mode=True)


def walk(key, transformation, cost):
    """Return a function from starts to the points of a run."""

    @jax.jit
    def step(params, state):
        fast = params.fast if key == "lookahead" else params
        value, g = jax.value_and_grad(cost)(fast)
        extra = {"value": value} if key == "polyak" else {"obj_fn": cost} if key == "sophia" else {}
        if key == "sam":
            extra = {"grad_fn": lambda p, _: jax.grad(cost)(p)}
        updates, state = transformation.update(g, state, params, **extra)
        return optax.apply_updates(params, updates), state

    def shown(params, state):
        if key in SHOWN:
            return contrib.schedule_free_eval_params(state, params)
        return params.fast if key == "lookahead" else params

    def from_one(start):
        x = jnp.asarray(start)
        params = optax.LookaheadParams.init_synced(x) if key == "lookahead" else x
        state = transformation.init(params)
        kept = [np.asarray(x)]
        for t in range(1, N_STEPS + 1):
            params, state = step(params, state)
            if t in KEPT:
                kept.append(np.asarray(shown(params, state)))
        return np.array(kept)

    return lambda starts: np.stack([from_one(start) for start in starts], axis=1)


def layered(shape):
    """Return the cost of a matrix over its entries."""
    a, target, _ = matrices(shape)

    def cost(x):
        away = x.reshape(shape) - target
        return 0.5 * jnp.sum(away * (a @ away))

    return cost


def main():
    """Run everything and write the file."""
    recorded = Recorded()
    for key, hyper, make in CASES:
        for name, (of_two, starts) in PLANE.items():
            cost = lambda x, of_two=of_two: of_two(x[0], x[1])  # noqa: E731
            recorded.add(key, hyper, {"surface": name}, starts, walk(key, make(cost), cost), most=50)
    # Layer by layer: the matrix is one array of the parameters.
    for shape in SHAPES.values():
        cost = layered(shape)
        run = walk("lamb", optax.lamb(0.02), cost)
        recorded.add("lamb", {"learning_rate": 0.02}, {"shape": shape}, matrices(shape)[2], run)
    recorded.save(Path(__file__).with_name("optax.npz"), optax=optax.__version__, jax=jax.__version__)


if __name__ == "__main__":
    main()
