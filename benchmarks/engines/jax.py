"""JAX in float64: eager, through `vjp`; for Rosenbrock's function, compiled with `jit`."""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - its own way to say so
jax.config.update("jax_platforms", "cpu")
version = jax.__version__


def record(program, numbers):
    """See `benchmarks.engines`."""
    y, pull = jax.vjp(lambda xs: program(xs, jnp.exp), [jnp.float64(x) for x in numbers])
    y = float(y)

    def sweep():
        return [float(x) for x in pull(jnp.float64(1.0))[0]]

    return y, sweep


def rosenbrock(n):
    """x ↦ (f, gradient), written for whole vectors, and compiled before it is timed."""

    def f(x):
        a, b = x[:-1], x[1:]
        return (100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2).sum()

    compiled = jax.jit(jax.value_and_grad(f))

    def value_and_gradient(x):
        y, gradient = compiled(jnp.asarray(x))
        return float(y), gradient.tolist()

    value_and_gradient([0.0] * n)
    return value_and_gradient
