"""Initialisers: functions that draw the first weights of a neuron.

An initialiser is a function of a generator and the neuron's numbers of inputs and outputs (its fan-in and fan-out) that draws
one weight. The functions here make them: `xavier_uniform()` is an initialiser, `uniform(-1, 1)` another.

Sources: X. Glorot, Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010,
equations 12 and 16; K. He, X. Zhang, S. Ren, J. Sun, Delving deep into rectifiers, ICCV 2015, equation 10. The names of the
gains and their place in the formulas are PyTorch's (torch.nn.init).
"""

import math
from collections.abc import Callable
from random import Random

__all__ = ["Initialiser", "constant", "he_normal", "he_uniform", "uniform", "xavier_normal", "xavier_uniform", "zeros"]

Initialiser = Callable[[Random, int, int], float]
"""Draws one weight: (generator, fan-in, fan-out) → float."""


def uniform(low: float = -1.0, high: float = 1.0) -> Initialiser:
    """Uniform in [low, high); with the defaults what micrograd draws. Raises `ValueError` if low > high.

    >>> import random
    >>> from nn.init import uniform
    >>> 2.0 <= uniform(2.0, 3.0)(random.Random(0), 1, 1) < 3.0
    True
    """
    if not low <= high:
        raise ValueError(f"uniform() needs low <= high, not low = {low} and high = {high}")
    return lambda rng, _fan_in, _fan_out: rng.uniform(low, high)


def constant(x: float) -> Initialiser:
    """The same number for all. Weights that start alike and see the same inputs stay alike: for biases only.

    >>> import random
    >>> from nn.init import constant
    >>> constant(0.5)(random.Random(0), 1, 1)
    0.5
    """
    x = float(x)
    return lambda _rng, _fan_in, _fan_out: x


def zeros() -> Initialiser:
    """0.0 for all; see `constant`.

    >>> import random
    >>> from nn.init import zeros
    >>> zeros()(random.Random(0), 1, 1)
    0.0
    """
    return constant(0.0)


def xavier_uniform(gain: float = 1.0) -> Initialiser:
    """Uniform in ±gain·√(6 / (fan-in + fan-out)): keeps variances through layers of tanh or sigmoid (Glorot, Bengio, 2010).

    >>> import random
    >>> from nn.init import xavier_uniform
    >>> abs(xavier_uniform()(random.Random(0), 3, 3)) <= 1.0
    True
    """
    return lambda rng, fan_in, fan_out: _symmetric(rng, gain * math.sqrt(6.0 / (fan_in + fan_out)))


def xavier_normal(gain: float = 1.0) -> Initialiser:
    """Normal with mean 0 and standard deviation gain·√(2 / (fan-in + fan-out)) (Glorot, Bengio, 2010).

    >>> import random
    >>> from nn.init import xavier_normal
    >>> xavier_normal(gain=0.0)(random.Random(0), 3, 3) == 0.0
    True
    """
    return lambda rng, fan_in, fan_out: rng.normalvariate(0.0, gain * math.sqrt(2.0 / (fan_in + fan_out)))


def he_uniform(gain: float = math.sqrt(2.0)) -> Initialiser:
    """Uniform in ±gain·√(3 / fan-in): keeps variances through layers of relu (He et al., 2015; also called Kaiming).

    >>> import random
    >>> from nn.init import he_uniform
    >>> abs(he_uniform()(random.Random(0), 6, 1)) <= 1.0
    True
    """
    return lambda rng, fan_in, _fan_out: _symmetric(rng, gain * math.sqrt(3.0 / fan_in))


def he_normal(gain: float = math.sqrt(2.0)) -> Initialiser:
    """Normal with mean 0 and standard deviation gain / √fan-in (He et al., 2015; also called Kaiming).

    >>> import random
    >>> from nn.init import he_normal
    >>> he_normal(gain=0.0)(random.Random(0), 3, 1) == 0.0
    True
    """
    return lambda rng, fan_in, _fan_out: rng.normalvariate(0.0, gain / math.sqrt(fan_in))


def _symmetric(rng: Random, bound: float) -> float:
    return rng.uniform(-bound, bound)
