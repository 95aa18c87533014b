"""Neurons, layers of them, and stacks of layers.

A neuron is two nodes of the graph, activation(bias + Σ wᵢ·xᵢ): the sum is one `autograd.dot`, ten times cheaper than a chain of
products and sums. Programs for micrograd run as they stand: the classes, the attributes `w`, `b`, `neurons` and `layers`, the
keyword `nonlin`, the order in which weights are drawn, and a plain Value where the last layer has width 1.
"""

from collections.abc import Callable, Sequence
from random import Random
from types import BuiltinFunctionType
from typing import Any

from autograd import Value, dot, elu, gelu, leaky_relu, relu, sigmoid, silu, softplus, tanh
from autograd._engine import tracing
from autograd._engine.fused_layers import dense, through
from nn.checks import generator, number, positive_int
from nn.init import Initialiser, uniform, zeros
from nn.module import Module

Scalar = Value | float
Activation = str | Callable[[Any], Any] | bool | None

ACTIVATIONS: dict[str, Callable[[Any], Any] | None] = {
    "linear": None,
    **{f.__name__: f for f in (elu, gelu, leaky_relu, relu, sigmoid, silu, softplus, tanh)},
}
"""Activations by name; "linear" is none at all. A layer takes any other function of one number as it is."""


def _activation(activation: Activation, *, nonlin: bool | None) -> tuple[str, Callable[[Any], Any] | None]:
    """The name and the function of an activation; `nonlin` is micrograd's word for relu or linear."""
    if nonlin is None and isinstance(activation, bool):
        nonlin = activation
    if nonlin is not None:
        activation = "relu" if nonlin else "linear"
    if activation is None:
        return "linear", None
    if isinstance(activation, str):
        if activation not in ACTIVATIONS:
            raise ValueError(f"unknown activation: {activation!r} (must be a function or one of {sorted(ACTIVATIONS)})")
        return activation, ACTIVATIONS[activation]
    if not callable(activation):
        raise TypeError(f"activation must be a name or a function, not {activation!r} of type {type(activation).__name__}")
    return getattr(activation, "__name__", type(activation).__name__), activation


def _inputs(x: Any, n: int, module: Module) -> list[Any]:
    """The `n` inputs of a module as a list of Values and floats, whatever sequence of numbers came."""
    if type(x) is not list:
        if type(x) is Value or isinstance(x, (int, float)) or type(x) in tracing.kinds:
            x = [x]  # what a layer of width 1 gives
        elif isinstance(x, (str, bytes, dict, set)):
            raise TypeError(f"{module!r} takes a sequence of {n} numbers, not {type(x).__name__}")
        else:
            x = x.tolist() if hasattr(x, "tolist") else list(x)
    if len(x) != n:
        raise ValueError(f"{module!r} expects {n} input{'s' * (n != 1)}, got {len(x)}")
    return [v if type(v) is Value or type(v) is float else number(f"an input of {module!r}", v) for v in x]


_changes = [0]
"""How often an attribute of any neuron, layer or stack was assigned: until the next time, they keep what they have read."""


class _OfOne(Module):
    """A module of one argument: its call takes the short way, and assignments to its attributes are counted."""

    def __call__(self, x: Any) -> Any:
        return self.forward(x)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        _changes[0] += 1


class Neuron(_OfOne):
    """activation(w₁·x₁ + … + wₙ·xₙ + bias): called with n Values or floats, gives a Value.

    `activation` is a name of `nn.ACTIVATIONS` or a function of one Value; sigmoid unless told otherwise. `nonlin` is
    micrograd's word for it, True for relu and False for linear, and may come second, as there. `init` draws the weights and
    `bias_init` the bias (see `nn.init`): uniform in [−1, 1), and 0; `fan_out` is the number of outputs they are told. `seed` is
    an int or a `random.Random`; without it, the module `random` draws, as in micrograd.

    Raises `ValueError` for a wrong number of inputs, sizes below 1, or an unknown activation. A neuron of one input takes a
    bare number too.

    >>> import nn
    >>> neuron = nn.Neuron(2, activation="relu", init=nn.init.constant(0.5))
    >>> neuron([1.0, 2.0])
    Value(data=1.5, grad=0.0)
    >>> neuron([1.0, 2.0, 3.0])
    Traceback (most recent call last):
      ...
    ValueError: Neuron(2, activation='relu') expects 2 inputs, got 3
    """

    def __init__(
        self,
        n_inputs: int,
        activation: Activation = "sigmoid",
        *,
        nonlin: bool | None = None,
        bias: bool = True,
        init: Initialiser | None = None,
        bias_init: Initialiser | None = None,
        fan_out: int = 1,
        seed: int | Random | None = None,
    ) -> None:
        self.n_inputs = positive_int("n_inputs", n_inputs)
        self.activation, self._function = _activation(activation, nonlin=nonlin)
        rng = generator(seed)
        draw, draw_bias = init or uniform(), bias_init or zeros()
        self.weights = [Value(draw(rng, self.n_inputs, fan_out)) for _ in range(self.n_inputs)]
        self.bias = Value(draw_bias(rng, self.n_inputs, fan_out)) if bias else None

    @property
    def w(self) -> list[Value]:
        """The weights, as micrograd calls them."""
        return self.weights

    @property
    def b(self) -> Value | None:
        """The bias, as micrograd calls it; None if there is none."""
        return self.bias

    def forward(self, x: Sequence[Scalar]) -> Value:
        """The neuron's output for `n_inputs` Values or floats."""
        x = _inputs(x, self.n_inputs, self)
        bias, function = self.bias, self._function
        y: Value = dot(self.weights, x) if bias is None else dot(self.weights, x, bias)
        total = y
        if function is not None:
            y = function(total)
        if self.scope and type(y) is Value:  # what autograd.compile traces has no scope
            total.scope = y.scope = (*y.scope, *self.scope)
        return y

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.n_inputs}, activation={self.activation!r}{', bias=False' * (self.bias is None)})"


class _Plan:
    """What is read of layers that follow each other, so that one call computes them all.

    It holds until an attribute of such a module is assigned, or one of the `lists` of their parts no longer has what it `had`.
    `layers` is for `through`, None where the modules have to be asked one by one; `function` is left to be applied to the
    outputs, where `through` would not be quicker with it.
    """

    __slots__ = ("changes", "function", "had", "layers", "lists", "n_inputs")

    def __init__(self, layers: list[Any], parts: list[Any]) -> None:
        self.changes = _changes[0] if layers or parts else -1
        self.lists = [parts, *(layer.neurons for layer in layers)]
        self.had = [list(parts) for parts in self.lists]
        self.n_inputs = layers[0].n_inputs if layers else 0
        self.layers: tuple[Any, ...] | None = None
        self.function = None
        fit = [layer.n_inputs for layer in layers[1:]] == [len(layer.neurons) for layer in layers[:-1]]
        if layers and fit and all(_alike(layer.neurons) for layer in layers):
            functions = [layer.neurons[0]._function for layer in layers]
            if not _is_quick(functions[-1]):
                self.function, functions[-1] = functions[-1], None
            if all(map(_is_quick, functions)):
                self.layers = tuple(map(_dense, layers, functions))

    def __reduce__(self) -> Any:  # a copy of a module reads its own parts
        return _Plan, ([], [])


def _alike(neurons: list[Any]) -> bool:
    """Whether neurons differ in nothing but their parameters, and have nothing of their own to do or to name."""
    return bool(neurons) and all(type(n) is Neuron and n._function is neurons[0]._function and not n.scope for n in neurons)


def _is_quick(function: Any) -> bool:
    return function is None or type(function) is BuiltinFunctionType


def _dense(layer: "Layer", function: Any) -> Any:
    biases = [0.0 if neuron.bias is None else neuron.bias for neuron in layer.neurons]
    return dense([neuron.weights for neuron in layer.neurons], biases, function)


class _Planned(_OfOne):
    """Layers that follow each other: one, or those of a stack."""

    _plan = _Plan([], [])

    def _layers(self) -> tuple[list[Any], list[Any]]:
        """The layers, none if there are other parts too; the list of the parts."""
        raise NotImplementedError

    def _one_by_one(self, x: Any) -> Any:
        """The outputs where the parts are asked one after the other."""
        raise NotImplementedError

    def forward(self, x: Any) -> Any:
        """The outputs for these inputs: a list of Values, or one Value for width 1."""
        plan = self._plan
        if plan.changes != _changes[0] or plan.lists != plan.had:
            plan = self.__dict__["_plan"] = _Plan(*self._layers())
        if plan.layers is None:
            return self._one_by_one(x)
        if type(x) is not list or len(x) != plan.n_inputs:
            x = _inputs(x, plan.n_inputs, self._layers()[0][0])
        try:
            y = through(x, plan.layers)
        except TypeError:
            _inputs(x, plan.n_inputs, self._layers()[0][0])  # says it better: what is no number
            raise
        function = plan.function
        if function is None:
            return y
        return list(map(function, y)) if type(y) is list else function(y)


class Layer(_Planned):
    """`n_outputs` neurons that see the same `n_inputs` inputs: gives a list of Values, or for width 1 the Value.

    Options are those of `Neuron`, for all neurons alike; the neurons' weights are drawn one neuron after the other.

    >>> import nn
    >>> layer = nn.Layer(2, 3, activation="tanh", seed=1)
    >>> layer, len(layer([0.5, -0.5])), type(nn.Layer(2, 1)([0.5, -0.5])).__name__
    (Layer(2, 3, activation='tanh'), 3, 'Value')
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        activation: Activation = "sigmoid",
        *,
        seed: int | Random | None = None,
        **options: Any,
    ) -> None:
        self.n_inputs = positive_int("n_inputs", n_inputs)
        self.n_outputs = positive_int("n_outputs", n_outputs)
        rng = generator(seed)
        self.neurons = [
            Neuron(n_inputs, activation, seed=rng, fan_out=self.n_outputs, **options) for _ in range(self.n_outputs)
        ]

    def _layers(self) -> tuple[list[Any], list[Any]]:
        return [self], []

    def _one_by_one(self, x: Any) -> Any:
        x = _inputs(x, self.n_inputs, self)
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        inside = repr(self.neurons[0]).partition(", ")[2]
        return f"{type(self).__name__}({self.n_inputs}, {self.n_outputs}, {inside}"


class Sequential(_Planned):
    """Modules, or any functions, one after the other: each gets what the one before it gave.

    Raises `TypeError` for a part that cannot be called. With no parts it gives its input back.

    >>> import nn
    >>> from autograd import softmax
    >>> model = nn.Sequential(nn.Layer(2, 8, "tanh"), nn.Layer(8, 3, "linear"), softmax)
    >>> round(sum(p.data for p in model([1.0, -1.0])), 9)
    1.0
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        for layer in layers:
            if not callable(layer):
                raise TypeError(f"Sequential takes modules and functions, not {layer!r} of type {type(layer).__name__}")
        self.layers = list(layers)

    def _layers(self) -> tuple[list[Any], list[Any]]:
        alike = all(type(layer) is Layer and "forward" not in vars(layer) for layer in self.layers)
        return self.layers if alike else [], self.layers

    def _one_by_one(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x


class MLP(Sequential):
    """A multilayer perceptron: `MLP(2, [16, 16, 1])` has 2 inputs, two hidden layers of 16 neurons, and 1 output.

    `activation` is that of the hidden layers, `output` that of the last one. By default they are relu and linear, as in
    micrograd: the result can be any number, a score, a logit, a regression. Say `output="sigmoid"` for a probability. Further
    options are those of `Neuron`. Gives a list of Values, or for one output the Value itself.

    >>> import nn
    >>> nn.MLP(2, [4, 1], output="sigmoid", seed=0)
    MLP(2, [4, 1]: relu, sigmoid; 17 parameters)
    """

    def __init__(
        self,
        n_inputs: int,
        sizes: Sequence[int],
        *,
        activation: Activation = "relu",
        output: Activation = "linear",
        seed: int | Random | None = None,
        **options: Any,
    ) -> None:
        sizes = list(sizes) if hasattr(sizes, "__iter__") and not isinstance(sizes, (str, bytes)) else []
        if not sizes:
            raise ValueError("sizes must be a list of at least one positive int: [4, 1], for example")
        widths = [positive_int("n_inputs", n_inputs), *(positive_int(f"sizes[{i}]", n) for i, n in enumerate(sizes))]
        kinds = [activation] * (len(sizes) - 1) + [output]
        rng = generator(seed)
        super().__init__(*(Layer(a, b, k, seed=rng, **options) for a, b, k in zip(widths, widths[1:], kinds)))

    def __repr__(self) -> str:
        layers: list[Any] = self.layers
        sizes = [layer.n_outputs for layer in layers]
        kinds = ", ".join(layer.neurons[0].activation for layer in layers)
        return f"{type(self).__name__}({layers[0].n_inputs}, {sizes}: {kinds}; {len(self.parameters())} parameters)"
