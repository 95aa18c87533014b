"""docs/benchmarks.md and the tables printed, from the one dictionary of results."""

from benchmarks.goals import goals, verdict
from benchmarks.measurements import GROWTH, VARIABLES
from benchmarks.peers import ENGINES
from benchmarks.picture import short
from benchmarks.prose import words


def document(results, image):
    """The page, in Markdown."""
    parts = ["# Benchmarks", words("top", results), f"![Times of all engines]({image})"]
    parts += [f"## {title}\n\n{text}" for title, text in sections(results)]
    return "\n\n".join(parts) + "\n"


def sections(results):
    """(title, Markdown) of each part."""
    for name, (title, make) in SECTIONS.items():
        yield title, "\n\n".join([words(name, results), make(results)])
    yield "Who took part", _versions(results)


def table(head, rows):
    """A Markdown table; the first column to the left, figures to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _goals(results):
    rows = []
    for what, bound, sense, unit, figure in goals(results):
        reached = "–" if figure is None else f"{short(figure)}{unit}"
        word = verdict(bound, sense, figure)
        rows.append([what, f"{sense} {bound}{unit}", reached, word if word == "reached" else f"**{word}**"])
    return table(["", "goal", "measured", ""], rows)


def _chain(results):
    off, on, memory = results["chain"]["off"], results["chain"]["on"], results["memory"]
    rows = []
    for name, engine in ENGINES.items():
        if name not in off:
            continue
        a = off[name]
        rows.append([
            engine.title,
            f"{a['n']:,}",
            short(a["forward"]),
            short(a["backward"]) if name != "floats" else "–",
            short(a["together"]),
            _times(off, name, "c"),
            short(on[name]["together"]) if name in on else "–",
            _times(on, name, "c"),
            short(memory[name]["bytes"]) if name in memory else "–",
        ])  # fmt: skip
    head = [
        "",
        "nodes",
        "forward, ns",
        "backward, ns",
        "together, ns",
        "× ours in C",
        "collector on, ns",
        "× ours in C",
        "bytes",
    ]
    return table(head, rows)


def _growth(results):
    rows = []
    for n in GROWTH:
        entry = results["growth"].get(str(n))
        if entry:
            size = f"{entry['bytes'] / n:.1f}" if "bytes" in entry else "–"
            rows.append([f"{n:,}", f"{entry['seconds']:.3g}", f"{entry['seconds'] / n * 1e9:.1f}", size])
    return table(["nodes", "seconds", "ns a node", "bytes a node"], rows)


def _xor(results):
    xor = results["xor"]
    named = {
        "c": "ours in C, through `nn`",
        "c, nn.fit": "the same, by `nn.fit`",
        "c, collector on": "the same, collector on",
        "python": "ours in Python, through `nn`",
        "numpy": "NumPy by hand",
        "micrograd": "micrograd",
        "micrograd, collector on": "micrograd, collector on",
        "micrograd, sigmoid as one node": "micrograd, given a sigmoid of one node",
        "limit": "hand-written C",
        "one neuron, numpy": "one neuron, NumPy: the tutorial's program",
        "one neuron, c": "one neuron, ours in C, through `nn`",
    }
    rows = [
        [title, f"{xor[key]['epochs']:,}", short(xor[key]["seconds"]), _times(xor, key, "c", "seconds")]
        for key, title in named.items()
        if key in xor
    ]
    return table(["", "epochs run", "seconds for 10,000", "× ours in C"], rows)


def _moons(results):
    moons = results["moons"]
    rows = []
    for name in ("c", "python", "micrograd"):
        cells = [ENGINES[name].title]
        for state in ("off", "on"):
            key = f"{name}, {state}"
            cells.append(short(moons[key]["milliseconds"] / 10) if key in moons else "–")
            cells.append(_times(moons, key, f"c, {state}", "milliseconds"))
        rows.append(cells)
    return table(["", "collector off, s", "× ours in C", "collector on, s", "× ours in C"], rows)


def _gpt(results):
    gpt = results["gpt"]
    named = {
        "microgpt": "microgpt-style Value",
        "c": "ours in C, the same program",
        "c whole": "ours in C, `dot`, `softmax`, `logsumexp`",
        "python": "ours in Python, the same program",
        "python whole": "ours in Python, `dot`, `softmax`, `logsumexp`",
    }
    rows = []
    for key, title in named.items():
        cells = [title]
        for state in ("off", "on"):
            entry, theirs = gpt.get(f"{key}, {state}"), gpt.get(f"microgpt, {state}")
            if entry and theirs:
                faster = theirs["milliseconds"] / entry["milliseconds"]
                cells += [short(entry["milliseconds"]), short(entry["adam"]), f"{short(faster)}×"]
            else:
                cells += ["–"] * 3
        rows.append(cells)
    return table(["", "collector off, ms", "Adam, ms", "faster", "collector on, ms", "Adam, ms", "faster"], rows)


def _rosenbrock(results):
    found = results["rosenbrock"]
    rows = []
    for name, engine in ENGINES.items():
        keys = [f"{name}, {n}" for n in VARIABLES]
        if any(key in found for key in keys):
            rows.append([engine.title, *(short(found[key]["microseconds"]) if key in found else "–" for key in keys)])
    return table(["", *(f"n = {n:,}" for n in VARIABLES)], rows)


def _imports(results):
    ordered = sorted(results["imports"].items(), key=lambda item: item[1]["milliseconds"])
    return table(
        ["", "", "ms"], [[ENGINES[name].title, f"`import {e['imports']}`", short(e["milliseconds"])] for name, e in ordered]
    )


def _versions(results):
    text = table(["", "version"], [[ENGINES[name].title, version] for name, version in results["versions"].items()])
    if results["absent"]:
        reasons = [f"- {ENGINES[name].title if name in ENGINES else name}: {why}" for name, why in results["absent"].items()]
        text += "\n\nAbsent, and so not measured:\n\n" + "\n".join(reasons)
    return text


def _times(entries, theirs, ours, figure="together"):
    """How many times slower."""
    return short(entries[theirs][figure] / entries[ours][figure]) if {theirs, ours} <= entries.keys() else "–"


SECTIONS = {
    "goals": ("Goals", _goals),
    "chain": ("A node", _chain),
    "growth": ("Growth", _growth),
    "xor": ("XOR", _xor),
    "moons": ("Two moons", _moons),
    "gpt": ("A step of a small GPT", _gpt),
    "rosenbrock": ("Rosenbrock's function", _rosenbrock),
    "imports": ("Import", _imports),
}
