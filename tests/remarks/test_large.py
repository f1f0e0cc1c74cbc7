"""A plan with 500 paragraphs, 300 links and 2,000 remarks is read in at most twenty queries, whoever reads it."""

import pytest

from consult.accounts.models import Role
from consult.core.db import db
from consult.editions import services as editions
from consult.planning.models import PlanState
from consult.remarks import queries as remarks
from consult.remarks import services
from tests.remarks import large


@pytest.fixture
def edition(make):
    plan, consultation = make.plan(), make.consultation()
    large.write(plan, consultation)
    people = [make.person(), make.person(Role.PLAN_OFFICE)]
    large.link(plan, [make.proposal().id for _one in range(12)], people[1].id)
    db.session.commit()
    edition = editions.make(plan, None, name="0.3", kind=PlanState.IN_CONSULTATION)
    large.remark(edition, consultation, people[0].id)
    db.session.commit()
    return edition


def test_pages_of_a_large_plan_take_at_most_twenty_queries(make, browser, queries, edition):
    assert len(services.paragraphs_of(edition)) == large.PARAGRAPHS
    assert sum(remarks.counted(edition).values()) == large.REMARKS
    for who in (None, make.person(), make.person(Role.PLAN_OFFICE)):
        page = browser(who)
        db.session.commit()
        for path in ("", "/edizioni/1", "/edizioni", "/edizioni/1/osservazioni"):
            page.get(f"/piani/prova-2035{path}")
            with queries() as seen:
                answer = page.get(f"/piani/prova-2035{path}?v=2")
            assert answer.status_code == 200
            assert len(seen) <= 20, (who, path, len(seen))


def test_the_response_to_all_remarks_takes_few_queries(make, queries, edition):
    with queries() as seen:
        told = remarks.response(make.plan())
    assert len(told) == large.REMARKS
    assert len(seen) <= 10
