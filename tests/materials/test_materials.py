"""Materials: who may open them, versions, counts without identity, and files under neutral names."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core.config import CHECKOUT
from core.db import db
from materials import cleaning, counts, typesetting, versions
from materials.counts import Uses
from materials.models import Audience, FileKind, FileUse, Material, MaterialFile, Use
from participants import registration, roster
from tests import make
from tests.pages import Visitor
from tests.papers import pages_of, text_of


def a_file(words: str = "one") -> cleaning.CleanFile:
    return cleaning.CleanFile(FileKind.PDF, f"%PDF-1.4 {words}".encode())


def opened(visitor: Visitor, path: str, method: str = "get", **headers: str) -> Any:
    """Ask for a file and read it to its end, as a browser does; then it counts."""
    answer = visitor.ask(method, path, headers=visitor.headers | headers)
    answer.close()
    return answer


def uses(material: Material) -> Uses:
    return counts.of(material).get("ru", Uses())


def test_a_manager_adds_a_material_and_its_file(manager: Visitor) -> None:
    page = manager.get(f"/programmes/{make.programme().uid}/materials").link("New material")
    page = page.submit("Save", **{"title-en": "", "copies_planned": "3000"})
    assert page.status == 422 and "one language" in page.text(".error")
    page = page.submit("Save", **{"title-en": "Rights", "title-ru": "Права", "audience": "staff"})
    assert page.text("h1") == "Rights" and "Staff only" in page.text("dl") and "0 of 3,000 (0 %)" in page.text(".far")
    content = typesetting.pdf_of("# Rights\n\nWords.")
    page = page.submit("Upload", language="en", file=(io.BytesIO(content), "Ivan's secret draft.pdf"))
    assert "is there" in page.text(".notice") and "draft" not in page.text()
    answer = manager.ask("get", page.all("tbody a")[0].get("href"))
    assert answer.headers["Content-Disposition"] == 'inline; filename="brochure-en.pdf"'
    assert answer.headers.getlist("Cache-Control") == ["no-store"]
    page = page.submit("Upload", language="en", file=(io.BytesIO(b"MZ"), "brochure.pdf"))
    assert page.status == 422 and "By its content" in page.text(".notice")
    page = page.link("Change").submit("Save", audience="public", **{"title-be": "Правы"})
    assert "Anybody who has its link" in page.text("dl") and "/m/" in page.text(".qr-and-link")


def test_a_file_too_large_is_refused_in_a_sentence(manager: Visitor) -> None:
    material, megabyte = make.material(), 1024 * 1024
    page = manager.get(f"/materials/{material.uid}")
    page = page.submit("Upload", file=(io.BytesIO(b"%PDF-" + bytes(25 * megabyte)), "a.pdf"))
    assert page.status == 422 and "larger than 25 MB" in page.text(".notice")
    data = {"csrf_token": manager.csrf(), "file": (io.BytesIO(bytes(27 * megabyte)), "a.pdf")}
    assert manager.ask("post", f"/materials/{material.uid}/files", data=data).status_code == 413


def test_one_version_is_current_and_an_older_one_can_be_again(app: Flask) -> None:
    material = make.material()
    first = material.files[0]
    second = versions.add(material, "ru", a_file("two"))
    assert (second.number, material.current_in("ru"), len(material.versions)) == (2, second, 2)
    with pytest.raises(versions.SameFile):
        versions.add(material, "ru", a_file("two"))
    versions.restore(first)
    assert material.current_in("ru") is first
    assert versions.add(material, "ru", a_file("three")).number == 3
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.update(MaterialFile).values(is_current=True))


def test_what_is_taken_back_is_read_by_staff_only(manager: Visitor) -> None:
    material = make.material(audience="public")
    page = manager.get(f"/materials/{material.uid}").submit("Take back")
    assert "readers see nothing" in page.text()
    assert manager.ask("get", f"/m/{material.uid}").status_code == 404
    assert manager.ask("get", page.all("details a")[0].get("href")).status_code == 200
    page.submit("Let people open this one")
    assert manager.ask("get", f"/m/{material.uid}").status_code == 200


@pytest.mark.parametrize("audience", Audience)
def test_who_may_open_a_material(app: Flask, audience: Audience) -> None:
    material, place = make.material(audience=audience), make.registration(make.event())
    file, token = material.files[0], roster.personal_token(place.participant)
    db.session.commit()
    reader, path = Visitor(app), f"/p/{token}/materials/{file.uid}"
    is_listed = str(material.title) in reader.get(f"/p/{token}").text()
    may_with_place = reader.ask("get", path).status_code == 200
    registration.cancel(place)
    may_without = reader.ask("get", path).status_code == 200
    may_anybody = [reader.ask("get", f"/m/{material.uid}{more}").status_code == 200 for more in ("", "/ru")]
    open_to_people, open_to_all = audience != Audience.STAFF, audience == Audience.PUBLIC
    assert (is_listed, may_with_place) == (open_to_people, open_to_people)
    assert (may_without, may_anybody) == (open_to_all, [open_to_all] * 2)
    assert reader.ask("get", f"/material-files/{file.uid}").status_code == 303


def test_a_page_of_yesterday_leads_to_the_file_of_today(app: Flask) -> None:
    material, place = make.material(), make.registration(make.event())
    path = f"/p/{roster.personal_token(place.participant)}/materials/{material.files[0].uid}"
    versions.add(material, "ru", a_file("corrected"))
    assert Visitor(app).ask("get", path).data == a_file("corrected").content


def test_openings_are_counted_without_identity_and_only_of_readers(app: Flask, manager: Visitor) -> None:
    material = make.material(audience="public")
    path, reader = f"/m/{material.uid}/ru", Visitor(app)
    assert opened(reader, path).headers["Content-Disposition"].startswith("inline")
    opened(reader, path)
    saved = opened(reader, f"{path}?save=1")
    assert saved.headers["Content-Disposition"] == "attachment; filename=brochure-ru.pdf"
    assert uses(material) == Uses(opened=2, saved=1)
    opened(reader, path, "head")
    opened(reader, path, **{"User-Agent": "TelegramBot (like TwitterBot)"})
    opened(reader, path, **{"User-Agent": "WhatsApp/2.23.20"})
    opened(reader, path, **{"Sec-Purpose": "prefetch;prerender"})
    opened(manager, path)
    piece = opened(reader, path, Range="bytes=5-8")
    assert (piece.status_code, piece.data) == (206, b"1.4 ")
    assert opened(reader, f"/m/{material.uid}").status_code == 200
    assert uses(material) == Uses(opened=2, saved=1)
    assert set(FileUse.__table__.columns.keys()) == {"file_id", "on_day", "what", "number"}
    assert opened(reader, path, **{"If-None-Match": saved.headers["ETag"]}).status_code == 304


def test_a_number_that_cannot_be_written_troubles_nobody(app: Flask) -> None:
    material = make.material()
    today = material.programme.today()
    db.session.commit()
    counts.count(-1, Use.OPENED, today)
    assert uses(material) == Uses()


def test_a_material_is_published_once_and_counts(manager: Visitor) -> None:
    material = make.material(kind="guide")
    page = manager.get(f"/materials/{material.uid}").submit("Publish", published_on="2027-05-14")
    assert "published on 14 May 2027" in page.text()
    assert "Publish" not in [button.text_content() for button in page.all("button")]


@pytest.mark.parametrize(
    "path", sorted((CHECKOUT / "programmes").glob("*/*.md")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_our_texts_become_pdfs_with_every_word(path) -> None:
    source = path.read_text()
    content = typesetting.pdf_of(source)
    words = text_of(content).replace(" ", "").replace("\u00ad", "").replace("-", "")
    for heading in [line.lstrip("# ") for line in source.splitlines() if line.startswith("#")]:
        assert heading.replace(" ", "").replace("-", "") in words, heading
    assert 1 <= pages_of(content) <= 12
