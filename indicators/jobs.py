"""What was removed of the evidence is deleted, also where the server was stopped right after the removal."""

from __future__ import annotations

from core.queue import queue
from indicators import documents


@queue.every(minute="40", hour="*")
def delete_removed_evidence() -> None:
    documents.delete_removed()
