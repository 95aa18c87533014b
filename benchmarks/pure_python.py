"""The pure-Python engine against micrograd alone: nanoseconds a node, in half a minute.

    python -m benchmarks.pure_python

A part of `python -m benchmarks`: the same chain, the same processes, the same goals.
"""

from benchmarks.driver import Crew

GOALS = {"off": 2.5, "on": 12.0}


def report(n=200_000):
    """Print both tables."""
    crew = Crew()
    try:
        for state, goal in GOALS.items():
            jobs = [(name, name, "chain", {"n": n, "state": state}) for name in ("micrograd", "python")]
            found = crew.rounds(f"chain, collector {state}", jobs, 3)
            print(f"\ncollector {state}, {n:,} nodes; ns a node, median of 3")
            for name, entry in found.items():
                entry["together"] = entry["forward"] + entry["backward"]
                parts = ", ".join(f"{part} {entry[part]:.0f}" for part in ("forward", "backward", "together"))
                print(f"  {name:10} {parts}")
            for name, reason in crew.absent.items():
                print(f"  {name} is absent: {reason}")
            if len(found) == len(jobs):
                ratio = found["micrograd"]["together"] / found["python"]["together"]
                print(f"  ratio {ratio:.1f} (goal: at least {goal})")
    finally:
        crew.close()


if __name__ == "__main__":
    report()
