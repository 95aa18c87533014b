"""The process of one engine: reads requests, a line of JSON each, and answers each with one.

    {"workload": "chain", "function": "measure", "arguments": {…}}  →  {"result": …} or {"error": "…"}

It is started by path and in isolation (`python -I worker.py`), so that an environment in which `autograd` is another project's
package finds that one, and not ours beside this file. The trick is to make the package `benchmarks` known by hand.
"""

import json
import os
import sys
import threading
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location


def know_benchmarks():
    """Make `import benchmarks` work without its folder on the path."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = spec_from_file_location("benchmarks", os.path.join(here, "__init__.py"), submodule_search_locations=[here])
    sys.modules["benchmarks"] = package = module_from_spec(spec)
    spec.loader.exec_module(package)


def answer(request):
    """The answer to one request."""
    try:
        workload = import_module(f"benchmarks.{request['workload']}")
        return {"result": getattr(workload, request["function"])(**request["arguments"])}
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is reported
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}


def serve():
    """Until the driver closes the pipe. What engines print goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    know_benchmarks()
    # micrograd and its like recurse over the graph: give them the stack.
    sys.setrecursionlimit(10**7)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
