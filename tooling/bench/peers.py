"""Solves one problem whenever it reads a line, and says how long it took: python peers.py FOLDER METHOD.

The same protocol as our own worker's. Methods are the peers' own ways to the same answer, each with its best settings that
we know of; set-up that a user pays once (imports, compilation, copying the clouds) is not timed, computing costs from
points is.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

folder, method = Path(sys.argv[1]), sys.argv[2]
problem = json.loads((folder / "problem.json").read_text())
n, d = problem["n"], problem["d"]
x = np.fromfile(folder / "x.bin").reshape(n, d)
y = np.fromfile(folder / "y.bin").reshape(n, d)
a = np.full(n, 1 / n)


def diameter():
    both = np.concatenate([x, y])
    return float(np.linalg.norm(both.max(0) - both.min(0)))


def half_squares():
    from scipy.spatial.distance import cdist

    return cdist(x, y, "sqeuclidean") / 2


def l1_error(plan):
    return float(np.abs(plan.sum(1) - a).sum() + np.abs(plan.sum(0) - a).sum())


def geomloss():
    import torch
    from geomloss import SamplesLoss

    loss = SamplesLoss("sinkhorn", p=2, blur=problem["blur"], scaling=problem["scaling"], backend=method.split("-")[1])
    tx = torch.tensor(x, dtype=torch.float32, requires_grad=True)
    ty = torch.tensor(y, dtype=torch.float32)

    def run():
        value = loss(tx, ty)
        (gradient,) = torch.autograd.grad(value, [tx])
        return value.item(), lambda: None

    return run


def pot():
    import ot

    name = method.split("-", 1)[1]
    dense = problem["kind"] == "matrix"
    cost = half_squares() * 2 if dense else None
    regularisation = problem["epsilon"] * cost.max() if dense else (problem["blur"] * diameter()) ** 2

    def solve(threshold, solver=name):
        matrix = cost if dense else ot.dist(x, y) / 2
        return ot.sinkhorn(a, a, matrix, regularisation, method=solver, stopThr=threshold, numItermax=100_000)

    def calibrated(solver):
        # POT stops by an L2 norm that it looks at every ten sweeps: the loosest threshold that gives the error asked for.
        threshold = problem["tolerance"]
        for _ in range(20):
            if l1_error(solve(threshold, solver)) <= problem["tolerance"]:
                return threshold
            threshold /= 2
        return None

    # In float64 log-sum-exp makes the same sweeps as scalings do, where those do not overflow: it need not be tried out.
    threshold = (calibrated("sinkhorn") if name == "sinkhorn_log" else None) or calibrated(name)
    if threshold is None:
        sys.exit(f"{name} does not reach the error asked for")

    def run():
        plan = solve(threshold)
        return None, lambda: l1_error(plan)

    return run


def ott():
    import jax

    jax.config.update("jax_enable_x64", True)
    from ott.geometry import costs, geometry, pointcloud
    from ott.solvers import linear
    from ott.solvers.linear import acceleration

    settings = {
        "ott-lse": {},
        "ott-kernel": {"lse_mode": False},
        "ott-momentum": {"momentum": acceleration.Momentum(start=100)},
        "ott-anderson": {"anderson": acceleration.AndersonAcceleration(memory=5, refresh_every=1)},
    }[method]
    if problem["kind"] == "matrix":
        matrix = jax.numpy.asarray(half_squares() * 2)
        regularisation = problem["epsilon"] * float(matrix.max())
    else:
        regularisation = (problem["blur"] * diameter()) ** 2
    jx, jy = jax.numpy.asarray(x), jax.numpy.asarray(y)

    @jax.jit
    def solve(px, py):
        if problem["kind"] == "matrix":
            geom = geometry.Geometry(cost_matrix=matrix, epsilon=regularisation)
        else:
            # Twice the cost and twice epsilon is the same problem.
            geom = pointcloud.PointCloud(px, py, cost_fn=costs.SqEuclidean(), epsilon=2 * regularisation)
        return linear.solve(geom, threshold=problem["tolerance"], max_iterations=1_000_000, inner_iterations=10, **settings)

    def run():
        out = solve(jx, jy)
        out.f.block_until_ready()
        return None, lambda: l1_error(np.asarray(out.matrix))

    return run


def exact():
    import ot
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    dense = problem["kind"] == "exact-matrix"
    matrix = cdist(x, y, "sqeuclidean") if dense else None

    def costs():
        return matrix if dense else ot.dist(x, y)

    def run():
        if method == "scipy":
            cost = costs()
            rows, columns = linear_sum_assignment(cost)
            return float(cost[rows, columns].sum() / n), lambda: None
        if method == "pot-lazy":
            return float(ot.lp.emd2_lazy(x, y, a, a, numItermax=100_000_000, return_matrix=False)), lambda: None
        # Threads speed up neither, but none are withheld.
        value = ot.emd2(a, a, costs(), numItermax=100_000_000, numThreads="max")
        return float(value), lambda: None

    return run


def sliced():
    import ot
    import torch

    directions = np.fromfile(folder / "directions.bin").reshape(problem["directions"], d)
    projections = torch.tensor(directions.T.copy(), dtype=torch.float32)
    tx = torch.tensor(x, dtype=torch.float32, requires_grad=True)
    ty = torch.tensor(y, dtype=torch.float32)

    def run():
        value = ot.sliced_wasserstein_distance(tx, ty, projections=projections, p=2)
        torch.autograd.grad(value, [tx])
        return value.item(), lambda: None

    return run


def kernel_sum():
    import torch

    tx, ty = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    tb = torch.full((n, 1), 1 / n, dtype=torch.float32)
    rate = 1 / (2 * problem["sigma"] ** 2)
    if method == "keops":
        from pykeops.torch import LazyTensor

        xi, yj = LazyTensor(tx[:, None, :]), LazyTensor(ty[None, :, :])

        def run():
            return float(((-((xi - yj) ** 2).sum(-1) * rate).exp() @ tb)[0]), lambda: None

        return run
    block = max(1, 2**25 // n)

    def run():
        parts = [torch.exp(-rate * torch.cdist(tx[i : i + block], ty) ** 2) @ tb for i in range(0, n, block)]
        return float(torch.cat(parts)[0]), lambda: None

    return run


def langevin():
    steps, modes, size = problem["steps"], problem["modes"], 0.01
    angles = 2 * np.pi * np.arange(modes) / modes
    means = 5 * np.stack([np.cos(angles), np.sin(angles)], 1)
    norms = 2 * (means**2).sum(1)
    only = np.array([7.0, -4.0])
    if method == "langevin-numpy":
        rng = np.random.default_rng(0)

        def slope(at):
            if modes == 1:
                return at - only
            # One product of matrices, several times as fast as differences of all pairs.
            heights = 4 * (at @ means.T) - norms
            shares = np.exp(heights - heights.max(1, keepdims=True))
            shares /= shares.sum(1, keepdims=True)
            return 4 * (at - shares @ means)

        def run():
            at = x
            for _ in range(steps):
                at = at - size * slope(at) + np.sqrt(2 * size) * rng.standard_normal(at.shape)
            return float(np.hypot(at[:, 0], at[:, 1]).mean()), lambda: None

        return run
    import blackjax
    import jax
    import jax.numpy as jnp

    jx, jmeans = jnp.asarray(x, jnp.float32), jnp.asarray(means, jnp.float32)

    def log_density(at):
        if modes == 1:
            return -0.5 * ((at - only) ** 2).sum()
        return jax.scipy.special.logsumexp(-2 * ((at - jmeans) ** 2).sum(1))

    gradients = jax.vmap(jax.grad(log_density))
    # Langevin dynamics with the whole gradient, of all particles in one step.
    sampler = blackjax.sgld(lambda at, _: gradients(at))

    @jax.jit
    def sample(key, at):
        def step(now, one):
            return sampler.step(one, now, None, size), None

        return jax.lax.scan(step, at, jax.random.split(key, steps))[0]

    keys = iter(range(10**9))

    def run():
        at = np.asarray(sample(jax.random.key(next(keys)), jx))
        return float(np.hypot(at[:, 0], at[:, 1]).mean()), lambda: None

    return run


def training():
    import torch
    from geomloss import SamplesLoss

    sizes, batch = problem["sizes"], problem["batch"]
    layers = [part for i in range(len(sizes) - 1) for part in (torch.nn.Linear(sizes[i], sizes[i + 1]), torch.nn.ReLU())]
    network = torch.nn.Sequential(*layers[:-1])
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    loss = SamplesLoss("sinkhorn", p=2, blur=problem["blur"], backend="tensorized")
    data = torch.tensor(y, dtype=torch.float32)

    def run():
        value = loss(network(torch.randn(batch, sizes[0])), data[torch.randperm(n)[:batch]])
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        return value.item(), lambda: None

    return run


by_kind = {"exact-matrix": exact, "exact-points": exact, "sliced": sliced}
by_method = {"geomloss": geomloss, "pot": pot, "ott": ott, "torch": kernel_sum, "keops": kernel_sum, "langevin": langevin, "training": training}
run = (by_kind.get(problem["kind"]) or by_method[method.split("-")[0]])()
# Runs are repeated to this many seconds, so that short ones can be timed, and once this long unseen, to warm up. A turn of those
# below a second is timed twice, after the pause that the others' turns are, and so long after it, as in worker.ts.
LEAST, WARMTH, WAKING, LONG = 0.1, 1, 0.2, 1


def measure(duration):
    count, start = 0, time.perf_counter()
    while count == 0 or time.perf_counter() - start < duration:
        value, error = run()
        count += 1
    return (time.perf_counter() - start) / count, value, error


warm = False
for line in sys.stdin:
    if line.strip() == "quit":
        break
    begun = time.perf_counter()
    while not warm:
        run()
        warm = time.perf_counter() - begun >= WARMTH
    seconds, value, error = measure(LEAST)
    rested = seconds
    if seconds < LONG:
        measure(WAKING - LEAST)
        seconds, value, error = measure(LEAST)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "rested": rested, "value": value, "error": error(), "peak": peak}), flush=True)
