"""The README tells the truth."""

import re
from pathlib import Path

from consult.core import policy

HOUSE = Path(__file__).resolve().parents[2]
README = (HOUSE / "README.md").read_text()


def test_the_permissions_are_those_of_the_code(app):
    """To renew them: `flask --app app permissions` between the two marks."""
    told = re.search(r"<!-- permissions -->\n(.*?)\n<!-- /permissions -->", README, re.DOTALL)
    assert told, "the README has no permissions"
    assert told[1] == policy.printed()


def test_the_map_names_every_folder_of_the_package():
    folders = {p.parent.name for p in (HOUSE / "consult").glob("*/__init__.py")}
    named = set(re.findall(r"^  (\w+)/", README, re.MULTILINE))
    assert folders - named == set()


def test_what_the_readme_links_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (HOUSE / target).exists(), target


def test_every_command_has_a_line_and_an_example(app):
    silent = []

    def look(command, name):
        for child in getattr(command, "commands", {}).values():
            look(child, f"{name} {child.name}")
        ours = not hasattr(command, "commands") and name.split()[0] not in {"db", "run", "shell", "routes"}
        if ours and "Example" not in f"{command.help} {command.epilog}":
            silent.append(name)

    for name, command in app.cli.commands.items():
        look(command, name)
    assert silent == []
