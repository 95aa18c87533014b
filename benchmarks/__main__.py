"""`python -m benchmarks`: all engines in one interleaved run; prints the tables and writes them to docs/.

    python -m benchmarks                    # measure, and write docs/benchmarks.md, docs/benchmarks/DATE.json and .svg
    python -m benchmarks --rounds 1 --dry   # a look: one round, print only
    python -m benchmarks --from FILE.json   # write the page and the picture again from results

Environments of the peers are made in benchmarks/.peers on the first run.
"""

import argparse
import json
import os

from benchmarks.driver import Crew
from benchmarks.measurements import everything
from benchmarks.panels import drawn
from benchmarks.peers import HERE
from benchmarks.report import document, sections

DOCS = os.path.join(os.path.dirname(HERE), "docs")


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="All engines in one interleaved run.")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of which figures are the median (default: 7)")
    parser.add_argument("--dry", action="store_true", help="print only, write nothing")
    parser.add_argument("--from", dest="file", help="results of an earlier run, to be written out again")
    options = parser.parse_args()
    if options.file:
        with open(options.file, encoding="utf-8") as file:
            results = json.load(file)
    else:
        crew = Crew()
        try:
            results = everything(crew, options.rounds)
        finally:
            crew.close()
    for title, text in sections(results):
        print(f"\n{title}\n\n{text}")
    if not options.dry:
        write(results)


def write(results):
    """The page, the results and the picture."""
    folder = os.path.join(DOCS, "benchmarks")
    os.makedirs(folder, exist_ok=True)
    for path, text in {
        os.path.join(folder, f"{results['date']}.json"): json.dumps(results, indent=1, ensure_ascii=False) + "\n",
        os.path.join(folder, f"{results['date']}.svg"): drawn(results),
        os.path.join(DOCS, "benchmarks.md"): document(results, f"benchmarks/{results['date']}.svg"),
    }.items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
