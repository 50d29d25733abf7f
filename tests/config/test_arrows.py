"""Who imports whom: the arrows of the house (docs/decisions), read from the code itself."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ALLOWED = {
    "accounts": set(),
    "partnerships": {"accounts"},
    "checklists": {"accounts", "partnerships"},
    "evaluations": {"accounts", "partnerships"},
    "desk": {"accounts", "partnerships", "checklists", "evaluations"},
    "config": {"accounts", "partnerships", "checklists", "evaluations", "desk"},
}


def imported(tree: ast.AST, room: str) -> list[tuple[str, int]]:
    """Return the rooms that a module imports, with the lines on which it does."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if not node.level else [room]
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            names = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        else:
            continue
        found += [(str(name).split(".")[0], node.lineno) for name in names]
    return [(name, line) for name, line in found if name in ALLOWED]


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def inside_functions(tree: ast.AST) -> list[ast.AST]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return [node for node in ast.walk(tree) if isinstance(node, functions)]


def wrong_imports(source: str, room: str) -> list[str]:
    """Say which imports of a module go against the arrows, or hide inside a function."""
    tree = ast.parse(source)
    wrong = [
        f"line {line}: {room} imports {name}"
        for name, line in imported(tree, room)
        if name != room and name not in ALLOWED[room]
    ]
    for function in inside_functions(tree):
        wrong += [
            f"line {line}: an import of {name} inside a function"
            for name, line in imported(function, room)
        ]
    return wrong


def modules(room: str) -> list[Path]:
    return sorted((settings.BASE_DIR / room).rglob("*.py"))


@pytest.mark.parametrize("room", ALLOWED)
def test_the_arrows(room):
    wrong = {
        str(path.relative_to(settings.BASE_DIR)): faults
        for path in modules(room)
        if (faults := wrong_imports(path.read_text(encoding="utf-8"), room))
    }

    assert modules(room)
    assert wrong == {}


def test_every_room_has_its_arrows():
    rooms = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}

    assert rooms - {"tests", "bench"} == set(ALLOWED)


@pytest.mark.parametrize(
    ("room", "source", "faults"),
    [
        (
            "accounts",
            "from partnerships.models import Person",
            ["line 1: accounts imports partnerships"],
        ),
        ("accounts", "import desk.views as pages", ["line 1: accounts imports desk"]),
        ("checklists", "import os\nimport evaluations", ["line 2: checklists imports evaluations"]),
        (
            "evaluations",
            "from checklists import progress",
            ["line 1: evaluations imports checklists"],
        ),
        (
            "partnerships",
            "if True:\n    import checklists.models",
            ["line 2: partnerships imports checklists"],
        ),
        (
            "desk",
            "def view():\n    from checklists.models import Item\n    return Item",
            ["line 2: an import of checklists inside a function"],
        ),
        (
            "desk",
            "class A:\n    def b(self):\n        from . import waiting",
            ["line 3: an import of desk inside a function"],
        ),
        ("desk", "from config import urls", ["line 1: desk imports config"]),
        ("accounts", "import_module('desk.waiting')", ["line 1: accounts imports desk"]),
        ("desk", "from evaluations.models import Answer\nfrom . import waiting", []),
        ("partnerships", "from accounts.text import fold\nimport checklists_of_others", []),
        ("accounts", "def f():\n    import json", []),
    ],
)
def test_the_check_finds_a_wrong_import(room, source, faults):
    assert wrong_imports(source, room) == faults
