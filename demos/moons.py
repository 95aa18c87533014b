"""Two moons from end to end: a network of 337 parameters learns where one half circle ends and the other begins.

    python demos/moons.py               trains, says how good it is on points it has not seen, draws what it learnt
    python demos/moons.py --compile     the same with compiled training: the same numbers, sooner
    python demos/moons.py --help        the other options

The network, the hinge loss with a penalty on large weights, and the falling learning rate are those of micrograd's demo.
The exit code is 0 if at least 9 of 10 new points are told right, 1 if not, and 2 for options that make no sense.
"""

import argparse
import math
import os
import sys
import time

import autograd
import nn

PENALTY = 1e-4
NEW = 500  # points to judge by


def data(n, options, seed):
    """Points of both moons, and their classes as the hinge loss wants them: -1 and 1."""
    xs, ys = nn.datasets.moons(n, noise=options.noise, seed=seed)
    return xs, [2.0 * y - 1.0 for y in ys]


def train(options, *, compile, progress=False):
    """(the trained network, the course of its loss, the processor time that took)."""
    start = time.process_time()
    model = nn.MLP(2, [16, 16, 1], seed=options.seed)
    parameters = model.parameters()

    def loss(scores, targets):
        return nn.hinge(scores, targets) + PENALTY * autograd.sum([p * p for p in parameters])

    optimizer = nn.SGD(parameters, lr=nn.schedules.linear(1.0, options.epochs, 0.1))
    xs, ys = data(options.points, options, options.seed)
    history = nn.fit(model, xs, ys, loss=loss, optimizer=optimizer, epochs=options.epochs, compile=compile, progress=progress)
    return model, history.losses, time.process_time() - start


def accuracy(model, xs, ys):
    """The share of points on the right side."""
    with autograd.no_grad():
        return sum((model(x).data > 0) == (y > 0) for x, y in zip(xs, ys)) / len(xs)


def draw(model, xs, ys):
    """The plane as the network divides it, and the points: O and X where they are told right, ! where they are not."""
    columns, rows = 64, 20
    left, right, low, high = -1.75, 2.75, -1.25, 1.75
    with autograd.no_grad():
        picture = [
            [
                "+" if model([left + (right - left) * j / columns, high - (high - low) * i / rows]).data > 0 else "."
                for j in range(columns)
            ]
            for i in range(rows)
        ]
        for x, y in zip(xs, ys):
            i, j = round((high - x[1]) / (high - low) * rows), round((x[0] - left) / (right - left) * columns)
            if 0 <= i < rows and 0 <= j < columns:
                picture[i][j] = ("X" if y > 0 else "O") if (model(x).data > 0) == (y > 0) else "!"
    for row in picture:
        print("   " + "".join(row))


def compare(losses, first, options):
    """The same training twice more, compiled and by the engine: how long each takes, and whether all numbers are the same."""
    seconds = []
    for compile in (True, False):
        _, again, taken = train(options, compile=compile)
        seconds.append(taken)
    same = "the same losses to the last bit" if again == losses else "OTHER LOSSES"
    print(f"""
   Compiled, this took {first:.2f} s of processor time with loading the compiler, {seconds[0]:.2f} s when done again; by the
   engine it takes {seconds[1]:.2f} s and gives {same}. So compiled it is {seconds[1] / seconds[0]:.1f} times as quick.""")


def whole(text):
    """A whole number of at least 1."""
    n = int(text) if text.isdecimal() and len(text) < 10 else 0
    if n < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, not {text[:40]!r}")
    return n


def size(text):
    """The size of the noise: a number from 0 on."""
    try:
        x = float(text)
    except ValueError:
        x = -1.0
    if not 0.0 <= x < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number from 0 on, not {text[:40]!r}")
    return x


def parse(arguments):
    """The options; explains itself and exits with 2 if they make no sense."""
    summary, _, rest = __doc__.partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--seed", type=whole, default=1, help="where weights start, and which points (default: %(default)s)")
    parser.add_argument("--points", type=whole, default=100, help="how many points to learn from (%(default)s)")
    parser.add_argument("--noise", type=size, default=0.1, help="how far points stray from the moons (%(default)s)")
    parser.add_argument("--epochs", type=whole, default=1000, help="passes over the points (%(default)s)")
    parser.add_argument("--compile", action="store_true", help="train by a compiled program, and say how much quicker that is")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Tell the story; 0 if the network tells 9 of 10 new points right, else 1."""
    options = parse(arguments)
    try:
        model, losses, taken = train(options, compile=options.compile, progress=None)
    except ArithmeticError as error:
        print(f"Not learnt: {error}")
        return 1
    print(f"{model!r} on {options.points} points of two moons\n")
    for epoch in sorted({0, *(round(10 ** (k / 2)) for k in range(20)), options.epochs - 1}):
        if epoch < options.epochs:
            print(f"   epoch {epoch:6,}   loss {losses[epoch]:.4f}")
    xs, ys = data(options.points, options, options.seed)
    new_xs, new_ys = data(NEW, options, options.seed + 1)
    share = accuracy(model, new_xs, new_ys)
    print(f"\n   Told right: {accuracy(model, xs, ys):.1%} of these points, {share:.1%} of {NEW} new ones.\n")
    draw(model, xs, ys)
    if options.compile:
        compare(losses, taken, options)
    return 0 if share >= 0.9 else 1


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
