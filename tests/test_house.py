"""The house keeps its rules: who may import whom, what stands where, what every route says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app as application
from core.config import CHECKOUT, Settings

STEPS = {
    "core": 0, "privacy": 1, "accounts": 2, "trainings": 3, "participants": 4, "door": 5, "places": 5,
    "materials": 6, "quizzes": 6, "feedback": 6, "monitoring": 6, "indicators": 7, "certificates": 7,
    "messages": 8, "upkeep": 9, "founding": 9,
}  # fmt: skip
EDGES = {"views", "public", "api", "cli", "jobs"}
ACTIVITY_NEVER = {"request", "session", "flash"}
PERSONAL = re.compile(r"\b(name|full|email|phone|called|notes|remark)\b")


def sources() -> list[Path]:
    return [path for package in STEPS for path in sorted((CHECKOUT / package).rglob("*.py"))]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def is_edge(path: Path) -> bool:
    return path.stem in EDGES or path.parent.name in EDGES


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """(statement, module of ours) of every import of our own code, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.split(".")[0] in STEPS:
                yield node, node.module
                for alias in node.names:
                    if (CHECKOUT / node.module.replace(".", "/") / f"{alias.name}.py").exists():
                        yield node, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names if alias.name.split(".")[0] in STEPS)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_file_stands_where_it_may(path: Path) -> None:
    package = path.relative_to(CHECKOUT).parts[0]
    tree = tree_of(path)
    for node, module in imports(tree):
        other = module.split(".")[0]
        leaf = module.split(".")[1] if "." in module else ""
        assert leaf not in EDGES, f"line {node.lineno}: only edges.py imports edges ({module})"
        if not is_edge(path) and other != package:
            assert STEPS[other] < STEPS[package], f"line {node.lineno}: {package} may not import {module}"
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [module for _node, module in imports(function)]
            assert not inner, f"{function.name} imports {inner} inside: ownership is wrong"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_file_keeps_to_its_kind(path: Path) -> None:
    tree, text = tree_of(path), path.read_text()
    docstring = ast.get_docstring(tree)
    assert docstring, "a module begins by saying what it is for"
    assert text.count("\n") <= 400, "more than 400 lines"
    assert path.stem not in ("utils", "helpers", "common", "misc")
    if path.name == "__init__.py":
        assert len(tree.body) == 1, "an __init__.py holds one docstring"
        return
    names = {
        alias.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "flask" for alias in n.names
    }
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    owns_commits = is_edge(path) or path.parent.name in ("founding", "core")
    if not is_edge(path) and path.parent.name not in ("core",) and path.name != "access.py":
        assert not names & ACTIVITY_NEVER, f"an activity knows nothing of {names & ACTIVITY_NEVER}"
    commits = [call for call in calls if call.func.attr == "commit" and "session" in ast.unparse(call.func)]
    if not owns_commits and path.name != "signing_in.py":  # a refused sign-in is counted although nothing else is kept
        assert not commits, "activities flush, edges commit"
    if path.name == "models.py":
        assert not names, "models know nothing of Flask"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_nothing_personal_is_logged_or_represented(path: Path) -> None:
    tree = tree_of(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and "logger" in ast.unparse(node.func):
            assert not PERSONAL.search(" ".join(ast.unparse(argument) for argument in node.args[1:])), ast.unparse(node)
        if isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "__str__") and path.name == "models.py":
            assert not PERSONAL.search(ast.unparse(node).replace("__name__", "")), f"{node.name} in {path}"


def test_views_are_short() -> None:
    for path in sources():
        if not is_edge(path):
            continue
        for function in ast.walk(tree_of(path)):
            if isinstance(function, ast.FunctionDef) and function.decorator_list and function.end_lineno:
                statements = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
                assert statements <= 15, f"{path.name}: {function.name} has {statements} statements"


def test_public_routes_stand_in_public_files_only() -> None:
    for path in sources():
        for function in ast.walk(tree_of(path)):
            if isinstance(function, ast.FunctionDef):
                marks = {ast.unparse(decorator).split("(")[0] for decorator in function.decorator_list}
                is_route = any(mark.startswith("edge.") and mark != "edge.command" for mark in marks)
                if path.stem == "public" and is_route:
                    assert "open_to_anyone" in marks, f"{function.name} in {path} is not open"
                elif is_route:
                    assert "requires" in marks, f"{function.name} in {path} has no guard"


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list:
    app = application.create_app(Settings(home=tmp_path_factory.mktemp("house")))
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_addresses_are_kebab_case_with_typed_parameters(routes: list) -> None:
    for rule in routes:
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule
        assert all(":" in parameter for parameter in re.findall(r"<([^>]+)>", rule.rule)), rule.rule


def test_a_template_uses_layouts_components_and_its_own_folder() -> None:
    folder = CHECKOUT / "templates"
    for path in folder.rglob("*.html"):
        own = path.relative_to(folder).parts[0]
        for used in re.findall(r'{%-?\s*(?:extends|include|import|from)\s+"([^"]+)"', path.read_text()):
            assert used.split("/")[0] in ("layouts", "components", own), f"{path.name} uses {used}"
