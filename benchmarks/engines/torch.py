"""PyTorch, a number being a tensor without dimensions; one thread, since there is nothing to share out."""

import torch

torch.set_num_threads(1)
version = torch.__version__


def record(program, numbers):
    """See `benchmarks.engines`."""
    xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
    y = program(xs, torch.exp)

    def sweep():
        y.backward()
        return [x.grad.item() for x in xs]

    return y.item(), sweep


def rosenbrock(_n):
    """x ↦ (f, gradient), written for whole vectors."""

    def value_and_gradient(x):
        x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        a, b = x[:-1], x[1:]
        y = (100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2).sum()
        y.backward()
        return y.item(), x.grad.tolist()

    return value_and_gradient
