"""XOR from end to end: why one neuron cannot learn it, what a hidden layer changes, and why training still fails at times.

    python demos/xor.py                     the whole story
    python demos/xor.py --hidden 2          with another width of the hidden layer
    python demos/xor.py --seeds 100         and a table of success rates at the end
    python demos/xor.py --compile           with compiled training: the same numbers, sooner
    python demos/xor.py --help              the other options

A known tutorial trains one sigmoid neuron on XOR and says that it prints 0.015 0.983 0.983 0.017. Chapter 1 does what the
tutorial does, and shows what really comes out. Chapter 2 earns those numbers. Chapter 3 looks at runs that fail.
The exit code is 0 if the network of chapter 2 learnt XOR, 1 if it did not, and 2 for options that make no sense.
"""

import argparse
import math
import os
import signal
import statistics
import sys
import time
from collections import Counter
from multiprocessing import Pool
from random import Random
from typing import NamedTuple

import nn
from autograd import no_grad

XS, YS = nn.datasets.xor()
CLAIM = [0.015, 0.983, 0.983, 0.017]  # what the tutorial says its neuron predicts
NEAR = 0.1  # XOR is learnt when every prediction is this near to its target


# ---- Chapter 1: one neuron


def one_neuron(options):
    """The tutorial's neuron and its updates: 10,000 epochs on all four patterns, learning rate 0.1, weights from [0, 1)."""
    print("1. One sigmoid neuron: sigmoid(w1*x1 + w2*x2 + b)\n")
    start = nn.init.uniform(0.0, 1.0)
    neuron = nn.Neuron(2, "sigmoid", init=start, bias_init=start, seed=options.seed)
    w, b = neuron.weights, neuron.bias

    furthest = 0.0
    for _ in bar(range(10_000), "one neuron"):
        by_hand = tutorials_update([p.data for p in w], b.data)

        neuron.zero_grad()
        loss = nn.half_squared_error([neuron(x) for x in XS], YS)
        loss.backward()
        for p in neuron.parameters():
            p.data -= 0.1 * p.grad

        furthest = max(furthest, *(abs(p.grad + step) for p, step in zip(neuron.parameters(), by_hand)))

    print("   The tutorial steps by error times slope, worked out by hand. backward() finds the same steps: in")
    print(f"   10,000 epochs the two never differ by more than {furthest:.0e}. After them:\n")
    predictions = predict(neuron)
    show(predictions)
    f = [w[0].data * x1 + w[1].data * x2 + b.data for x1, x2 in XS]
    sums = [round(f[0] + f[3], 3) + 0.0, round(f[1] + f[2], 3) + 0.0]
    print(f"""
   It is stuck at the loss {loss.data:.4f}, a mean squared error of {mean_squared_error(predictions):.4f}.

   And it must be. Whatever w1, w2 and b are, what the sigmoid is applied to, f = w1*x1 + w2*x2 + b, satisfies
       f(0,0) + f(1,1) = w1 + w2 + 2*b = f(0,1) + f(1,0)
   but XOR needs the left sum negative and the right one positive. (Here the sums are {sums[0]:.3f} and {sums[1]:.3f}.)
""")


def tutorials_update(w, b):
    """Error times slope times input, summed over the patterns: what the tutorial adds to w1, w2 and b, but for the rate."""
    step = [0.0, 0.0, 0.0]
    for (x1, x2), y in zip(XS, YS):
        predicted = 1.0 / (1.0 + math.exp(-(w[0] * x1 + w[1] * x2 + b)))
        delta = (y - predicted) * (predicted * (1.0 - predicted))
        step = [s + delta * x for s, x in zip(step, (x1, x2, 1.0))]
    return step


# ---- Chapter 2: a hidden layer


def hidden_layer(options):
    """A network with one hidden layer, trained until the numbers are what the tutorial claims; whether it learnt XOR."""
    print(f"2. A hidden layer of {options.hidden}: a 2-{options.hidden}-1 network of sigmoids\n")
    start = time.process_time()
    run = train(options.hidden, options, options.seed, progress=None)
    taken = time.process_time() - start
    if run.predictions:
        show(run.predictions)
    print(f"\n   {sentence(run)}")
    if run.learnt:
        errors, claimed = ([abs(p - y) for p, y in zip(ps, YS)] for ps in (run.predictions, CLAIM))
        good = all(e <= c for e, c in zip(errors, claimed))
        if good:
            print("   Every prediction is at least as good as the tutorial's claim.")
        else:
            print(
                f"   The largest error is {max(errors):.4f}, that of the claim {max(claimed):.4f}; more epochs bring it down."
            )
    if options.compile:
        compare(run, taken, options)
    print()
    return run.learnt


def compare(run, first, options):
    """The same training twice more, compiled and by the engine: how long each takes, and whether all numbers are the same."""
    seconds = []
    for compile in (True, False):
        start = time.process_time()
        again = train(options.hidden, argparse.Namespace(**vars(options) | {"compile": compile}), options.seed)
        seconds.append(time.process_time() - start)
    same = "the same numbers to the last bit" if again == run else "OTHER NUMBERS"
    print(f"""
   Compiled, this took {first:.3f} s of processor time with loading the compiler, {seconds[0]:.3f} s when done again; by the
   engine it takes {seconds[1]:.3f} s and gives {same}. So compiled it is {seconds[1] / seconds[0]:.1f} times as quick.""")


class Run(NamedTuple):
    """How a training ended."""

    predictions: list  # empty if the numbers went out of range
    epochs: int
    slope: float  # the length of the gradient at the end
    trouble: str = ""

    @property
    def learnt(self):
        """Whether every prediction is near its target."""
        return bool(self.predictions) and all(abs(p - y) < NEAR for p, y in zip(self.predictions, YS))


def train(hidden, options, seed, *, stop_when_learnt=False, progress=False):
    """Train a network from this seed: on all four patterns in each epoch, from weights and biases uniform in [-1, 1)."""
    model = network(hidden, Random(seed))
    optimizer = OPTIMIZERS[options.optimizer][0](model.parameters(), lr=options.lr)

    def learnt(_):
        return Run(predict(model), 0, 0.0).learnt

    try:
        history = nn.fit(
            model, XS, YS, loss=LOSSES[options.loss], optimizer=optimizer, epochs=options.epochs,
            callbacks=learnt if stop_when_learnt else (), every=20, compile=options.compile, progress=progress,
        )  # fmt: skip
    except ArithmeticError as error:
        return Run([], optimizer.steps, math.inf, str(error))
    return Run(predict(model), history.epochs, math.hypot(*(p.grad for p in model.parameters())))


def network(hidden, rng):
    """The 2-hidden-1 network; for the width "skip" one hidden neuron, and an output neuron that sees the inputs too."""
    start = nn.init.uniform(-1.0, 1.0)
    if hidden == "skip":
        return Skip(init=start, bias_init=start, seed=rng)
    return nn.MLP(2, [hidden, 1], activation="sigmoid", output="sigmoid", init=start, bias_init=start, seed=rng)


class Skip(nn.Module):
    """One hidden neuron, and connections that skip it: seven parameters, the smallest network of neurons that can do XOR."""

    def __init__(self, **how):
        self.hidden = nn.Neuron(2, "sigmoid", **how)
        self.output = nn.Neuron(3, "sigmoid", **how)

    def forward(self, x):
        """The output for one pattern."""
        return self.output([*x, self.hidden(x)])


# ---- Chapter 3: why it failed, why it worked

PLATEAUS = (
    # mean squared error, how many patterns at which outputs, in words
    (1 / 8, 2, (1 / 2,), "two patterns right, two at 0.5"),
    (1 / 6, 3, (1 / 3, 2 / 3), "one pattern right, three at 1/3 or 2/3"),
    (1 / 4, 4, (1 / 2,), "all four at 0.5"),
)


def plateau(predictions):
    """The plateau that these predictions lie on, in words, or None.

    Where the output neuron cannot tell some patterns apart, it gives them one number, at best the mean of their targets.
    For a 0 and a 1 that is 1/2: an MSE of (1/4 + 1/4) / 4 = 0.125. For three of them it is 1/3 or 2/3: an MSE of 0.1667.
    """
    error = mean_squared_error(predictions)
    for level, count, outputs, words in PLATEAUS:
        alike = max(sum(abs(p - output) < 0.03 for p in predictions) for output in outputs)
        if alike == count and abs(error - level) < 0.05 * level:
            return f"on the plateau at {level:.4g} ({words})"
    return None


def sentence(run):
    """How a run ended, in words."""
    if run.trouble:
        return f"Not learnt: {run.trouble}."
    error = mean_squared_error(run.predictions)
    after = f"{run.epochs:,} epochs, mean squared error {error:.4f}"
    if run.learnt:
        return f"Learnt: {after}."
    where = plateau(run.predictions) or "on no plateau; more epochs, or another learning rate, may do"
    return f"Not learnt: {after}, {where}."


def why(options):
    """Ten runs of the narrowest layer that can do XOR, some of them failures; then the network without false minima."""
    print("3. Why it failed, why it worked\n")
    print("   Two hidden neurons are enough to do XOR, but not always to learn it. Ten seeds, stopping when learnt:\n")
    stuck = None
    for seed in range(10):
        run = train(2, options, seed, stop_when_learnt=True)
        print(f"   seed {seed}  {sentence(run)}")
        if run.predictions and plateau(run.predictions):
            stuck = run
    if stuck:
        print(f"""
   On a plateau the output neuron cannot tell some patterns apart and gives them the mean of their targets.
   There is next to no slope to leave it by: the last gradient of the last failure has a length of {stuck.slope:.0e}.
   More hidden neurons help; --seeds 100 shows by how much.""")
    print("""
   Even one hidden neuron is enough when the output neuron sees the inputs as well. Of this 2-1-1 network with
   skip connections it is proven that every minimum is global (Sprinkhuizen-Kuyper and Boers, The error surface
   of the simplest XOR network has only global minima, Neural Computation 8, 1996):
""")
    run = train("skip", options, options.seed)
    if run.predictions:
        show(run.predictions)
    print(f"\n   {sentence(run)}\n")


def success_rates(options):
    """Many seeds for each width: how many learn XOR, how soon, and where the others end."""
    n = options.seeds
    print(f"   Success by width, seeds 0 to {n - 1}, at most {options.epochs:,} epochs, stopping when learnt:\n")
    print("   network       learnt            median epochs   where the others ended")
    widths = [*sorted({1, 2, 3, 4, options.hidden}), "skip"]
    jobs = [(width, options, seed) for width in widths for seed in range(n)]
    with Pool(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        runs = iter(bar(pool.imap(job, jobs, chunksize=max(1, min(20, n // 10))), "seeds", len(jobs)))
        for width in widths:
            name = "2-1-1, skip" if width == "skip" else f"2-{width}-1"
            group = [next(runs) for _ in range(n)]
            epochs = [run.epochs for run in group if run.learnt]
            others = Counter(ending(run) for run in group if not run.learnt)
            rate = f"{len(epochs)} of {n} ({len(epochs) / n:.1%})"
            median = f"{statistics.median(epochs):,.0f}" if epochs else "-"
            print(f"   {name:12}  {rate:20}  {median:>9}   {', '.join(f'{k} {e}' for e, k in others.most_common())}")
    print()


def job(task):
    """One training of the table, in a process of its own."""
    width, options, seed = task
    return train(width, options, seed, stop_when_learnt=True)


def ending(run):
    """Where a run that did not learn ended, as short as a table needs it."""
    if run.trouble:
        return "out of range"
    where = plateau(run.predictions)
    return where.split(" (")[0] if where else "on no plateau"


# ---- what the chapters share


def predict(model):
    """The model's four predictions, as numbers."""
    with no_grad():
        return [model(x).data for x in XS]


def mean_squared_error(predictions):
    """Their mean squared error."""
    return nn.mse(predictions, YS)


def show(predictions):
    """The predictions beside their targets and beside the tutorial's claim."""
    print("   x1 x2   target   predicted   the tutorial's claim")
    for (x1, x2), y, p, claimed in zip(XS, YS, predictions, CLAIM):
        print(f"   {x1:.0f}  {x2:.0f}      {y:.0f}        {p:.3f}           {claimed:.3f}")


def bar(steps, name, total=None):
    """A progress bar on a terminal; in a pipe nothing."""
    if not sys.stderr.isatty():
        return steps
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return steps
    return tqdm(steps, desc=f"   {name}", total=total, leave=False)


LOSSES = {f.__name__: f for f in (nn.half_squared_error, nn.mse, nn.mae, nn.huber, nn.binary_cross_entropy)}
OPTIMIZERS = {"sgd": (nn.SGD, 1.0), "rmsprop": (nn.RMSprop, 0.01), "adam": (nn.Adam, 0.05), "adamw": (nn.AdamW, 0.05)}
"""The optimisers by name, with the learning rate each has unless told otherwise."""


def whole(low, high):
    """A parser of whole numbers from low to high."""

    def parse(text):
        try:
            n = int(text)
        except ValueError:
            n = low - 1
        if not low <= n <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high:,}, not {text[:40]!r}")
        return n

    return parse


def rate(text):
    """A learning rate: a positive number."""
    try:
        lr = float(text)
    except ValueError:
        lr = 0.0
    if not 0.0 < lr < math.inf:
        raise argparse.ArgumentTypeError(f"must be a positive number, not {text[:40]!r}")
    return lr


def parse(arguments):
    """The options; explains itself and exits with 2 if they make no sense."""
    summary, _, rest = __doc__.partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--seed", type=whole(0, 10**18), default=4, help="where the weights start (default: %(default)s)")
    parser.add_argument("--hidden", type=whole(1, 1000), default=4, metavar="WIDTH", help="width of the hidden layer (4)")
    parser.add_argument("--lr", type=rate, help="learning rate (1 for sgd, 0.01 for rmsprop, 0.05 for adam and adamw)")
    parser.add_argument("--epochs", type=whole(1, 10**9), default=5000, help="passes over the four patterns (5000)")
    parser.add_argument("--loss", choices=LOSSES, default="half_squared_error", help="(half_squared_error)")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, default="sgd", help="(sgd)")
    parser.add_argument("--seeds", type=whole(1, 100_000), metavar="N", help="add a table of success rates over N seeds")
    parser.add_argument("--compile", action="store_true", help="train by compiled programs, and say how much quicker that is")
    options = parser.parse_args(arguments)
    if options.lr is None:
        options.lr = OPTIMIZERS[options.optimizer][1]
    return options


def main(arguments=None):
    """Tell the story; 0 if the network of chapter 2 learnt XOR, else 1."""
    options = parse(arguments)
    one_neuron(options)
    learnt = hidden_layer(options)
    why(options)
    if options.seeds:
        success_rates(options)
    return 0 if learnt else 1


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
