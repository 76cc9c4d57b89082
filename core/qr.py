"""QR codes as a grid of squares, drawn by whoever needs them: as path runs in a PDF, as one path in SVG."""

from __future__ import annotations

from collections.abc import Iterator

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

# Any mask gives a valid symbol; trying all eight for the prettiest is three quarters of the work.
MASK = 2
QUIET = 4  # modules of white around a symbol that readers need


def runs(text: str, *, sturdy: bool = True) -> tuple[int, Iterator[tuple[int, int, int]]]:
    """(size in modules, runs of dark modules as (row, first column, length)) of a text's QR code.

    `sturdy` spends more of the symbol on error correction (25 % instead of 15 %).
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q if sturdy else ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    return len(code.modules), _runs(code.modules)


def svg_path(text: str) -> tuple[int, str]:
    """(size in modules, path data) for an inline SVG, quiet zone included."""
    size, dark = runs(text)
    path = "".join(f"M{column + QUIET} {row + QUIET}h{length}v1h-{length}z" for row, column, length in dark)
    return size + 2 * QUIET, path


def _runs(modules: list[list[bool | None]]) -> Iterator[tuple[int, int, int]]:
    for row, line in enumerate(modules):
        column = 0
        while column < len(line):
            start = column
            while column < len(line) and line[column]:
                column += 1
            if column > start:
                yield row, start, column - start
            column += 1
