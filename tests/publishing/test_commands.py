"""`flask --app app plan export`: 0 when done, 1 with a sentence when refused, 2 when misused."""

import pytest

from tests.publishing import reading


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["plan", "export", *map(str, arguments)])


@pytest.mark.parametrize("form", ["docx", "odt", "pdf", "html", "md", "epub", "json", "zip"])
def test_a_plan_is_exported(app, told, tmp_path, form):
    code = told["bus"].code
    done = run(app, "prova-2035", "--format", form, "--output", tmp_path / f"plan.{form}")
    assert done.exit_code == 0, done.output
    assert "bytes in" in done.output
    assert code in reading.words_of(tmp_path / f"plan.{form}")


def test_the_language_can_be_chosen(app, told, tmp_path):
    assert run(app, "prova-2035", "--format", "html", "--output", tmp_path / "p.html", "--lang", "de").exit_code == 0
    assert "Was gesagt wurde" in reading.words_of(tmp_path / "p.html")


def test_an_unknown_plan_is_refused_with_those_there_are(app, told, tmp_path):
    done = run(app, "altro", "--format", "html", "--output", tmp_path / "p.html")
    assert done.exit_code == 1
    assert "There is no plan called altro. There are: prova-2035." in done.output
    assert not (tmp_path / "p.html").exists()


def test_a_folder_that_is_not_there_is_named(app, told, tmp_path):
    done = run(app, "prova-2035", "--format", "html", "--output", tmp_path / "no" / "p.html")
    assert done.exit_code == 1
    assert "There is no folder" in done.output


def test_a_file_that_cannot_be_written_is_named(app, told, tmp_path):
    (tmp_path / "p.html").mkdir()
    done = run(app, "prova-2035", "--format", "html", "--output", tmp_path / "p.html")
    assert done.exit_code == 2  # a folder is no file: click says so


@pytest.mark.parametrize("arguments", [
    [], ["prova-2035"], ["prova-2035", "--format", "exe", "--output", "x"], ["prova-2035", "--format", "pdf"],
    ["prova-2035", "--format", "pdf", "--output", "x", "--lang", "xx"], ["--format", "pdf", "--output", "x"],
])
def test_misuse_is_told_apart(app, arguments):
    assert run(app, *arguments).exit_code == 2


def test_help_has_an_example(app):
    done = run(app, "--help")
    assert done.exit_code == 0
    assert "Example: flask --app app plan export" in done.output
