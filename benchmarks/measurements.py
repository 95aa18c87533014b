"""What is asked of whom, and how often. The result is one dictionary of plain numbers, from which all else is written."""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime

from benchmarks.driver import Absent
from benchmarks.peers import ENGINES, HERE, python_for

GROWTH = [10**k for k in range(2, 8)]
VARIABLES = [2, 10, 100, 1000]


def everything(crew, times):
    """All measurements, `times` rounds of each."""
    results = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "rounds": times,
        "chain": chain(crew, times),
        "memory": memory(crew),
        "xor": xor(crew, times),
        "moons": moons(crew, times),
        "rosenbrock": rosenbrock(crew, times),
        "gpt": gpt(crew, times),
        "growth": growth(crew, times),
        "imports": imports(times),
    }
    return results | {"versions": crew.versions, "absent": crew.absent}


def machine():
    """What the absolute times are of."""
    cpu = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            cpu = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), cpu)
    return {"cpu": cpu, "cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}


def chain(crew, times):
    """Nanoseconds a node, the collector off and on; after all have shown on a small graph that they find the same gradient."""
    names = [name for name in ENGINES if name != "numpy"]
    tried = crew.rounds("chain, check", [(n, n, "chain", {"n": 400, "state": "off"}) for n in names], 0)
    reference = tried["microgpt"]["check"]
    for name, entry in tried.items():
        if name != "floats" and not agree(entry["check"], reference):
            crew.absent[name] = f"computes other numbers: {entry['check'][:3]} instead of {reference[:3]}"
    found = {}
    for state in ("off", "on"):
        jobs = [(name, name, "chain", {"n": ENGINES[name].nodes, "state": state}) for name in names if name not in crew.absent]
        found[state] = crew.rounds(f"chain, collector {state}", jobs, times)
        for entry in found[state].values():
            entry["together"] = entry["forward"] + entry["backward"]
    return found


def agree(a, b):
    """Whether two checks are the same numbers but for rounding."""
    return len(a) == len(b) and all(abs(x - y) <= 1e-9 * max(abs(x), abs(y), 1e-9) for x, y in zip(a, b))


def memory(crew):
    """Bytes a node, each in a new process; ours over ten million nodes, in Python over one, peers over their own number."""
    found = {}
    for name, n in {"c": 10**7, "python": 10**6, "microgpt": 10**6, "micrograd": 10**6, "xad": 10**6}.items():
        found[name] = (n, lambda name=name, n=n: crew.fresh(name, "chain", "memory", n=n))
    for name in ("torch", "casadi", "mygrad", "hips", "jax"):
        n = ENGINES[name].nodes
        found[name] = (n, lambda name=name, n=n: crew.fresh(name, "chain", "memory", n=n))
    results = {}
    for name, (n, ask) in found.items():
        try:
            results[name] = {"n": n, **ask()}
        except Absent as reason:
            crew.absent.setdefault(name, str(reason))
    return results


def xor(crew, times):
    """Seconds for 10,000 epochs; the slow ones are given fewer, in proportion."""
    jobs = [
        ("c", "c", "xor", {"epochs": 10_000}),
        ("c, nn.fit", "c", "xor", {"epochs": 10_000, "variant": "nn_fit"}),
        ("python", "python", "xor", {"epochs": 1_000}),
        ("numpy", "numpy", "xor", {"epochs": 10_000}),
        ("micrograd", "micrograd", "xor", {"epochs": 500}),
        ("micrograd, collector on", "micrograd", "xor", {"epochs": 500, "state": "on"}),
        ("micrograd, sigmoid as one node", "micrograd", "xor", {"epochs": 500, "variant": "micrograd_sigmoid"}),
        ("c, collector on", "c", "xor", {"epochs": 10_000, "state": "on"}),
        ("limit", "limit", "xor", {"epochs": 10_000}),
        ("one neuron, numpy", "numpy", "xor", {"epochs": 10_000, "variant": "numpy_neuron"}),
        ("one neuron, c", "c", "xor", {"epochs": 10_000, "variant": "nn_neuron"}),
    ]
    return crew.rounds("XOR", jobs, times)


def moons(crew, times):
    """Milliseconds a step of 100: micrograd and the engine in Python take fewer in a round."""
    jobs = []
    for state in ("off", "on"):
        steps = {"c": 100, "python": 10, "micrograd": 3}
        jobs += [(f"{name}, {state}", name, "moons", {"steps": n, "state": state}) for name, n in steps.items()]
    return crew.rounds("moons", jobs, times)


def rosenbrock(crew, times):
    """Microseconds for value and gradient."""
    names = ("c", "python", "micrograd", "microgpt", "xad", "torch", "jax", "casadi", "hips")
    jobs = [(f"{name}, {n}", name, "rosenbrock", {"n": n}) for n in VARIABLES for name in names]
    return crew.rounds("Rosenbrock", jobs, times)


def gpt(crew, times):
    """Milliseconds a training step."""
    jobs = []
    for state in ("off", "on"):
        jobs += [
            (f"microgpt, {state}", "microgpt", "gpt", {"steps": 3, "state": state}),
            (f"c, {state}", "c", "gpt", {"steps": 20, "state": state}),
            (f"c whole, {state}", "c", "gpt", {"steps": 20, "state": state, "program": "whole"}),
            (f"python, {state}", "python", "gpt", {"steps": 3, "state": state}),
            (f"python whole, {state}", "python", "gpt", {"steps": 3, "state": state, "program": "whole"}),
        ]
    found = crew.rounds("GPT", jobs, times)
    return found | {"nodes": crew.worker("microgpt").call("workloads.gpt", "nodes")["nodes"]}


def growth(crew, times):
    """Seconds and bytes of ours in C against the number of nodes."""
    found = crew.rounds("growth", [(str(n), "c", "growth", {"n": n}) for n in GROWTH], times)
    for n in GROWTH[2:]:
        try:
            found[str(n)] |= crew.fresh("c", "growth", "memory", n=n)
        except Absent as reason:
            crew.absent.setdefault("c (growth)", str(reason))
    return found


def imports(times):
    """Milliseconds that `import` takes in a new process, without Python's own start."""
    times_of = {}
    for _ in range(max(times, 5)):
        for name, engine in ENGINES.items():
            try:
                python = python_for(name)
            except (RuntimeError, OSError):
                continue
            if engine.imports:
                found = _import_time(python, engine)
                if found is not None:
                    times_of.setdefault(name, []).append(found)
    return {name: {"imports": ENGINES[name].imports, "milliseconds": sorted(ts)[len(ts) // 2]} for name, ts in times_of.items()}


def _import_time(python, engine):
    path = f"sys.path.insert(0, {os.path.dirname(HERE)!r}); " if engine.imports == "autograd" else ""
    program = f"import sys, time; {path}t = time.process_time(); import {engine.imports}; print(time.process_time() - t)"
    done = subprocess.run(
        [python, "-I", "-c", program],
        check=False,
        capture_output=True,
        text=True,
        env=dict(os.environ) | dict(engine.variables),
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return None
    return float(done.stdout.split()[-1]) * 1e3
