"""The library as a tool of GradBench: messages come on standard input, one a line, answers go to standard output.

python -m benchmarks.gradbench                      # to be called by the suite
python -m benchmarks.gradbench --sizes              # every program on small inputs: what it takes, in a table
"""

import json
import random
import sys
import time
import traceback
from typing import Any

from benchmarks.gradbench.programs import MODULES
from benchmarks.report import table


def evaluated(message: dict[str, Any]) -> dict[str, Any]:
    """The answer to a message that asks for an evaluation, as often as it says."""
    given = message["input"]
    runs, seconds = (given.get("min_runs", 1), given.get("min_seconds", 0.0)) if isinstance(given, dict) else (1, 0.0)
    function, timings, elapsed = MODULES[message["module"]][message["function"]], [], 0
    while True:
        start = time.perf_counter_ns()
        output = function(given)
        timings.append({"name": "evaluate", "nanoseconds": time.perf_counter_ns() - start})
        elapsed += timings[-1]["nanoseconds"]
        if len(timings) >= runs and elapsed >= 1e9 * seconds:
            return {"success": True, "output": output, "timings": timings}


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """The answer to a message."""
    kind, found = message["kind"], {}
    if kind == "start":
        found = {"tool": "scalar-autograd"}
    elif kind == "define":
        found = {"success": message["module"] in MODULES}
        if not found["success"]:
            found["error"] = f"there is no module {message['module']!r}"
    elif kind == "evaluate":
        try:
            found = evaluated(message)
        except Exception as error:  # noqa: BLE001 - the suite is told, and goes on
            found = {"success": False, "error": "".join(traceback.format_exception(error))}
    return {"id": message["id"]} | found


def inputs(rng: random.Random) -> list[tuple[str, str, str, Any]]:
    """(module, function, size, input) for each program, on small inputs."""
    draw = lambda *shape: draw_(rng, shape)  # noqa: E731
    found: list[tuple[str, str, str, Any]] = [("hello", "double", "", 3.0)]
    found.append(("llsq", "gradient", "n = 1024, m = 16", {"x": draw(16), "n": 1024}))
    found.append(("lse", "gradient", "n = 2500", {"x": draw(2500)}))
    found.append(("det", "gradient", "7 × 7", {"A": draw(49), "ell": 7}))
    found.append(("ode", "gradient", "n = 1000, s = 10", {"x": draw(1000), "s": 10}))
    found.append(("kmeans", "dir", "k = 5, n = 1000, d = 2", {"points": (points := draw(1000, 2)), "centroids": points[-5:]}))
    mixture = {"d": 2, "k": 5, "n": 1000, "x": draw(1000, 2), "m": 0, "gamma": 1.0, "alpha": draw(5)}
    mixture |= {"mu": draw(5, 2), "q": draw(5, 2), "l": draw(5, 1)}
    found.append(("gmm", "jacobian", "d = 2, k = 5, n = 1000", mixture))
    text = [[float(rng.random() < 0.5) for _ in range(7)] for _ in range(256)]
    memory = {"main_params": draw(4, 28), "extra_params": draw(3, 7), "state": draw(4, 7), "sequence": text}
    found.append(("lstm", "jacobian", "2 layers, 256 characters", memory))
    camera = [0.016, 0.013, 0.004, -0.034, -0.108, 1.12, 399.8, 5.9e-4, -5.9e-4, -3.2e-7, 5.9e-13]
    seen = {"n": 49, "m": 7776, "p": 31843, "cam": camera, "x": [-0.61, 0.57, -1.85], "w": 1.0, "feat": [-332.65, 262.09]}
    found.append(("ba", "jacobian", "49 cameras, 31,843 observations", seen))
    found.append(("ht", "jacobian", "100 points", hand(rng, 100)))
    found += [("particle", way, "", {"w": 0.0}) for way in ("rr", "ff", "fr", "rf")]
    found += [("saddle", way, "", {"start": [1.0, 1.0]}) for way in ("rr", "ff", "fr", "rf")]
    return found


def draw_(rng: random.Random, shape: tuple[int, ...]) -> Any:
    """Uniform numbers in nested lists."""
    return [draw_(rng, shape[1:]) if len(shape) > 1 else rng.random() for _ in range(shape[0])]


def hand(rng: random.Random, points: int) -> Any:
    """A hand drawn at random: bones that hang on each other, and vertices near them."""
    bones, unit = 22, [[float(i == j) for j in range(4)] for i in range(4)]
    moved = [[[*row[:3], rng.random() if i < 3 else 1.0] for i, row in enumerate(unit)] for _ in range(bones)]
    weights = [[0.0] * bones for _ in range(points)]
    for row in weights:
        for _ in range(3):
            row[rng.randrange(bones)] += 1.0 / 3.0
    model = {
        "bone_count": bones, "parents": [-1, *range(bones - 1)],
        "base_relatives": moved, "inverse_base_absolutes": [unit] * bones,
        "base_positions": [[*draw_(rng, (3,)), 1.0] for _ in range(points)], "weights": weights,
        "triangles": [[rng.randrange(points) for _ in range(3)] for _ in range(points)], "is_mirrored": False,
    }  # fmt: skip
    data = {
        "model": model,
        "correspondences": [rng.randrange(points) for _ in range(points)],
        "points": draw_(rng, (points, 3)),
    }
    return {"theta": draw_(rng, (26,)), "data": data, "us": draw_(rng, (points, 2))}


def main() -> None:
    """Answer the suite, or show sizes."""
    if "--sizes" in sys.argv:
        rows = []
        for module, function, size, given in inputs(random.Random(1)):
            times = []
            for _ in range(5):
                start = time.perf_counter()
                MODULES[module][function](given)
                times.append(time.perf_counter() - start)
            rows.append([f"{module} {function}", size, f"{times[0]:.3g} s", f"{1e3 * min(times):.3g} ms"])
        print(table(["", "", "first", "then"], rows))
        return
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
