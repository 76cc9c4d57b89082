"""A visitor who reads every page critically: one h1, a title, labels, a language, strict headers, no foreign host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from flask import Flask
from werkzeug.test import TestResponse

from accounts import signing_in
from accounts.models import User
from core import clock
from core.db import db

FORBIDDEN_IN_MARKUP = re.compile(
    rb"<script(?![^>]*\bsrc=)[^>]*>|\son\w+\s*=\s*[\"']|\sstyle\s*=|<style|=\s*[\"']\s*javascript:", re.I
)


class Page:
    """An answer that has been read through."""

    def __init__(self, visitor: Visitor, response: TestResponse) -> None:
        self.visitor = visitor
        self.response = response
        self.status = response.status_code
        self.path = response.request.full_path.rstrip("?")
        self.is_page = response.mimetype == "text/html" and bool(response.data)
        self.tree = lxml.html.fromstring(response.data.decode()) if self.is_page else None
        if self.is_page or self.status in (404, 403, 409, 422):
            audit(self.path, response.headers, response.data)

    def all(self, selector: str) -> list[Any]:
        assert self.tree is not None, f"{self.path} is no page"
        return list(self.tree.cssselect(selector))

    def one(self, selector: str) -> Any:
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} of {selector} on {self.path}"
        return found[0]

    def text(self, selector: str = "body") -> str:
        return " ".join(" ".join(element.text_content().split()) for element in self.all(selector))

    def link(self, words: str) -> Page:
        """Follow the first link with these words."""
        found = next((a for a in self.all("a") if words in " ".join(a.text_content().split())), None)
        assert found is not None, f"no link “{words}” on {self.path}"
        return self.visitor.get(found.get("href"))

    def submit(self, button: str, follow: bool = True, **fields: Any) -> Page:
        """Fill the form that has this button and press it; fields that are given replace what stands in them."""
        for form in self.all("form"):
            pressed = next((b for b in form.cssselect("button") if " ".join(b.text_content().split()) == button), None)
            if pressed is not None:
                return self._send(form, pressed, fields, follow)
        raise AssertionError(f"no button “{button}” on {self.path}")

    def _send(self, form: Any, button: Any, fields: dict[str, Any], follow: bool) -> Page:
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if button.get("name"):
            data[button.get("name")] = button.get("value")
        for name, value in fields.items():
            data[name] = value
        address = button.get("formaction") or form.get("action") or self.path
        if form.get("method", "get").lower() == "get":
            return self.visitor.get(address, query_string=data)
        answer = self.visitor.ask("post", address, data=data)
        return self.visitor.follow(answer) if follow else Page(self.visitor, answer)


def audit(path: str, headers: Mapping[str, str], markup: bytes) -> None:
    """What every page of ours must be, whatever it shows."""
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy, policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    if not markup.lstrip().startswith(b"<!doctype html>"):
        return
    assert not FORBIDDEN_IN_MARKUP.search(markup), FORBIDDEN_IN_MARKUP.search(markup)
    tree = lxml.html.fromstring(markup.decode())
    assert tree.get("lang") in ("en", "ru", "be"), "a page says its language"
    assert tree.cssselect("title")[0].text_content().strip(), "a page has a title"
    assert len(tree.cssselect("h1")) == 1, f"{len(tree.cssselect('h1'))} h1 on {path}"
    ids = [element.get("id") for element in tree.cssselect("[id]")]
    assert len(ids) == len(set(ids)), f"an id twice on {path}: {[i for i in ids if ids.count(i) > 1]}"
    for element in tree.cssselect("[src], [href], [action]"):
        if element.get("class") == "leave" and element.get("rel") == "noreferrer":
            continue  # the quick exit is a link to elsewhere; nothing is asked there before it is pressed
        for name in ("src", "href", "action"):
            host = urlsplit(element.get(name) or "").netloc.partition(":")[0]
            assert host in ("", "localhost", "127.0.0.1"), f"{path} asks a foreign host: {host}"
    for field in tree.cssselect("input, select, textarea"):
        assert _has_label(tree, field), f"no label for {lxml.html.tostring(field)} on {path}"
    for image in tree.cssselect("svg[role=img]"):
        assert image.cssselect("title") or image.get("aria-label"), f"a picture without words on {path}"


def _has_label(tree: Any, field: Any) -> bool:
    if field.get("type") == "hidden" or field.get("aria-label") or field.getparent().tag == "label":
        return True
    return bool(field.get("id") and tree.cssselect(f"label[for='{field.get('id')}']"))


class Visitor:
    """A browser: reads pages, follows links, fills forms, keeps cookies."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.client = app.test_client()
        self.headers = {"Accept-Language": language, "Accept": "text/html"}

    def sign_in(self, user: User) -> Visitor:
        """Be signed in as this member of staff, as after the sign-in page."""
        token = signing_in.start(user)
        db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """Send one request as the server would get it: apart from the test's own session, at the test's own time."""
        db.session.commit()
        apart = Context()
        apart.run(clock._pretended.set, clock._pretended.get())
        more.setdefault("headers", self.headers)
        answer: TestResponse = apart.run(getattr(self.client, method), path, **more)
        db.session.expire_all()
        return answer

    def get(self, path: str, **more: Any) -> Page:
        """Open a page, following redirects."""
        return self.follow(self.ask("get", path, **more))

    def follow(self, response: TestResponse) -> Page:
        steps = 0
        while response.status_code in (301, 302, 303):
            assert steps < 5, "too many redirects"
            steps += 1
            response = self.ask("get", response.headers["Location"])
        return Page(self, response)

    def csrf(self) -> str:
        """A token as a script on a page of ours would find it."""
        page = lxml.html.fromstring(self.ask("get", "/", follow_redirects=True).data.decode())
        return str(page.cssselect("input[name=csrf_token]")[0].get("value"))

    def post(self, path: str, **fields: Any) -> Page:
        """Press a button that no page shows us; what comes back is not followed."""
        data = {"csrf_token": self.csrf(), **fields}
        return Page(self, self.ask("post", path, data=data))

    def post_json(self, path: str, body: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.csrf(), "Accept": "application/json"}
        return self.ask("post", path, json=body, headers=headers)
