"""`script/attack`: publish random programmes, solve what was published, and fail if a small group was narrowed."""

from __future__ import annotations

import argparse
import sys

from tests.attack.playing import play


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/attack", description=__doc__)
    parser.add_argument("--programmes", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first; the next have the next")
    options = parser.parse_args()
    report = play(range(options.seed, options.seed + options.programmes))
    print(*report.lines(), *report.narrowed, sep="\n")
    return 1 if report.narrowed else 0


if __name__ == "__main__":
    sys.exit(main())
