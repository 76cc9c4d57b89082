"""A phone that sends and sends, a process of its own: what to send comes on standard input, what came back goes out."""

from __future__ import annotations

import http.client
import json
import sys
from collections import Counter


def main() -> None:
    task = json.load(sys.stdin)
    connection = http.client.HTTPConnection("127.0.0.1", task["port"], timeout=60)
    found: Counter[str] = Counter()
    for body in task["bodies"]:
        connection.request("POST", task["path"], json.dumps(body), task["headers"])
        response = connection.getresponse()
        content = response.read()
        found[str(response.status)] += 1
        if response.status == 200:
            found.update(answer["outcome"] for answer in json.loads(content)["answers"])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
