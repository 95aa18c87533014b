"""Asks the engines' processes in turn, one at a time, round after round: a busy moment of the machine hits all alike."""

import json
import os
import statistics
import subprocess
import sys

from benchmarks.peers import ENGINES, HERE, python_for


class Absent(Exception):  # noqa: N818 - it is raised as a finding
    """An engine that cannot be measured, with the reason."""


class Worker:
    """The process of one engine."""

    def __init__(self, name):
        try:
            python = python_for(name)
        except (RuntimeError, OSError) as error:
            raise Absent(f"cannot be installed: {error}") from None
        environment = {k: v for k, v in os.environ.items() if k != "AUTOGRAD_PURE_PYTHON"} | dict(ENGINES[name].variables)
        self.name = name
        self.process = subprocess.Popen(
            [python, "-I", os.path.join(HERE, "worker.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            env=environment,
        )  # fmt: skip

    def ask(self, workload, function, **arguments):
        """The result of a function of `benchmarks.workloads.<workload>`, called in that process."""
        return self.call(f"workloads.{workload}", function, engine=self.name, **arguments)

    def call(self, module, function, **arguments):
        """The result of a function of `benchmarks.<module>`, called in that process. Raises `Absent` if it fails."""
        request = {"workload": module, "function": function, "arguments": arguments}
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError as error:
            raise Absent(f"its process has ended: {error}") from None
        if not line:
            raise Absent(f"its process has ended with code {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise Absent(answer["error"])
        return answer["result"]

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


class Crew:
    """The workers of a run, started when they are first asked, and who is absent, with the reason."""

    def __init__(self, log=sys.stderr):
        self.workers, self.absent, self.versions, self.log = {}, {}, {}, log

    def worker(self, name):
        """The worker of an engine. Raises `Absent`."""
        if name in self.absent:
            raise Absent(self.absent[name])
        if name not in self.workers:
            try:
                self.workers[name] = worker = Worker(name)
                if name != "numpy":
                    self.versions[name] = worker.call("engines", "version", name=name)
            except Absent as reason:
                self.absent[name] = str(reason)
                raise
        return self.workers[name]

    def rounds(self, title, jobs, times):
        """Run each job `times` times, all of them in turn; {key: {figure: median, …, "rounds": [answer, …], "check": […]}}.

        A job is (key, engine, workload, arguments). One that fails is left out, and noted as absent. A first round is not
        counted: in it caches fill, code warms up and processes get their memory.
        """
        found = {}
        for i in range(times + 1):
            print(f"\r{title}: round {i} of {times}   ", end="", file=self.log, flush=True)
            for key, engine, workload, arguments in jobs:
                if i and key not in found:
                    continue
                try:
                    answer = self.worker(engine).ask(workload, "measure", **arguments)
                except Absent as reason:
                    if engine not in self.absent:
                        self.absent[f"{key} ({title})"] = str(reason)
                    found.pop(key, None)
                    continue
                entry = found.setdefault(key, {"engine": engine, **arguments, "rounds": []})
                entry["check"] = answer.pop("check", [])
                if i or not times:
                    entry["rounds"].append(answer)
        print(file=self.log)
        for entry in found.values():
            for figure in entry["rounds"][0]:
                entry[figure] = statistics.median(answer[figure] for answer in entry["rounds"])
        return found

    def fresh(self, name, workload, function, **arguments):
        """One question to a new process of this engine, which ends with the answer. Raises `Absent`."""
        self.worker(name)
        worker = Worker(name)
        try:
            return worker.ask(workload, function, **arguments)
        finally:
            worker.close()

    def close(self):
        """End all processes."""
        for worker in self.workers.values():
            worker.close()
