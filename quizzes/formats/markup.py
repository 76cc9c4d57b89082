"""Text as it was marked up, HTML or Markdown or Moodle's mixture, made plain for a phone."""

from __future__ import annotations

import html
import re
from enum import StrEnum

from flask_babel import LazyString

from quizzes.formats import remarks

_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_TAGGED = re.compile(r"\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SEVERAL_LANGUAGES = re.compile(r"""\bclass\s*=\s*["']?multilang\b|\{mlang\s""", re.IGNORECASE)
_MEDIA = {"img", "audio", "video", "iframe", "object", "embed", "svg", "canvas"}
_HIDDEN = {"script", "style", "head", "title"}
_BLOCKS = _HIDDEN | set(
    re.findall(
        r"\w+",
        "p div br hr li ul ol dl dt dd tr table blockquote pre section article figure h1 h2 h3 h4 h5 h6",
    )
)
# In a text that may be HTML or not, only these are taken for HTML; “List<Person>” is not.
_KNOWN = (
    _BLOCKS
    | _MEDIA
    | set(
        re.findall(
            r"\w+",
            "a abbr b big center cite code del em font i ins kbd q s small span strike strong sub sup td th tbody "
            "thead tfoot caption col colgroup tt u mark source figcaption nolink",
        )
    )
) - {"object"}
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


class Markup(StrEnum):
    MOODLE = "moodle"  # lines count, and tags may stand between
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"


def clean(text: str) -> str:
    """A text without what no text holds: control characters, marks of the byte order, halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n").replace("\t", " ")
    return _NEVER.sub("", text)


def tagged(text: str, usual: Markup) -> tuple[str, Markup]:
    """A text without the `[html]` and its like before it, and the markup that it names or else the usual one."""
    tag = _TAGGED.match(text)
    return (text[tag.end() :], Markup(tag[1].lower())) if tag else (text, usual)


def without_comments(text: str) -> str:
    """HTML or XML without its comments; one that never ends stays."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]]) if parts else text


def told(text: str, markup: Markup) -> tuple[str, list[LazyString]]:
    """A text as it reads, and what was lost on the way."""
    lost = [remarks.SEVERAL_LANGUAGES] if _SEVERAL_LANGUAGES.search(text) else []
    if markup == Markup.HTML:
        plain, has_media = _without_tags(" ".join(text.split()), is_html=True)
    elif markup == Markup.MOODLE and ("<" in text or "&" in text):
        plain, has_media = _without_tags(text, is_html=False)
        if not plain and not has_media:  # “<br>” may be what somebody asks about
            plain = text
    elif markup == Markup.MARKDOWN:
        plain, has_media = _without_marks(text)
    else:
        plain, has_media = text, False
    plain = clean(plain).strip()
    lost += [remarks.PICTURE] if has_media else []
    lost += [remarks.UNREADABLE] if "\ufffd" in plain else []
    return plain, lost


def _without_tags(text: str, *, is_html: bool) -> tuple[str, bool]:
    """The text between the tags, and whether there were pictures; blocks begin new lines."""
    parts: list[str] = []
    has_media, hidden, at = False, "", 0
    text = without_comments(text)
    for tag in _TAG.finditer(text):
        name, is_end = tag[2].lower(), bool(tag[1])
        if not is_html and name not in _KNOWN:
            continue
        if not hidden:
            parts.append(text[at : tag.start()])
        at = tag.end()
        if name in _HIDDEN:
            hidden = "" if is_end and hidden == name else hidden or ("" if is_end else name)
        elif hidden:
            continue
        elif name in _MEDIA:
            has_media = True
            alt = _ALT.search(tag[3])
            parts.append((alt[1] or alt[2] or "") if alt else "")
        elif name in _BLOCKS:
            parts.append("\n")
        elif name in ("sub", "sup"):
            parts.append(f"\x00{name if not is_end else ''}\x01")
        elif name in ("td", "th"):
            parts.append(" ")
    if not hidden:
        parts.append(text[at:])
    plain = html.unescape("".join(parts)).replace("\u00a0", " ")
    if len(parts) > 1 or is_html:
        plain = "\n".join(line for line in (" ".join(line.split()) for line in plain.split("\n")) if line)
    return _with_small_figures(plain), has_media


def _with_small_figures(text: str) -> str:
    """Raised and lowered figures as their own characters, so that 10² does not become 102."""
    parts = re.split("\x00(sub|sup|)\x01", text)
    told_parts, how = [parts[0]], ""
    for mark, part in zip(parts[1::2], parts[2::2], strict=True):
        how = mark
        if how == "sup":
            raised = part.translate(_RAISED)
            told_parts.append(raised if re.fullmatch("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]*", raised) else f"^{part}")
        elif how == "sub":
            lowered = part.translate(_LOWERED)
            told_parts.append(lowered if re.fullmatch("[₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎]*", lowered) else f"_{part}")
        else:
            told_parts.append(part)
    return "".join(told_parts)


def _without_marks(text: str) -> tuple[str, bool]:
    """Markdown without its commonest marks; the rest stays as it was written."""
    plain, pictures = re.subn(r"!\[([^\[\]\n]*)\]\([^()\n]*\)", r"\1", text)
    plain = re.sub(r"\[([^\[\]\n]+)\]\(([^()\s]*)\)", r"\1 (\2)", plain)
    plain = re.sub(r"(?m)^#{1,6}[ ]+", "", plain)
    plain = re.sub(r"(\*\*|__)(?=\S)([^*_\n]+)(?<=\S)\1", r"\2", plain)
    plain = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])", r"\1", plain)
    plain = re.sub(r"`([^`\n]+)`", r"\1", plain)
    plain, has_media = _without_tags(plain, is_html=False)
    return plain, has_media or pictures > 0
