"""Laws that published libraries break, in numbers: prints what the table of the README of @monge/laws says.

python -m venv peers && peers/bin/pip install geomloss pot ott-jax torch && peers/bin/python peers.py
"""

import importlib.metadata as metadata
import warnings

warnings.filterwarnings("ignore")
import numpy as np


def version(name):
    return f"{name} {metadata.version(name)}"


def geomloss_gradient():
    """d/dx of an unbalanced Sinkhorn cost between two Dirac masses, against its closed form and against differences."""
    import torch
    from geomloss import SamplesLoss

    print(version("geomloss"))
    for blur, reach in [(0.5, 0.5), (0.5, 1.0), (1.0, 0.5)]:
        epsilon, rho = blur**2, reach**2
        # A diameter of its own keeps the schedule from moving with x.
        loss = SamplesLoss("sinkhorn", p=2, blur=blur, reach=reach, debias=False, scaling=0.99, diameter=2)
        weight = torch.ones(1, dtype=torch.float64)
        y = torch.zeros(1, 1, dtype=torch.float64)
        x = torch.full((1, 1), 0.7, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(loss(weight, x, weight, y), [x])
        h = 1e-4
        with torch.no_grad():
            difference = (loss(weight, x + h, weight, y) - loss(weight, x - h, weight, y)) / (2 * h)
        # Mass exp(-c / (2 rho + epsilon)) is carried at the slope x of the cost c = x^2 / 2.
        closed = 0.7 * np.exp(-0.245 / (2 * rho + epsilon))
        print(
            f"  blur {blur} reach {reach}: gradient {slope.item():.5f}, closed form {closed:.5f},"
            f" differences of its values {difference.item():.5f}; gradient / closed form {slope.item() / closed:.4f},"
            f" (rho + eps/2)/(rho + eps) {(rho + epsilon / 2) / (rho + epsilon):.4f}"
        )


def geomloss_energy():
    """The energy distance's kernel has a floor under its root: the distance of two points is not its absolute value."""
    import torch
    from geomloss import SamplesLoss

    loss = SamplesLoss("energy")
    weight = torch.ones(1, dtype=torch.float64)
    for gap in [1e-2, 1e-3, 1e-4, 1e-5]:
        x = torch.zeros(1, 1, dtype=torch.float64)
        y = torch.full((1, 1), gap, dtype=torch.float64)
        # 1/2 <a - b, k (a - b)> = |x - y| for k = -|x - y|
        print(f"  energy distance of points {gap} apart: {loss(weight, x, weight, y).item():.6e}, degree 1 asks for {gap:.6e}")


def ott_forward_map():
    """The forward barycentric map of a plan with weights: rows of the plan over the weights of their points."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    from ott.geometry import pointcloud

    print(version("ott-jax"))
    x, y = jnp.array([[0.0], [1.0], [3.0]]), jnp.array([[0.5], [2.0]])
    geometry = pointcloud.PointCloud(x, y, epsilon=0.5)
    weights = [("weights", jnp.array([0.7, 0.2, 0.1]), jnp.array([0.4, 0.6])), ("uniform", None, None)]
    for name, a, b in weights:
        ott_maps(name, a, b, x, y, geometry)


def ott_maps(name, a, b, x, y, geometry):
    from ott.problems.linear import linear_problem
    from ott.solvers.linear import sinkhorn

    out = sinkhorn.Sinkhorn(threshold=1e-10, max_iterations=100_000)(linear_problem.LinearProblem(geometry, a=a, b=b))
    projected = (out.matrix @ y) / out.matrix.sum(1, keepdims=True)
    mapped = out.to_dual_potentials().transport(x)
    print(f"  {name}: barycentric projection of its own plan {np.array(projected).ravel()}")
    print(f"  {name}: transport of its own potentials        {np.array(mapped).ravel()}")


def pot_unbalanced_value():
    """The value of an unbalanced problem, against the objective that its documentation states, at its own plan."""
    import ot

    print(version("pot"))
    x, y = np.array([[0.0], [1.0], [3.0]]), np.array([[0.5], [2.0]])
    a, b = np.array([0.7, 0.2, 0.4]), np.array([0.4, 0.5])
    cost, reg, reg_m = ot.dist(x, y), 0.5, 1.0

    def kl(p, q):
        return float(np.sum(p * np.log(p / q)) - p.sum() + q.sum())

    plan = ot.unbalanced.sinkhorn_unbalanced(a, b, cost, reg, reg_m, reg_type="kl", numItermax=10_000, stopThr=1e-14)
    value = float(ot.unbalanced.sinkhorn_unbalanced2(a, b, cost, reg, reg_m, reg_type="kl", numItermax=10_000, stopThr=1e-14))
    whole = ot.unbalanced.sinkhorn_unbalanced2(
        a, b, cost, reg, reg_m, reg_type="kl", numItermax=10_000, stopThr=1e-14, returnCost="total"
    )
    linear = float((plan * cost).sum())
    marginals = reg_m * (kl(plan.sum(1), a) + kl(plan.sum(0), b))
    entropic = reg * kl(plan, np.outer(a, b))
    solved = ot.solve(cost, a, b, reg=reg, unbalanced=reg_m, reg_type="kl", unbalanced_type="kl")
    print(f"  sinkhorn_unbalanced2 {value:.6f}, with returnCost='total' {float(whole):.6f}, ot.solve().value {solved.value:.6f}")
    print(f"  at its plan: <P, C> {linear:.6f}, with the marginals' terms {linear + marginals:.6f}, with all {linear + marginals + entropic:.6f}")


if __name__ == "__main__":
    for part in [geomloss_gradient, geomloss_energy, ott_forward_map, pot_unbalanced_value]:
        try:
            part()
        except Exception as error:  # noqa: BLE001 - one library's absence must not hide the others
            print(f"  {part.__name__}: {type(error).__name__}: {error}")
