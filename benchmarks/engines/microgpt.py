"""A Value of microgpt's design: a node is (number, children, local gradients), and one loop applies the chain rule.

Our own code of that design, for comparison; it lacks what no benchmark uses.
"""

import math

version = "the design"


class Value:
    """A number, what it was computed from, and the derivative for each of these."""

    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0
        self.children = children
        self.local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, k):
        return Value(self.data**k, (self,), (k * self.data ** (k - 1),))

    def log(self):
        """The natural logarithm."""
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        """The exponential."""
        y = math.exp(self.data)
        return Value(y, (self,), (y,))

    def relu(self):
        """The positive part."""
        return Value(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        """Order the graph by recursion, and walk it back."""
        order = []
        visited = set()

        def visit(v):
            if v not in visited:
                visited.add(v)
                for child in v.children:
                    visit(child)
                order.append(v)

        visit(self)
        self.grad = 1
        for v in reversed(order):
            for child, local in zip(v.children, v.local_grads):
                child.grad += local * v.grad


exp = Value.exp


def record(program, numbers):
    """See `benchmarks.engines`."""
    xs = [Value(x) for x in numbers]
    y = program(xs, exp)

    def sweep():
        y.backward()
        return [x.grad for x in xs]

    return y.data, sweep
