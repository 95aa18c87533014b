"""What the picture shows of the results."""

from benchmarks.peers import ENGINES
from benchmarks.picture import picture

KINDS = {"c": "ours", "python": "python", "floats": "mark", "limit": "mark", "numpy": "mark"}
"""The colour of a bar by engine; the others' are one."""


def drawn(results):
    """The picture, as SVG."""
    machine = results["machine"]
    where = f"{machine['cpu']}, {machine['cores']} cores, CPython {machine['python']}"
    return picture(list(panels(results)), f"{results['date']}; {where}; shorter is faster; scales are logarithmic")


def panels(results):
    """(title, unit, bars) of each panel."""
    for state in ("off", "on"):
        entries = results["chain"][state]
        bars = [(ENGINES[name].title, KINDS.get(name, "theirs"), entry["together"]) for name, entry in entries.items()]
        yield f"A node, forward + backward, collector {state}", "ns", sorted(bars, key=lambda bar: bar[2])
    xor = {"c": "ours in C", "python": "ours in Python", "micrograd": "micrograd"}
    xor |= {"numpy": "NumPy by hand", "limit": "hand-written C"}
    yield _panel("XOR 2-4-1, 10,000 epochs, collector off", "s", results["xor"], xor, "seconds", "{}")
    moons = {"c": "ours in C", "python": "ours in Python", "micrograd": "micrograd"}
    yield _panel("Two moons, 100 steps, collector off", "ms", results["moons"], moons, "milliseconds", "{}, off", 100)
    gpt = {
        "c whole": "ours in C, dot and softmax", "c": "ours in C, same program", "python": "ours in Python, same program",
        "microgpt": "microgpt-style Value",
    }  # fmt: skip
    yield _panel("A step of a small GPT, collector off", "ms", results["gpt"], gpt, "milliseconds", "{}, off")


def _panel(title, unit, entries, titles, figure, key, factor=1):
    bars = [
        (label, KINDS.get(name.split()[0], "theirs"), entries[key.format(name)][figure] * factor)
        for name, label in titles.items()
        if key.format(name) in entries
    ]
    return title, unit, sorted(bars, key=lambda bar: bar[2])
