"""`Module`: the base class of everything that has parameters.

Nothing is registered. `parameters()` searches the attributes of the module at each call, and the modules, lists, tuples and
dicts in them, for leaf Values; each has a dotted path such as `layers.0.neurons.1.weights.0`. So a subclass needs no call of
`super().__init__()`, and copies, pickles and attributes assigned later need no code.
"""

from collections.abc import Iterable, Iterator, Mapping
from reprlib import recursive_repr
from types import BuiltinFunctionType, FunctionType
from typing import Any

from autograd import Value
from autograd._engine.bulk import assign_grads
from nn.checks import number


class Module:
    """A subclass sets attributes and defines `forward`.

    A parameter is a leaf Value in an attribute, at any depth of modules, lists, tuples, dicts and object arrays. One that is
    found in several places is one parameter, under the first path. Numbers and computed Values are not parameters.

    >>> import nn
    >>> from autograd import Value
    >>> class Line(nn.Module):
    ...     def __init__(self):
    ...         self.slope, self.start = Value(2.0), Value(1.0)
    ...     def forward(self, x):
    ...         return self.slope * x + self.start
    >>> line = Line()
    >>> line(3.0).data, [name for name, _ in line.named_parameters()]
    (7.0, ['slope', 'start'])
    """

    scope: tuple[str, ...] = ()
    """The module's path in the model that was given to `annotate`; a neuron's nodes have it as their scope."""

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; `module(x)` calls it. A subclass defines it."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward(); define it: def forward(self, x): ...")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`self.forward(...)`."""
        return self.forward(*args, **kwargs)

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Pairs of dotted path and parameter, in order of the attributes; each parameter once.

        Raises `ValueError` where two parameters have the same path (dict keys with dots, or 1 and "1"), and `TypeError` for
        Values or modules in a set, which has no order.

        >>> import nn
        >>> [name for name, _ in nn.Neuron(2).named_parameters()]
        ['weights.0', 'weights.1', 'bias']
        """
        names: set[str] = set()
        for path, key, v in _walk(self):
            if type(v) is Value:
                name = _dotted(path, key)
                if name in names:
                    raise ValueError(f"two parameters of {type(self).__name__} have the path {name!r}: rename a dict key")
                names.add(name)
                yield name, v

    def parameters(self) -> list[Value]:
        """The parameters, each once, in order of the attributes.

        >>> import nn
        >>> len(nn.MLP(2, [16, 16, 1]).parameters())
        337
        """
        # `_walk` without the paths, which take half the time: a training loop written by hand calls this at every step.
        found: dict[int, Value] = {}
        seen = {id(self)}
        open_: list[Iterator[Any]] = [iter(list(vars(self).values()))]
        while open_:
            for x in open_[-1]:
                if type(x) is Value:
                    if x.is_leaf:
                        found[id(x)] = x
                elif type(x) not in _WITHOUT_PARTS and id(x) not in seen and (parts := _parts(x)) is not None:
                    seen.add(id(x))
                    open_.append(iter(parts[1]))
                    break
            else:
                open_.pop()
        return list(found.values())

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0.0.

        >>> import nn
        >>> neuron = nn.Neuron(2)
        >>> neuron([1.0, 2.0]).backward()
        >>> neuron.zero_grad()
        >>> [p.grad for p in neuron.parameters()]
        [0.0, 0.0, 0.0]
        """
        assign_grads(self.parameters(), 0.0)

    def state_dict(self) -> dict[str, float]:
        """The number of each parameter by its dotted path: what `nn.save` writes.

        >>> import nn
        >>> nn.Neuron(1, init=nn.init.constant(0.5)).state_dict()
        {'weights.0': 0.5, 'bias': 0.0}
        """
        return {name: p.data for name, p in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Take the parameters' numbers from a mapping such as `state_dict()` returns; all of them, or none on an error.

        Raises `ValueError` that names missing and unexpected paths, or the sizes where the shapes differ, and `TypeError` for
        an entry that is no number.

        >>> import nn
        >>> a, b = nn.Neuron(2), nn.Neuron(2)
        >>> a.load_state_dict(b.state_dict())
        >>> a([1.0, 2.0]).data == b([1.0, 2.0]).data
        True
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"load_state_dict() takes a mapping of paths to numbers, not {type(state).__name__}")
        own = dict(self.named_parameters())
        if own.keys() != state.keys():
            difference = _difference(own, [str(name) for name in state])
            raise ValueError(f"this state does not fit {type(self).__name__}: {difference}")
        numbers = {name: number(f"entry {name!r} of the state", state[name]) for name in own}
        for name, p in own.items():
            p.data = numbers[name]

    @recursive_repr()
    def __repr__(self) -> str:
        name = type(self).__name__
        parts = [found for found in _walk(self, deep=False) if type(found[2]) is not Value]
        if not parts:
            return f"{name}({len(self.parameters())} parameters)"
        lines = [f"{_dotted(path, key)}: {part!r}".replace("\n", "\n  ") for path, key, part in parts]
        return "\n  ".join([f"{name}(", *lines]) + "\n)"


def annotate(model: Module) -> Module:
    """Label every parameter with its path, and have every neuron give its nodes its path as their scope; return the model.

    For pictures and error messages. A model does not do it by itself, for names on all nodes would slow every step.

    >>> import nn
    >>> layer = nn.annotate(nn.Layer(2, 2))
    >>> layer.neurons[1].bias.label, layer([0.0, 1.0])[1].scope
    ('neurons.1.bias', ('neurons.1',))
    """
    for name, p in model.named_parameters():
        p.label = name
    for path, key, part in _walk(model):
        if type(part) is not Value:
            part.scope = (*model.scope, _dotted(path, key))
    return model


def _walk(root: Module, *, deep: bool = True) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """(path of the parent, key, part) of the modules and leaf Values in the attributes of `root`, each once, in order.

    Unless `deep`, modules found on the way are not walked into. Does not recurse, and may meet a module in itself.
    """
    seen = {id(root)}
    open_: list[tuple[tuple[Any, ...], Iterator[tuple[Any, Any]]]] = [((), iter(list(vars(root).items())))]
    while open_:
        path, rest = open_[-1]
        for key, x in rest:
            if type(x) is Value:
                if x.is_leaf and id(x) not in seen:
                    seen.add(id(x))
                    yield path, key, x
                continue
            parts = None if type(x) in _WITHOUT_PARTS else _parts(x)
            if parts is None or id(x) in seen:
                continue
            seen.add(id(x))
            is_module = isinstance(x, Module)
            if is_module:
                yield path, key, x
            if deep or not is_module:
                open_.append(((*path, key), zip(*parts)))
                break
        else:
            open_.pop()


_WITHOUT_PARTS = {int, float, str, bool, type(None), FunctionType, BuiltinFunctionType}
"""Common types of attributes that have no parts: a quick first test."""


def _parts(x: Any) -> tuple[Iterable[Any], Iterable[Any]] | None:
    """The keys and the parts of a module or container; None for anything else."""
    if isinstance(x, (list, tuple)):
        return range(len(x)), x
    if isinstance(x, (Module, Mapping)):
        items = vars(x) if isinstance(x, Module) else x
        return list(items), list(items.values())
    if isinstance(x, (set, frozenset)) and any(isinstance(part, (Value, Module)) for part in x):
        raise TypeError("a set of parameters has no order, so they have no names: use a list")
    if getattr(getattr(x, "dtype", None), "kind", "") == "O":  # a NumPy array of Values
        return range(x.size), x.ravel().tolist()
    return None


def _dotted(path: tuple[Any, ...], key: Any) -> str:
    return ".".join(map(str, (*path, key)))


def _difference(own: Iterable[str], state: Iterable[str]) -> str:
    """How two sets of paths differ, in words: lists of different sizes, and outside of them what is missing or unexpected."""
    here, there = _children(own), _children(state)
    sizes = {
        path: f"{path} has {len(keys)} entries, the state {len(there[path])}"
        for path, keys in here.items()
        if len(keys) != len(there.get(path, keys)) and all(key.isdigit() for key in keys | there[path])
    }
    found = list(sizes.values())
    for what, names, others in (("missing", own, set(state)), ("unexpected", state, set(own))):
        rest = [name for name in names if name not in others and not any(name.startswith(f"{path}.") for path in sizes)]
        if rest:
            found.append(f"{what}: {', '.join(rest[:5])}" + f" and {len(rest) - 5} more" * (len(rest) > 5))
    return "; ".join(found)


def _children(names: Iterable[str]) -> dict[str, set[str]]:
    """For each proper prefix of the dotted paths, the keys that follow it."""
    keys: dict[str, set[str]] = {}
    for name in names:
        parts = name.split(".")
        for i, key in enumerate(parts):
            keys.setdefault(".".join(parts[:i]), set()).add(key)
    return keys
