"""What the project set itself to reach, and whether the measurements say so. A figure that is missed is reported as missed.

Each goal is (what, bound, "at least" or "at most", unit, the figure from the results, or None if its peer is absent).
"""

import math


def goals(results):
    """The goals with the figures reached."""
    off, on = results["chain"]["off"], results["chain"]["on"]
    xor, moons, gpt, growth = results["xor"], results["moons"], results["gpt"], results["growth"]
    last = _of(growth, "10000000", "seconds")
    return [
        ("C: forward + backward, a node", 80, "at most", " ns", _of(off, "c", "together")),
        ("C: memory, a node", 72, "at most", " bytes", _of(results["memory"], "c", "bytes")),
        ("C against micrograd, collector off", 35, "at least", "×", _ratio(off, "micrograd", "c", "together")),
        ("C against micrograd, collector on, 200,000 nodes", 200, "at least", "×", _ratio(on, "micrograd", "c", "together")),
        ("C against XAD's bindings", 15, "at least", "×", _ratio(off, "xad", "c", "together")),
        ("C: 10⁷ nodes, forward + backward", 2, "at most", " s", last),
        ("C: time grows as nodes to the power of", 1.1, "at most", "", _exponent(growth)),
        ("Python against micrograd, collector off", 2.5, "at least", "×", _ratio(off, "micrograd", "python", "together")),
        ("Python against micrograd, collector on, 200,000 nodes", 12, "at least", "×",
         _ratio(on, "micrograd", "python", "together")),
        *(
            (f"GPT step, {title}, against the microgpt-style Value, collector {state}", 40, "at least", "×",
             _ratio(gpt, f"microgpt, {state}", f"{key}, {state}", "milliseconds"))
            for key, title in (("c whole", "dot and softmax as nodes"), ("c", "the same scalar program"))
            for state in ("off", "on")
        ),
        ("XOR, 10,000 epochs through nn, against NumPy by hand", 1, "at least", "×", _ratio(xor, "numpy", "c", "seconds")),
        ("XOR through nn against micrograd, collector off", 60, "at least", "×", _ratio(xor, "micrograd", "c", "seconds")),
        ("XOR through nn against micrograd, collector on", 60, "at least", "×",
         _ratio(xor, "micrograd, collector on", "c, collector on", "seconds")),
        ("moons through nn against micrograd, collector off", 120, "at least", "×",
         _ratio(moons, "micrograd, off", "c, off", "milliseconds")),
    ]  # fmt: skip


def verdict(bound, sense, figure):
    """Whether a goal is reached, in a word."""
    if figure is None:
        return "not measured"
    return "reached" if (figure >= bound if sense == "at least" else figure <= bound) else "missed"


def _exponent(growth):
    """The slope of log seconds against log nodes, by least squares: 1 is a straight line through the origin."""
    points = [(math.log(int(n)), math.log(entry["seconds"])) for n, entry in growth.items()]
    if len(points) < 2:
        return None
    x0, y0 = (math.fsum(c) / len(points) for c in zip(*points))
    return math.fsum((x - x0) * (y - y0) for x, y in points) / math.fsum((x - x0) ** 2 for x, _ in points)


def _of(table, key, figure):
    return table[key][figure] if key in table and figure in table[key] else None


def _ratio(table, theirs, ours, figure):
    return _over(_of(table, theirs, figure), _of(table, ours, figure))


def _over(a, b):
    return a / b if a and b else None
