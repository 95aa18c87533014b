"""The twelve programs of GradBench, written over scalars from their definitions.

Each takes the input that the suite sends, as Python's `json` reads it, and returns what it is to answer. What is differentiated
again and again is compiled when it is first asked for; what has loops whose end depends on numbers runs as it is.
"""

import math
from collections.abc import Callable
from functools import cache
from itertools import combinations, cycle, islice
from typing import Any

import autograd
from autograd import cos, exp, hypot, log, logsumexp, scan, sigmoid, sin, sqrt, tanh

Program = Callable[[Any], Any]
Vector = list[Any]


@cache
def compiled(f: Callable[..., Any], transform: Callable[..., Any] | None = None) -> Any:
    """f, or its derivative, compiled: once for all calls."""
    return autograd.compile(f if transform is None else transform(f))


def both(f: Callable[..., Any], arguments: Callable[[Any], tuple[Any, ...]]) -> tuple[Program, Program]:
    """The value and the gradient of f for its first argument."""
    return lambda x: compiled(f)(*arguments(x)), lambda x: compiled(f, autograd.grad)(*arguments(x))


def total(f: Callable[[Any], Any], xs: Any) -> Any:
    """Σ f(x), as a loop."""
    return scan(lambda c, x: (c + f(x), None), 0.0, xs)[0]


# ---- sums


def llsq(x: Vector, ts: Vector) -> Any:
    """½ Σ (sign t − Σ xⱼ tʲ)²: least squares for a polynomial, by Horner's rule."""

    def squared(t: Any) -> Any:
        y = 0.0
        for c in reversed(x):
            y = y * t + c
        return (autograd.sign(t) - y) ** 2

    return 0.5 * total(squared, ts)


def lse(x: Vector) -> Any:
    """log Σ exp x, from its parts."""
    top = scan(lambda c, v: (autograd.maximum(c, v), None), x[0], x)[0]
    return top + log(total(lambda v: exp(v - top), x))


def kmeans(centroids: list[Vector], points: list[Vector]) -> Any:
    """The sum over points of the squared distance from the nearest centroid."""

    def nearest(p: Vector) -> Any:
        found = [autograd.sum([(a - b) ** 2 for a, b in zip(p, c, strict=True)]) for c in centroids]
        least = found[0]
        for d in found[1:]:
            least = autograd.minimum(least, d)
        return least

    return total(nearest, points)


def newton(centroids: list[Vector], points: list[Vector]) -> list[Vector]:
    """The gradient divided by the Hessian, which is diagonal: so its product with ones is that diagonal."""
    slope = autograd.grad(kmeans)(centroids, points)
    ones = [[1.0] * len(c) for c in centroids]
    curvature = autograd.hvp(kmeans, (centroids, points), (ones,))
    return [[g / h for g, h in zip(a, b, strict=True)] for a, b in zip(slope, curvature, strict=True)]


def determinant(a: Vector, n: int) -> Any:
    """By minors, each computed once."""

    @cache
    def minor(row: int, columns: tuple[int, ...]) -> Any:
        if row == n:
            return 1.0
        terms = (a[row * n + c] * minor(row + 1, (*columns[:k], *columns[k + 1 :])) for k, c in enumerate(columns))
        found: Any = 0.0
        for k, term in enumerate(terms):
            found = found - term if k % 2 else found + term
        return found

    return minor(0, tuple(range(n)))


def gmm(p: dict[str, Any], x: list[Vector], m: int, gamma: float) -> Any:
    """The log posterior of a mixture of Gaussians, precisions by their Cholesky factors, with a Wishart prior."""
    alpha, n, d = p["alpha"], len(x), len(x[0])
    diagonals = [[exp(v) for v in q] for q in p["q"]]
    logs = [autograd.sum(q) for q in p["q"]]

    def component(k: int, point: Vector) -> Any:
        r = [a - b for a, b in zip(point, p["mu"][k], strict=True)]
        rows, lower = [e * v for e, v in zip(diagonals[k], r, strict=True)], iter(p["l"][k])
        for j, i in combinations(range(d), 2):  # column by column
            rows[i] = rows[i] + next(lower) * r[j]
        return alpha[k] + logs[k] - 0.5 * autograd.sum([v * v for v in rows])

    likelihood = total(lambda point: logsumexp([component(k, point) for k in range(len(alpha))]), x)
    prior: Any = 0.0
    for e, lower, s in zip(diagonals, p["l"], logs, strict=True):
        prior = prior + m * s - 0.5 * gamma**2 * (autograd.sum([v * v for v in e]) + autograd.sum([v * v for v in lower]))
    freedom = d + m + 1
    gammas = d * (d - 1) / 4 * math.log(math.pi) + sum(math.lgamma((freedom - j) / 2) for j in range(d))
    constant = freedom * d * log(gamma / math.sqrt(2)) - gammas
    return likelihood - n * (d / 2 * math.log(2 * math.pi) + logsumexp(alpha)) + prior + len(alpha) * constant


# ---- recurrences


def ode(x: Vector, steps: int) -> Vector:
    """y₀′ = x₀, yᵢ′ = xᵢ yᵢ₋₁ from 0, to t = 2, by the classical Runge–Kutta method."""
    h = 2.0 / steps

    def field(y: Vector) -> Vector:
        return [x[0], *(a * b for a, b in zip(x[1:], y, strict=False))]

    def moved(y: Vector, k: Vector, h: float) -> Vector:
        return [a + h * b for a, b in zip(y, k, strict=True)]

    y: Vector = [0.0] * len(x)
    for _ in range(steps):
        a = field(y)
        b = field(moved(y, a, h / 2))
        c = field(moved(y, b, h / 2))
        d = field(moved(y, c, h))
        y = [v + h / 6 * (p + 2.0 * q + 2.0 * r + s) for v, p, q, r, s in zip(y, a, b, c, d, strict=True)]
    return y


def lstm(p: dict[str, Any], state: list[Vector], sequence: list[Vector]) -> Any:
    """The mean cross entropy of the next character, by layers of long short-term memory with diagonal weights."""
    main, (inner, outer, bias), n = p["main"], p["extra"], len(sequence[0])

    def layer(k: int, hidden: Vector, cell: Vector, x: Vector) -> tuple[Vector, Vector]:
        gates = [a * w + b for a, w, b in zip([*x, *hidden, *x, *hidden], main[k], main[k + 1], strict=True)]
        forget, take, give, change = (gates[n * i : n * (i + 1)] for i in range(4))
        cell = [c * sigmoid(f) + sigmoid(i) * tanh(g) for c, f, i, g in zip(cell, forget, take, change, strict=True)]
        return [sigmoid(o) * tanh(c) for o, c in zip(give, cell, strict=True)], cell

    def step(carry: Any, pair: Any) -> Any:
        state, loss = carry
        x, gold = pair
        x, new = [a * b for a, b in zip(x, inner, strict=True)], []
        for k in range(0, len(state), 2):
            x, cell = layer(k, state[k], state[k + 1], x)
            new += [x, cell]
        y = [a * b + c for a, b, c in zip(x, outer, bias, strict=True)]
        norm = log(2.0 + autograd.sum([exp(v) for v in y]))
        return (new, loss + autograd.sum([g * (v - norm) for g, v in zip(gold, y, strict=True)])), None

    (_, loss), _ = scan(step, (state, 0.0), (sequence[:-1], sequence[1:]))
    return -loss / (n * (len(sequence) - 1))


# ---- geometry


def projected(camera: Vector, point: Vector, weight: Any, seen: Vector) -> Vector:
    """The weighted error of a point seen by a camera: rotated, moved, distorted."""
    r, centre, focal, x0, radial = camera[:3], camera[3:6], camera[6], camera[7:9], camera[9:11]
    x = [a - b for a, b in zip(point, centre, strict=True)]
    angle = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2])
    w = [v / angle for v in r]
    across = [w[1] * x[2] - w[2] * x[1], w[2] * x[0] - w[0] * x[2], w[0] * x[1] - w[1] * x[0]]
    along = (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) * (1.0 - cos(angle))
    x = [a * cos(angle) + b * sin(angle) + c * along for a, b, c in zip(x, across, w, strict=True)]
    u, v = x[0] / x[2], x[1] / x[2]
    size = u * u + v * v
    scale = focal * (1.0 + radial[0] * size + radial[1] * size * size)
    return [weight * (a * scale + b - c) for a, b, c in zip((u, v), x0, seen, strict=True)]


def ba_objective(x: Any) -> Any:
    """Errors of reprojection and weight, of which the suite has one, repeated."""
    error = compiled(projected)
    found = [error(x["cam"], x["x"], x["w"], x["feat"]) for _ in range(x["p"])]
    weights = [1.0 - x["w"] ** 2] * x["p"]
    return {"reproj_error": {"elements": found[0], "repeated": x["p"]}, "w_err": {"element": weights[0], "repeated": x["p"]}}


def _blocks(f: Callable[..., Any]) -> Callable[..., Any]:
    return autograd.jacobian(f, argnums=(0, 1, 2))


def ba_jacobian(x: Any) -> Any:
    """The sparse Jacobian in rows, of which the suite wants the first thirty numbers and the last."""
    n, m, p = x["n"], x["m"], x["p"]
    block = compiled(projected, _blocks)
    rows, cols, vals = [0], [], []
    for i, camera, point in zip(range(p), cycle(range(n)), cycle(range(m))):
        places = [*range(11 * camera, 11 * camera + 11), *range(11 * n + 3 * point, 11 * n + 3 * point + 3), 11 * n + 3 * m + i]
        for row in zip(*block(x["cam"], x["x"], x["w"], x["feat"]), strict=True):
            cols += places
            vals += [*row[0], *row[1], row[2]]
            rows.append(len(cols))
    for i in range(p):
        cols.append(11 * n + 3 * m + i)
        vals.append(-2.0 * x["w"])
        rows.append(len(cols))
    return {"rows": [*rows[:30], rows[-1]], "cols": [*cols[:30], cols[-1]], "vals": [*vals[:30], vals[-1]]}


Matrix = list[list[Any]]


def _times(a: Matrix, b: Matrix) -> Matrix:
    return [[autograd.sum([x * y for x, y in zip(row, column, strict=True)]) for column in zip(*b, strict=True)] for row in a]


def _turned(angles: Vector) -> Matrix:
    """The rotation about x, then y, then z, as 4 × 4; the order of the angles is x, z, y."""
    (cx, cz, cy), (sx, sz, sy) = [cos(a) for a in angles], [sin(a) for a in angles]
    x: Matrix = [[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]]
    y: Matrix = [[cy, 0.0, -sy], [0.0, 1.0, 0.0], [sy, 0.0, cy]]
    z: Matrix = [[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]]
    return [*([*row, 0.0] for row in _times(_times(z, y), x)), [0.0, 0.0, 0.0, 1.0]]


def _posed(theta: Vector) -> list[Vector]:
    """The angles of each bone: four of each finger, of which three move and one of these sideways."""
    angles: list[Vector] = [[0.0, 0.0, 0.0] for _ in range(22)]
    left = islice(theta, 6, None)
    for finger in range(5):
        for joint in range(3):
            bone = angles[2 + 4 * finger + joint]
            bone[0] = next(left)
            if joint == 0:
                bone[1] = next(left)
    return angles


def hand(theta: Vector, us: list[Vector], data: Any) -> Vector:
    """What points miss a hand by: its vertices move with its bones, then all of it turns and moves."""
    model = data["model"]
    absolutes: list[Matrix] = []
    for parent, relative, angles in zip(model["parents"], model["base_relatives"], _posed(theta), strict=False):
        here = _times(relative, _turned(angles))
        absolutes.append(here if parent == -1 else _times(absolutes[parent], here))
    transforms = [_times(a, b) for a, b in zip(absolutes, model["inverse_base_absolutes"], strict=True)]
    angle = hypot(*theta[:3])
    x, y, z = (v / angle for v in theta[:3])
    c, s = cos(angle), sin(angle)
    turn = [
        [x * x + (1.0 - x * x) * c, x * y * (1.0 - c) - z * s, x * z * (1.0 - c) + y * s],
        [x * y * (1.0 - c) + z * s, y * y + (1.0 - y * y) * c, y * z * (1.0 - c) - x * s],
        [x * z * (1.0 - c) - y * s, z * y * (1.0 - c) + x * s, z * z + (1.0 - z * z) * c],
    ]

    @cache
    def vertex(i: int) -> Vector:
        at = [0.0, 0.0, 0.0]
        for bone, weight in enumerate(model["weights"][i]):
            if weight:
                moved = [
                    autograd.sum([a * b for a, b in zip(row, model["base_positions"][i], strict=True)])
                    for row in transforms[bone][:3]
                ]
                at = [a + weight * b for a, b in zip(at, moved, strict=True)]
        return [
            autograd.sum([a * b for a, b in zip(row, at, strict=True)]) + t for row, t in zip(turn, theta[3:6], strict=True)
        ]

    errors: Vector = []
    for k, (i, point) in enumerate(zip(data["correspondences"], data["points"], strict=True)):
        if us:
            corners, (u, v) = [vertex(j) for j in model["triangles"][i]], us[k]
            place = [u * a + v * b + (1.0 - u - v) * c for a, b, c in zip(*corners, strict=True)]
        else:
            place = vertex(i)
        errors += [a - b for a, b in zip(point, place, strict=True)]
    return errors


def ht_objective(x: Any) -> Vector:
    """The errors, one after the other."""
    with autograd.no_grad():
        return hand(x["theta"], x["us"], x["data"])


def ht_jacobian(x: Any) -> Matrix:
    """The derivatives of each error for its own u, v, if there are any, then for all of theta: by forward sweeps."""
    theta, us, columns = x["theta"], x["us"], []
    if us:
        for k in range(2):
            unit = [[1.0 if j == k else 0.0 for j in range(2)] for _ in us]
            columns.append(autograd.jvp(lambda us: hand(theta, us, x["data"]), (us,), (unit,))[1])
    for k in range(len(theta)):
        unit = [1.0 if j == k else 0.0 for j in range(len(theta))]
        columns.append(autograd.jvp(lambda theta: hand(theta, us, x["data"]), (theta,), (unit,))[1])
    return [[v.data if isinstance(v, autograd.Value) else v for v in row] for row in zip(*columns, strict=True)]


# ---- optimisation within differentiation (B. A. Pearlmutter, J. M. Siskind, 2008)


def forward_gradient(f: Callable[[Vector], Any]) -> Callable[[Vector], Vector]:
    """The gradient by forward sweeps, one for each number."""

    def gradient(x: Vector) -> Vector:
        units = [[1.0 if i == k else 0.0 for i in range(len(x))] for k in range(len(x))]
        return [autograd.jvp(f, (x,), (unit,))[1] for unit in units]

    return gradient


GRADIENTS = {"r": autograd.grad, "f": forward_gradient}


def argmin(gradient: Any, f: Callable[[Vector], Any], x: Vector) -> Vector:
    """Descent whose rate doubles after ten steps that went well and halves where one did not."""
    slope_at = gradient(f)
    y, slope, rate, good = f(x), slope_at(x), 1e-5, 0
    while hypot(*slope) > 1e-5:
        if good == 10:
            rate, good = 2.0 * rate, 0
            continue
        new = [a - rate * g for a, g in zip(x, slope, strict=True)]
        if hypot(*(a - b for a, b in zip(x, new, strict=True))) <= 1e-5:
            break
        y_new = f(new)
        if y_new < y:
            x, y, slope, good = new, y_new, slope_at(new), good + 1
        else:
            rate, good = rate / 2.0, 0
    return x


def particle(outer: str, inner: str) -> Program:
    """A control w by which a particle between two charges meets the origin."""

    def squared_miss(w: Vector) -> Any:
        charges = [(10.0, 10.0 - w[0]), (10.0, 0.0)]

        def potential(x: Vector) -> Any:
            return autograd.sum([1.0 / sqrt((x[0] - a) ** 2 + (x[1] - b) ** 2) for a, b in charges])

        slope = GRADIENTS[inner](potential)
        x, v = [0.0, 8.0], [0.75, 0.0]
        while True:
            new = [a + 0.1 * b for a, b in zip(x, v, strict=True)]
            if new[1] <= 0.0:
                break
            v = [a - 0.1 * g for a, g in zip(v, slope(x), strict=True)]
            x = new
        return (x[0] - x[1] / v[1] * v[0]) ** 2

    return lambda x: argmin(GRADIENTS[outer], squared_miss, [x["w"]])[0]


def saddle(outer: str, inner: str) -> Program:
    """The saddle point of (x₁² + y₁²) − (x₂² + y₂²), by descent on what ascent finds."""

    def height(p: Vector, q: Vector) -> Any:
        return (p[0] ** 2 + p[1] ** 2) - (q[0] ** 2 + q[1] ** 2)

    def find(x: Any) -> Vector:
        start = x["start"]

        def highest(p: Vector) -> Any:
            return height(p, argmin(GRADIENTS[inner], lambda q: -height(p, q), start))

        p = argmin(GRADIENTS[outer], highest, start)
        return [*p, *argmin(GRADIENTS[outer], lambda q: -height(p, q), start)]

    return find


# ---- by name


def _times_of(x: Any) -> tuple[Vector, Vector]:
    return x["x"], [-1.0 + i * 2.0 / (x["n"] - 1) for i in range(x["n"])]


def _mixture(x: Any) -> tuple[Any, ...]:
    return {name: x[name] for name in ("alpha", "mu", "q", "l")}, x["x"], x["m"], x["gamma"]


def _memory(x: Any) -> tuple[Any, ...]:
    return {"main": x["main_params"], "extra": x["extra_params"]}, x["state"], x["sequence"]


MAX_COMPILED = 20_000
"""Of larger systems, numbers by steps, the engine takes the gradient as it is: tracing them would take longer."""


def _last_gradient(size: int) -> Callable[..., Vector]:
    """The gradient of the last number of a solution."""
    return compiled(_last, autograd.grad) if size <= MAX_COMPILED else autograd.grad(_last)  # type: ignore[no-any-return]


def _last(x: Vector, steps: int) -> Any:
    return ode(x, steps)[-1]


def _flat(p: dict[str, Any]) -> Vector:
    return [v for part in (p["main"], p["extra"]) for row in part for v in row]


MODULES: dict[str, dict[str, Program]] = {
    "hello": {"square": lambda x: float(x * x), "double": autograd.grad(lambda x: x * x)},
    "llsq": dict(zip(("primal", "gradient"), both(llsq, _times_of), strict=True)),
    "lse": dict(zip(("primal", "gradient"), both(lse, lambda x: (x["x"],)), strict=True)),
    "det": dict(zip(("primal", "gradient"), both(determinant, lambda x: (x["A"], x["ell"])), strict=True)),
    "ode": {
        "primal": lambda x: ode(x["x"], x["s"]),
        "gradient": lambda x: _last_gradient(len(x["x"]) * x["s"])(x["x"], x["s"]),
    },
    "kmeans": {
        "cost": lambda x: compiled(kmeans)(x["centroids"], x["points"]),
        "dir": lambda x: compiled(newton)(x["centroids"], x["points"]),
    },
    "gmm": dict(zip(("objective", "jacobian"), both(gmm, _mixture), strict=True)),
    "lstm": {
        "objective": both(lstm, _memory)[0],
        "jacobian": lambda x: _flat(compiled(lstm, autograd.grad)(*_memory(x))),
    },
    "ba": {"objective": ba_objective, "jacobian": ba_jacobian},
    "ht": {"objective": ht_objective, "jacobian": ht_jacobian},
    "particle": {a + b: particle(a, b) for a in "rf" for b in "rf"},
    "saddle": {a + b: saddle(a, b) for a in "rf" for b in "rf"},
}
"""The programs of each module by the names that the suite calls them."""
