"""What a user writes: test_types.py checks it with type checkers, on an installed library, and runs it."""

from typing import assert_type

import autograd
import nn
from autograd import Value

# values
x, w = Value(2.0, label="x"), Value(3.0)
assert_type(x.data, float)
assert_type(x.grad, float)
assert_type(x.label, str)
x.data = 2.5
x.data -= 0.5
x.grad = 0
leaf: bool = x.is_leaf
detached: Value = x.detach()

# operators, from the left and from the right
assert_type(x + w, Value)
assert_type(x * 2, Value)
assert_type(2 * x, Value)
assert_type(1.0 - x, Value)
assert_type(1 / x, Value)
assert_type(x**2, Value)
assert_type(2**x, Value)
assert_type(x % 2.0, Value)
assert_type(x // 2.0, Value)
assert_type(-x, Value)
assert_type(abs(x), Value)
assert_type(x > 0, bool)
assert_type(x <= w, bool)
assert_type(x == 1, bool)
assert_type(x != 1.0, bool)
assert_type(round(x, 2), Value)
total = sum([x, w], Value(0.0))
assert_type(total, Value)
in_place = x * 1.0
in_place += w
assert_type(in_place, Value)
seen: dict[Value, float] = {x: x.grad}


def refused() -> None:
    """What a type checker refuses: each comment is an error of its own if there is nothing to ignore."""
    x + "1"  # type: ignore[operator]
    x.exp(2.0)  # type: ignore[call-arg]
    autograd.sqrt("2")  # type: ignore[call-overload]
    autograd.maximum(x)  # type: ignore[call-overload]
    x.no_such_operation()  # type: ignore[attr-defined]


# functions: a Value gives a Value, a number a float
assert_type(autograd.exp(x), Value)
assert_type(autograd.exp(1.0), float)
assert_type(autograd.maximum(0.0, x), Value)
assert_type(autograd.maximum(0.0, 1.0), float)
assert_type(autograd.fma(x, 2.0, 1.0), Value)
assert_type(autograd.where(x > 0, x, w), Value)
assert_type(autograd.logaddexp(x, w), Value)

# methods
assert_type(x.tanh(), Value)
assert_type(x.maximum(w), Value)
assert_type(x.clip(0.0, 1.0), Value)
assert_type(x.tanh().exp().sqrt(), Value)
(x * w).backward()


# transforms
def f(a: Value, b: Value) -> Value:
    """A function to differentiate."""
    return a * b + a.sin()


slope: float = autograd.grad(f)(1.0, 2.0)
both: tuple[float, float] = autograd.grad(f, argnums=(0, 1))(1.0, 2.0)
y, slopes = autograd.value_and_grad(f)(1.0, 2.0)
matrix: list[list[float]] = autograd.jacobian(lambda v: [v[0] * v[1], v[0]])([1.0, 2.0])
out, pull = autograd.vjp(f, 1.0, 2.0)
out, tangent = autograd.jvp(f, (1.0, 2.0), (1.0, 0.0))
curvature: list[list[float]] = autograd.hessian(lambda v: v[0] * v[1])([1.0, 2.0])
assert autograd.gradcheck(f, 1.0, 2.0)

# modes
with autograd.no_grad():
    number = x * w
with autograd.detect_anomaly(), autograd.scope("neuron"):
    number = x * w

# an operation of one's own
cube = autograd.custom_op(lambda a: a**3, lambda a: 3 * a**2, name="cube")
third = autograd.grad(cube)(2.0)

# networks
xs, ys = nn.datasets.xor()
model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
assert_type(model.parameters(), list[Value])
optimizer = nn.SGD(model.parameters(), lr=0.1)
history = nn.fit(model, xs, ys, loss=nn.mse, optimizer=optimizer, epochs=2, progress=False)
assert_type(history.losses, list[float])


class Mine(nn.Module):
    """A module of one's own."""

    def __init__(self) -> None:
        self.w = Value(1.0)

    def __call__(self, a: Value) -> Value:
        """Its value."""
        return self.w * a


mine = Mine()
mine.zero_grad()
mine(x).backward()
