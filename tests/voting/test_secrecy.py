"""Before a ballot closes nothing that anybody can see depends on what was chosen, not even for the staff."""

import re
from difflib import unified_diff
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core.db import db
from consult.voting import services
from consult.voting.models import BallotPaper

CHANGING = re.compile(r'(?:name="(?:csrf_token|once|shown)"[^>]*value="[^"]*"|'
                      r'value="[^"]*"[^>]*name="(?:csrf_token|once|shown)"|'
                      r'\b[0-9a-f]{16}\b)')
"""Form tokens and request ids, new at each showing."""


def addresses(app, ballot):
    """Every page that reads, with the ballot wherever an address takes an id."""
    values = {"id": ballot.id, "slug": ballot.phase.process.slug, "n": 2, "name": "privacy",
              "table": "options"}
    for rule in app.url_map.iter_rules():
        names = set(rule.arguments)
        if "GET" in rule.methods and rule.endpoint not in {"static", "accounts.sign_out"} and names <= set(values):
            yield rule.endpoint, app.url_map.bind("").build(rule.endpoint, {name: values[name] for name in names})


def seen(app, ballot, reader):
    pages = {}
    for endpoint, address in addresses(app, ballot):
        answer = reader.get(address)
        pages[endpoint, address] = (answer.status_code, CHANGING.sub("", text_in(answer)))
    return pages


def text_in(answer):
    """What an answer says; of a workbook its sheets, as it says in itself when it was made."""
    if "spreadsheetml" not in (answer.mimetype or ""):
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.get_data())) as book:
        return "".join(book.read(name).decode() for name in sorted(book.namelist()) if name.startswith("xl/"))


@pytest.mark.parametrize("roles", [None, (), (Role.PLAN_OFFICE,), (Role.PLATFORM_ADMIN,), tuple(Role)])
def test_no_page_of_anybody_depends_on_the_choices(bare_app, make, browser, roles):
    ballot = make.ballot(options=2, maximum=1)
    for _ in range(6):
        services.cast(ballot, make.person(), {"B01": 1})
    reader = browser(make.person(*roles) if roles is not None else None)
    seen(bare_app, ballot, reader)  # refusals leave sentences for the next page: let them be there from the start
    before = seen(bare_app, ballot, reader)
    assert before["voting.show", f"/votazioni/{ballot.id}"][0] == 200
    db.session.execute(sa.update(BallotPaper).values(marks={"B02": 1}))
    after = seen(bare_app, ballot, reader)
    assert [key for key in before if before[key] != after[key]] == [], "\n".join(
        line for key in before for line in unified_diff(before[key][1].split(), after[key][1].split(), n=1))
