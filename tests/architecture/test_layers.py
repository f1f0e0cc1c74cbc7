"""The house keeps its form: imports one way, the same names everywhere, rooms of a size one can look over."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = HOUSE / "consult"
LONGEST_MODULE, LONGEST_FUNCTION = 330, 45


def modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_imports_point_one_way():
    """The layers of the contract in pyproject.toml, checked by import-linter."""
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_nothing_is_imported_inside_a_function():
    hidden = [
        f"{named(path)}:{inner.lineno}"
        for path in modules() for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_a_package_holds_one_docstring_and_nothing_else():
    for path in PACKAGE.rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert [named(path), len(tree.body), bool(ast.get_docstring(tree))] == [named(path), 1, True]


def test_models_queries_and_services_know_no_request_and_never_commit():
    faults = []
    for path in modules():
        if path.stem not in {"models", "queries", "services"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module in {"flask", "flask_login"}:
                faults += [f"{named(path)}: {a.name}" for a in node.names if a.name in {"request", "current_user"}]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                faults.append(f"{named(path)}:{node.lineno} commits")
    assert faults == []


@pytest.mark.parametrize("forbidden", ["utils", "helpers", "constants", "manager", "common", "misc"])
def test_no_module_has_a_name_that_says_nothing(forbidden):
    assert [named(p) for p in modules() if p.stem == forbidden] == []


def test_modules_and_functions_can_be_looked_over():
    long = []
    for path in modules():
        text = path.read_text()
        if text.count("\n") > LONGEST_MODULE:
            long.append(f"{named(path)}: {text.count(chr(10))} lines")
        long += [f"{named(path)}:{node.lineno} {node.name}" for node in ast.walk(ast.parse(text))
                 if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > LONGEST_FUNCTION]
    assert long == []


def test_only_richtext_uses_bleach_and_marks_text_as_safe():
    for path in modules():
        text = path.read_text()
        if path.name != "richtext.py":
            assert not any(mark in text for mark in ("import bleach", "Markup(")), named(path)


def test_only_the_clock_reads_the_time():
    for path in modules():
        if path.name == "clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {"utcnow", "today"}:
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                assert owner == "clock", f"{named(path)}:{node.lineno}"
            if isinstance(node, ast.Attribute) and node.attr == "now" and isinstance(node.value, ast.Name):
                assert node.value.id == "clock", f"{named(path)}:{node.lineno}"


def test_every_public_service_and_query_says_its_promise():
    silent = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in modules() if path.stem in {"services", "queries"}
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_file_names_a_machine_or_is_left_unfinished():
    marks = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
    for path in modules():
        text = path.read_text()
        assert not any(mark in text for mark in marks), named(path)
