"""Neurons, layers of them, and stacks of layers.

A neuron is two nodes of the graph, activation(bias + Σ wᵢ·xᵢ): the sum is one `autograd.dot`, ten times cheaper than a chain of
products and sums. Programs for micrograd run as they stand: the classes, the attributes `w`, `b`, `neurons` and `layers`, the
keyword `nonlin`, the order in which weights are drawn, and a plain Value where the last layer has width 1.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from itertools import pairwise
from random import Random
from types import BuiltinFunctionType
from typing import Any

from autograd import Value, dot, elu, gelu, leaky_relu, relu, sigmoid, silu, softplus, tanh
from autograd._engine.fused_layers import dense, through
from nn.checks import NO_LIST, TRACED, generator, listed, number, positive_int
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


def _inputs(x: Any, module: Any) -> list[Any]:
    """The inputs of a neuron or layer as a list of Values and floats, whatever sequence of numbers came."""
    n = module.n_inputs
    if type(x) is not list:
        if type(x) is Value or isinstance(x, (int, float)) or type(x) in TRACED:
            x = [x]  # what a layer of width 1 gives
        elif isinstance(x, NO_LIST):
            raise TypeError(f"{module!r} takes a sequence of {n} numbers, not {type(x).__name__}") from None
        else:
            x = listed("the inputs", x)
    if len(x) != n:
        _refuse_row(x[0] if x else 0.0, module)
        raise ValueError(f"{module!r} expects {n} input{'s' * (n != 1)}, got {len(x)}") from None
    return [v if type(v) is Value or type(v) is float else number(_refuse_row(v, module), v) for v in x]


def _refuse_row(v: Any, module: Any) -> str:
    """What to call an input in a message; `TypeError` if it is a row of numbers."""
    name = f"an input of {module!r}"
    if isinstance(v, (list, tuple)) or getattr(v, "ndim", 0) > 0:
        raise TypeError(
            f"{name} is no number but a {type(v).__name__}: for rows of inputs write [model(x) for x in rows]"
        ) from None
    return name


_assignments = [0]
"""How many attributes of neurons, layers and stacks have been assigned so far; see `_Kept`."""


class _OneInput(Module):
    """A module that is called with one argument. Assignments to its attributes are counted."""

    _kept: "_Kept | None" = None

    def __call__(self, x: Any) -> Any:
        return self.forward(x)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        _assignments[0] += 1


class _Kept:
    """A cache of what the engine needs to compute layers in one call.

    It is out of date when an attribute of any neuron, layer or stack has been assigned, for assignments are counted, or when a
    list of layers or neurons no longer equals its copy. Lists of weights are not cached: the engine reads them at every call.
    """

    __slots__ = ("assignments", "copies", "for_engine", "lists", "python_function")

    def __init__(self, owner: Any) -> None:
        self.assignments = _assignments[0]  # before anything else is read, for another thread may assign
        layers = _layers_of(owner)
        self.lists: list[list[Any]] = [layer.neurons for layer in layers if isinstance(layer, Layer)]
        if isinstance(owner, Sequential):  # a list that has the owner itself would make a reference cycle
            self.lists.append(owner.layers)
        self.copies = [list(parts) for parts in self.lists]
        self.for_engine: tuple[Any, ...] | None = None  # None: `forward` as it is defined has to run
        self.python_function: Callable[[Any], Any] | None = None  # the last layer's activation, if it is not one of the engine
        if not layers or not all(_is_plain(layer, owner) for layer in layers):
            return
        functions = [layer.neurons[0]._function for layer in layers]
        if not isinstance(functions[-1], BuiltinFunctionType):
            self.python_function, functions[-1] = functions[-1], None
        fit = all(layer.n_inputs == len(before.neurons) for before, layer in pairwise(layers))
        if fit and all(f is None or isinstance(f, BuiltinFunctionType) for f in functions):
            self.for_engine = tuple(
                dense([n.weights for n in layer.neurons], [0.0 if n.bias is None else n.bias for n in layer.neurons], f)
                for layer, f in zip(layers, functions)
            )

    def __reduce__(self) -> Any:
        return type(None), ()  # copying or pickling a module leaves its cache out


def _layers_of(owner: Any) -> list[Any]:
    return owner.layers if isinstance(owner, Sequential) else [owner]


def _is_plain(layer: Any, owner: Any) -> bool:
    """Whether a layer has neurons that differ in nothing but parameters, no scope to name, and no `forward` of its own."""
    if not (layer is owner or (type(layer) is Layer and "forward" not in vars(layer))) or not layer.neurons:
        return False
    function = getattr(layer.neurons[0], "_function", None)
    return all(
        type(n) is Neuron and n._function is function and not n.scope and "forward" not in vars(n) for n in layer.neurons
    )


def _in_one_call(definition: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Decorate `forward` of a layer or stack: where all layers are plain, one call of the engine records the same nodes."""

    @wraps(definition)
    def forward(self: Any, x: Any) -> Any:
        kept = self._kept
        if kept is None or kept.assignments != _assignments[0] or kept.lists != kept.copies:
            kept = self.__dict__["_kept"] = _Kept(self)
        if kept.for_engine is None or Layer.forward is not _layer_forward or Neuron.forward is not _neuron_forward:
            return definition(self, x)
        if type(x) is not list:
            x = _inputs(x, _layers_of(self)[0])
        try:
            y = through(x, kept.for_engine)
        except (TypeError, ValueError):
            _inputs(x, _layers_of(self)[0])  # an error that names the layer and the input
            raise
        function = kept.python_function
        if function is None:
            return y
        return list(map(function, y)) if type(y) is list else function(y)

    return forward


class Neuron(_OneInput):
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
        x = _inputs(x, self)
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


class Layer(_OneInput):
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

    @_in_one_call
    def forward(self, x: Any) -> Any:
        """The neurons' outputs for `n_inputs` Values or floats: a list, or for width 1 the Value."""
        x = _inputs(x, self)
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        inside = repr(self.neurons[0]).partition(", ")[2]
        return f"{type(self).__name__}({self.n_inputs}, {self.n_outputs}, {inside}"


_neuron_forward, _layer_forward = Neuron.forward, Layer.forward  # to notice when a class is given another one


class Sequential(_OneInput):
    """Modules, or any functions, one after the other: each gets what the one before it gave.

    `len`, indices and iteration are those of the list of its parts, `layers`; a slice is a Sequential of some of them. Raises
    `TypeError` for a part that cannot be called. With no parts it gives its input back.

    >>> import nn
    >>> from autograd import softmax
    >>> model = nn.Sequential(nn.Layer(2, 8, "tanh"), nn.Layer(8, 3, "linear"), softmax)
    >>> round(sum(p.data for p in model([1.0, -1.0])), 9), len(model), model[0], len(model[:2]([1.0, -1.0]))
    (1.0, 3, Layer(2, 8, activation='tanh'), 3)
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        for layer in layers:
            if not callable(layer):
                raise TypeError(f"Sequential takes modules and functions, not {layer!r} of type {type(layer).__name__}")
        self.layers = list(layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __getitem__(self, i: Any) -> Any:
        return Sequential(*self.layers[i]) if isinstance(i, slice) else self.layers[i]

    @_in_one_call
    def forward(self, x: Any) -> Any:
        """What the last part gives."""
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
