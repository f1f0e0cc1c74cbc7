"""The house keeps its form: imports one way, the same names everywhere, rooms of a size one can look over."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = HOUSE / "consult"
FEATURES = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists() and p.name != "core")
NAMES = {"models", "policy", "services", "queries", "forms", "views", "reactions", "mails", "cli", "holdings",
         "__init__"}
"""What a feature's files are called. Others are named in EXTRA with what they hold."""

EXTRA = {
    "territory": {"geometry": "where a point lies"},
    "attachments": {"enclosing": "the files of a form being written"},
    "sharing": {"squares": "QR codes as lines"},
    "codings": {"asked": "questions answered in words", "reading": "what two readers find",
                "agreement": "how far they agree", "counting": "the codes that count",
                "suggesting": "codes of similar answers", "quoting": "what may be quoted", "citing": "pages of quotes"},
    "search": {"stemming": "what words have in common"},
    "places": {"drawing": "the territory as it is drawn"},
    "accounts": {"personal": "what is held of a person, told by those who hold it", "former": "who left lately",
                 "recognised": "what stands for a person",
                 "restrained": "what they may not do for a while", "standing": "which roles count",
                 "second_step": "who owes a second factor",
                 "guesses": "wrong passwords", "domains": "addresses to throw away",
                 "addresses": "moving to another address", "guarding": "the pages of these"},
    "contributions": {"telling": "the door through which people hear", "life": "what became of it, in time"},
    "comments": {"subjects": "what can be discussed", "agreeing": "agreeing with a comment",
                 "mentions": "calling by name",
                 "quoting": "quoting a passage", "locking": "closing a thread, and how far one has read"},
    "discussions": {"words": "what is said of them"},
    "opinions": {"words": "what is said of them", "voices": "who answers", "routing": "what is asked next",
                 "maps": "how they are made", "concord": "what joins and what parts", "telling": "a map in words",
                 "tables": "and in figures", "drawing": "and as it is drawn", "sheets": "what is frozen",
                 "polis": "the files of Polis", "exporting": "the pages of these", "bulk": "many answers at once"},
    "office": {"discussing": "setting discussions up", "asking": "the own fields of calls",
               "call_forms": "setting calls up", "conversing": "setting maps of opinions up",
               "conversation_forms": "their forms", "sheets": "pages of sheets of codes"},
    "factors": {"codes": "what people type", "passkeys": "what devices prove",
                "overseeing": "pages of the administrator"},
    "verification": {"ages": "age bands", "taxcode": "the Italian tax code", "identifiers": "what is kept in its place",
                     "registers": "the registers of residents", "codes": "codes good once",
                     "bearers": "who brings one", "bearing": "pages for them", "desk": "the help desk",
                     "presence": "who stands before a clerk",
                     "counter": "pages of the staff", "words": "what ways are called"},
    "identity": {"providers": "those of an installation", "protocol": "OpenID Connect"},
    "organisations": {"categories": "their kinds", "checking": "pages of the plan office",
                      "words": "kinds of mandates"},
    "flagging": {"measure": "when reports are too many", "words": "what is said of them"},
    "sanctions": {"proposed": "what waits for a second person", "deciding": "what the acts do",
                  "words": "what is said of them"},
    "governance": {"permissions": "the policy as people read it", "words": "what it is called"},
    "surveys": {"answers": "how they are given and kept", "logic": "conditions", "reach": "what is never shown",
                "paths": "the way through", "piping": "earlier answers said again", "fields": "one for each kind",
                "choosing": "fields of choices", "ordering": "fields of numbers beside options",
                "bringing": "fields of places and files", "scripting": "what the script of the page is told",
                "receiving": "pages of receipts and of what was saved", "papers": "files answered with",
                "judging": "answers that did not come by the page",
                "filling": "one that is being filled in", "removing": "taking submissions out again",
                "statistics": "the figures of a questionnaire", "distribution": "how numbers are spread",
                "counting": "what the database counts", "ground": "where answers come from",
                "figures": "the tables of each kind of question", "live": "what is shown while it is open"},
    "questionnaires": {"definition": "a questionnaire as data", "faults": "what is wrong with one",
                       "advice": "what to think over in one",
                       "mending": "what may change once answered", "arranging": "acts on the data",
                       "words": "kinds and conditions as sentences", "comparing": "two versions side by side",
                       "editing": "pages of sections and questions", "exchanging": "pages of files",
                       "library": "those ready to be used", "xpath": "conditions of other programs",
                       "xlsform": "writing for them", "xlsreading": "reading theirs"},
    "crossings": {"variables": "by what answers are told apart", "tables": "what of a cross table is shown",
                  "comparing": "two questionnaires side by side"},
    "weighting": {"raking": "weights that meet the population", "figures": "figures with weights and without",
                  "margins": "what the indicators say of the population"},
    "analysis": {"bands": "age bands", "words": "what themes are called", "figures": "indicators as tables",
                 "files": "tables of values", "importing": "taking them", "sending": "pages for them"},
    "ledger": {"canonical": "how things are written before they are hashed", "merkle": "the tree",
               "entries": "what stands in the log", "signing": "its signed heads", "sequencing": "moving into it",
               "receipts": "what voters take away", "voiding": "papers declared void", "disclosing": "rare rankings",
               "publication": "the folder to recount with", "packing": "that folder as a file",
               "words": "reasons", "ed25519": "signatures", "ranking": "rankings", "shares": "equal shares",
               "counting": "every way of voting", "checking": "everything that can be wrong",
               "telling": "what was found"},
    "voting": {"counts": "the counts of supports", "giving": "one more, within the limit",
               "carrying": "support that goes along",
               "tally": "how papers are counted", "sheets": "what a ballot answers", "words": "how it works"},
    "results": {"inherited": "the outcome of what was made of it", "replies": "their templates",
                "bulk": "many from one file", "answering": "pages of these",
                "counting": "how calls and consultations are counted", "sheets": "what they answer",
                "words": "what verdicts are called"},
    "proposals": {"calls": "what the plan office sets up", "limits": "how many each may send in",
                  "answers": "what is answered to own fields", "fields": "own fields in a form",
                  "drafting": "saving while one types", "listing": "which a list shows", "lists": "pages of lists",
                  "exports": "proposals as rows", "words": "what calls ask for"},
    "privacy": {"erasure": "erasing, and the list of it", "exports": "copies of one's data",
                "retention": "how long data are kept", "words": "what each datum is called"},
    "publishing": {"document": "the document before it has a format"},
    "entry": {"paper": "the sheet that is printed", "words": "answers side by side", "files": "tables of answers",
              "importing": "taking them", "sending": "pages for them"},
    "polling": {"copying": "a paper as a clerk copies it", "desk": "pages of the desk", "boxes": "pages of a box",
                "paper": "the paper that is printed", "words": "rules and reasons in words"},
    "ballots": {"drafts": "one as it is decided", "faults": "what is wrong with one", "state": "what no longer changes",
                "parameters": "what ways of voting ask", "reading": "from the form and back",
                "words": "how it is explained", "translating": "the page for that", "exchange": "other programs' files",
                "importing": "papers from them", "files": "their forms", "exchanging": "their pages"},
    "microdata": {"columns": "how answers lie in a table", "reading": "some hundreds at once",
                  "writers": "the formats", "packing": "from the database into a file",
                  "words": "what formats are called"},
    "demo": {
        "story": "the written demonstration", "people": "who is in it", "percorso": "its phases", "plan": "its plan",
        "contributions": "what was said", "supports": "who was for it", "surveys": "what was answered",
        "ballots": "what was voted", "draws": "drawing at random with given sums", "words": "made-up texts",
        "bodies": "who decides and vouches", "deliberation": "how texts changed",
        "figures": "its territory", "opinions": "what people thought", "bulk": "many rows at once",
        "counters": "counters set from rows", "growth": "large made-up data",
        "filling": "its submissions",
    },
}
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
