"""The floor: a bare Flask view behind the same server. No sign-in, no ORM, no audit, no languages.

It looks a token up by index, inserts first-wins and commits (SQLite, WAL, synchronous=FULL), or shows one row.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

from flask import Flask, jsonify, request

here = threading.local()
writer = threading.Lock()
PAGE = "<!doctype html><html lang=en><title>Page</title><h1>{}</h1><p>{}</p></html>"


def connection() -> sqlite3.Connection:
    if not hasattr(here, "connection"):
        here.connection = sqlite3.connect(os.environ["FLOOR_DATABASE"], isolation_level=None, timeout=15)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            here.connection.execute(f"PRAGMA {pragma}")
    return here.connection


def create_app() -> Flask:
    app = Flask(__name__)

    @app.post("/check-in/<int:session>")
    def check_in(session: int) -> Any:
        token = request.get_json()["scans"][0]["code"]
        with writer:
            database = connection()
            database.execute("BEGIN IMMEDIATE")
            person = database.execute("SELECT id FROM people WHERE token = ?", (token,)).fetchone()
            inserted = database.execute("INSERT OR IGNORE INTO presences VALUES (?, ?)", (person[0], session)).rowcount
            database.execute("COMMIT")
        return jsonify(answers=[{"outcome": "in" if inserted else "already_in"}])

    @app.post("/quiz")
    def take_quiz() -> Any:
        with writer:
            database = connection()
            database.execute("BEGIN IMMEDIATE")
            attempt = database.execute("INSERT INTO attempts DEFAULT VALUES").lastrowid
            rows = [(attempt, name, value) for name, value in request.form.items(multi=True)]
            database.executemany("INSERT INTO answers VALUES (?, ?, ?)", rows)
            database.execute("COMMIT")
        return jsonify(outcome="submitted")

    @app.get("/page/<token>")
    def page(token: str) -> Any:
        row = connection().execute("SELECT id, token FROM people WHERE token = ?", (token,)).fetchone()
        return PAGE.format(*row)

    return app


def prepare(path: str, tokens: list[str]) -> None:
    """A database of the floor's with these people in it."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, token TEXT UNIQUE)")
    database.execute("CREATE TABLE presences (person INTEGER, session INTEGER, UNIQUE (person, session))")
    database.execute("CREATE TABLE attempts (id INTEGER PRIMARY KEY)")
    database.execute("CREATE TABLE answers (attempt INTEGER, question TEXT, chosen TEXT)")
    database.executemany("INSERT INTO people (token) VALUES (?)", [(token,) for token in tokens])
    database.commit()
    database.close()
