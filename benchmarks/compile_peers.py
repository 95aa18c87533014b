# ruff: noqa: D103, N806, PLW0108 - the names are those of the arrays
"""A peer of `benchmarks.compile`, in its own process: reads what to measure from lines, answers with seconds of a call."""

import math
import random
import sys
import time


def seconds(f, least=0.0005, batches=15):
    """The time of one call: the best of some batches, each so short that a busy machine leaves one of them alone."""
    n, best = 1, math.inf
    while True:
        start = time.perf_counter()
        for _ in range(n):
            f()
        taken = time.perf_counter() - start
        if taken >= least:
            break
        n = max(2 * n, int(n * least / max(taken, 1e-7)))
    for _ in range(batches if taken < 0.1 else 1):
        start = time.perf_counter()
        for _ in range(n):
            f()
        best = min(best, time.perf_counter() - start)
    return min(best, taken) / n


def uniform(n, width):
    rng = random.Random(0)
    return [rng.uniform(-width, width) for _ in range(n)]


def numpy_xor():
    import numpy as np

    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    Y = np.array([[0.0], [1.0], [1.0], [0.0]])
    w = np.array(uniform(17, 1.0))
    W, b, V, c = w[:8].reshape(4, 2).T.copy(), w[8:12].copy(), w[12:16].reshape(4, 1).copy(), w[16:].copy()

    def epochs():
        nonlocal W, b, V, c
        for _ in range(10_000):
            h = 1.0 / (1.0 + np.exp(-(X @ W + b)))
            y = 1.0 / (1.0 + np.exp(-(h @ V + c)))
            d = 2.0 * (y - Y) * y * (1.0 - y)
            e = (d @ V.T) * h * (1.0 - h)
            V -= 0.5 * (h.T @ d)
            c -= 0.5 * d.sum(0)
            W -= 0.5 * (X.T @ e)
            b -= 0.5 * e.sum(0)

    return epochs


def jax_xor():
    import jax

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    import jax.numpy as jnp

    X = jnp.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    Y = jnp.array([0.0, 1.0, 1.0, 0.0])

    def loss(w):
        h = jax.nn.sigmoid(X @ w[:8].reshape(4, 2).T + w[8:12])
        return jnp.sum((jax.nn.sigmoid(h @ w[12:16] + w[16]) - Y) ** 2)

    run = jax.jit(lambda w: jax.lax.fori_loop(0, 10_000, lambda _, w: w - 0.5 * jax.grad(loss)(w), w))
    w = jnp.array(uniform(17, 1.0))
    run(w).block_until_ready()
    return lambda: run(w).block_until_ready()


def jax_rosenbrock(n):
    import jax

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    import jax.numpy as jnp
    import numpy as np

    f = jax.jit(jax.value_and_grad(lambda x: jnp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)))
    x = np.array(uniform(n, 1.0))
    f(x)[1].block_until_ready()
    return lambda: f(x)[1].block_until_ready()


def torch_rosenbrock(n):
    import torch

    torch.set_num_threads(1)
    x = torch.tensor(uniform(n, 1.0), dtype=torch.float64, requires_grad=True)

    def call():
        y = (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()
        return y, torch.autograd.grad(y, x)

    return call


def casadi_rosenbrock(n):
    import numpy as np

    f, at = casadi_function(n), np.array(uniform(n, 1.0))
    return lambda: f(at)


def casadi_function(n):
    import casadi

    x = casadi.SX.sym("x", n, 1)
    y = casadi.sum1(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    return casadi.Function("f", [x], [y, casadi.gradient(y, x)])


def casadi_buffers_rosenbrock(n):
    import numpy as np

    f = casadi_function(n)
    at = np.array(uniform(n, 1.0))
    value, gradient = np.empty((1, 1)), np.empty((n, 1))
    buffer, evaluate = f.buffer()  # CasADi's quickest way in: no conversion, the memory stays ours
    buffer.set_arg(0, memoryview(at))
    buffer.set_res(0, memoryview(value))
    buffer.set_res(1, memoryview(gradient))
    kept = f, buffer, at, value, gradient
    return lambda: evaluate() if kept else None


def main():
    """Answer until the input ends."""
    name = sys.argv[1]
    ready = {}
    for line in sys.stdin:
        work, *size = line.split()
        if line not in ready:
            ready[line] = globals()[f"{name}_{work}"](*map(int, size))
        print(seconds(ready[line]), flush=True)


if __name__ == "__main__":
    main()
