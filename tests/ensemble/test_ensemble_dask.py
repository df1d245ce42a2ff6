"""An ensemble on a cluster: Dask's executor in place of ours, the same result bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

import landscape as ls

distributed = pytest.importorskip("distributed", reason="needs the extra dask")


def test_a_local_cluster_gives_the_same_bits() -> None:
    surface, rule = ls.surface("himmelblau"), ls.SGD(learning_rate=0.01)
    starts = surface.domain.sample(np.random.default_rng(0), 600)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        shared = ls.ensemble(surface, rule, starts, 50, executor=client.get_executor(), part_size=200)
    alone = ls.ensemble(surface, rule, starts, 50)
    for name in ("points", "values", "gradient_norms", "last", "quiet_from"):
        np.testing.assert_array_equal(getattr(shared, name), getattr(alone, name))
