"""The library that reads and writes workbooks, loaded when there is one: it is memory that nothing else needs."""

from __future__ import annotations

import sys
from decimal import Decimal
from types import ModuleType
from typing import Any


def library() -> Any:
    """openpyxl. It would load NumPy where that is installed, to know its kinds of numbers: twice its own memory, and no
    table of ours holds such a number. So the one small module of it that looks for NumPy is given to it ready-made."""
    if "openpyxl" not in sys.modules:
        numbers = ModuleType("openpyxl.compat.numbers")
        vars(numbers).update(NUMERIC_TYPES=(int, float, Decimal), NUMPY=False)
        sys.modules.setdefault(numbers.__name__, numbers)
    import openpyxl

    return openpyxl
