"""Three languages, always: catalogues are complete, fresh, and keep every placeholder."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from core.config import CHECKOUT

PYBABEL = CHECKOUT / ".venv" / "bin" / "pybabel"
UNSAID = {".venv", "node_modules", "tests", "bench", "var", "migrations", "script"}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|%%")


def catalogue(language: str) -> Catalog:
    path = CHECKOUT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every text of the code, collected as script/translations does."""
    pot = tmp_path_factory.mktemp("pot") / "messages.pot"
    command = [str(PYBABEL), "-q", "extract", "-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "-o", str(pot), "."]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    with pot.open("rb") as file:
        return {_key(message.id) for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", ["ru", "be"])
def test_a_catalogue_holds_what_the_code_says_and_nothing_else(language: str, texts: set[str]) -> None:
    known = {_key(message.id) for message in catalogue(language) if message.id}
    assert not texts - known, "run script/translations and translate what is new"
    assert not known - texts, "run script/translations: these are said nowhere any more"


def test_texts_are_collected_from_every_package() -> None:
    collected = (CHECKOUT / "babel.cfg").read_text()
    for package in {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - UNSAID:
        assert f"[python: {package}/**.py]" in collected, package


def test_no_text_hides_where_it_is_not_collected() -> None:
    """What is said inside an f-string is not seen by who collects the texts."""
    hidden = re.compile(r"""\bf(["'])(?:(?!\1).)*\{(?:_|_l|gettext|ngettext|lazy_gettext)\(""")
    sources = [path for path in CHECKOUT.glob("*/**/*.py") if path.parts[len(CHECKOUT.parts)] not in UNSAID]
    assert len(sources) > 150
    for path in sources:
        found = hidden.search(path.read_text())
        assert not found, f"{path.relative_to(CHECKOUT)}: {found}"


@pytest.mark.parametrize("language", ["ru", "be"])
def test_everything_is_translated_with_all_plurals_and_placeholders(language: str) -> None:
    found = catalogue(language)
    assert found.num_plurals == 3
    for message in found:
        if not message.id:
            continue
        singular = _key(message.id)
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), f"not translated: {singular}"
        assert "fuzzy" not in message.flags, singular
        assert len(strings) == (3 if isinstance(message.id, tuple) else 1), singular
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        for text in strings:
            assert set(PLACEHOLDER.findall(text)) == wanted, f"{singular} → {text}"


@pytest.mark.parametrize(("language", "foreign"), [("ru", "іўІЎ"), ("be", "ищъИЩЪ")])
def test_each_language_uses_its_own_letters(language: str, foreign: str) -> None:
    for message in catalogue(language):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert not set(text) & set(foreign), text


def test_no_page_holds_words_that_are_not_translated() -> None:
    """Between tags of our templates stands nothing but expressions, numbers and marks."""
    allowed = re.compile(r"^[\s\W\d_]*$|^(PDF|№|nbsp|QR|XLSX|GIFT)[\s\W]*$")
    for path in sorted((CHECKOUT / "templates").rglob("*.html")):
        markup = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", path.read_text(), flags=re.S)
        markup = re.sub(r"<(script|style|svg).*?</\1>", " ", markup, flags=re.S)
        for words in re.findall(r">([^<]+)<", markup):
            assert allowed.match(words.replace("&nbsp;", " ").strip()), (
                f"{path.relative_to(CHECKOUT)}: {words.strip()!r}"
            )


def _key(message_id: str | tuple[str, ...]) -> str:
    return message_id[0] if isinstance(message_id, tuple) else message_id


def test_the_catalogues_are_where_the_application_looks() -> None:
    assert sorted(path.name for path in Path(CHECKOUT / "translations").iterdir()) == ["be", "ru"]
