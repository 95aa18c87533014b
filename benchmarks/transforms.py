"""What a transform costs beside the same derivative taken by hand with `Value(…)` and `backward()`, in one interleaved run.

    python -m benchmarks.transforms

Times are processor time, medians of several rounds with the garbage collector off. `by hand` is one gradient.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import autograd
from autograd import Value

ROUNDS = 9
SECONDS = 0.02
"""How long one measurement of one call lasts, about."""


def rosenbrock(x: Sequence[Any]) -> Any:
    """Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²."""
    return sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def by_hand(f: Callable[[Any], Any], point: Any) -> Callable[[], Any]:
    """The gradient of f, as a program without transforms takes it."""

    def gradient() -> Any:
        x = [Value(v) for v in point] if isinstance(point, list) else Value(point)
        y = f(x)
        y.backward()
        return [v.grad for v in x] if isinstance(point, list) else x.grad

    return gradient


def calls() -> list[tuple[str, Callable[[], Any], Callable[[], Any]]]:
    """(what is called, the call, the gradient by hand)."""
    square = by_hand(lambda x: x * x, 3.0)
    third = autograd.grad(autograd.grad(autograd.grad(lambda x: x**4)))
    gradient = autograd.grad(lambda x: x * x)
    found = [("grad(x·x)", lambda: gradient(3.0), square), ("grad(grad(grad(x⁴)))", lambda: third(0.7), square)]
    both, second = autograd.value_and_grad(rosenbrock), autograd.hessian(rosenbrock)
    for n in (2, 20, 1000):
        x, v = [0.5] * n, [1.0] * n
        hand = by_hand(rosenbrock, x)
        found += [
            (f"value_and_grad, n = {n}", lambda x=x: both(x), hand),
            (f"jvp, n = {n}", lambda x=x, v=v: autograd.jvp(rosenbrock, (x,), (v,)), hand),
            (f"hvp, n = {n}", lambda x=x, v=v: autograd.hvp(rosenbrock, (x,), (v,)), hand),
        ]
        if n < 1000:
            found.append((f"hessian, n = {n}", lambda x=x: second(x), hand))
        else:
            pattern = [[abs(i - j) < 2 for j in range(n)] for i in range(n)]
            for how, sparsity in (("found", "auto"), ("given", pattern)):
                sparse = autograd.hessian(rosenbrock, sparsity=sparsity, format="csr")
                found.append((f"tridiagonal hessian, pattern {how}, n = {n}", lambda x=x, h=sparse: h(x), hand))
    return found


def seconds(call: Callable[[], Any], times: int) -> float:
    """Processor time of one call, over that many."""
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) / times


def main() -> None:
    """Print the table."""
    gc.disable()
    print(f"engine: {autograd.engine}\n\n| call | µs | by hand, µs | ratio |\n|---|---|---|---|")
    for name, call, hand in calls():
        times = [max(1, int(SECONDS / max(seconds(f, 1), 1e-7))) for f in (call, hand)]
        rounds = [(seconds(call, times[0]), seconds(hand, times[1])) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(column) * 1e6 for column in zip(*rounds))
        ratio = statistics.median(a / b for a, b in rounds)
        print(f"| {name} | {ours:.2f} | {theirs:.2f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
