"""A paragraph stays the same one while it is edited, and keeps what was said about it."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.models import Role
from consult.contributions.models import State, Thread
from consult.core.db import StaleVersionError, db
from consult.planning import queries, services
from consult.planning.models import Paragraph, Section
from consult.planning.paragraphs import SIMILAR, successors

FOREST = "Il bosco di castagni è un bene comune che va curato ogni anno con chi lo abita."
RIVER = "Il fiume attraversa sei comuni e porta acqua pulita fino alla pianura."
BUS = "Un autobus ogni ora collega i paesi di montagna con la stazione."


@pytest.mark.parametrize(("before", "after", "expected"), [
    ([], ["a b c"], [None]),
    (["a b c"], [], []),
    ([FOREST, RIVER], [FOREST, RIVER], [0, 1]),
    ([FOREST, RIVER], [RIVER, FOREST], [1, 0]),
    ([FOREST, RIVER], [RIVER], [1]),
    ([FOREST, RIVER], [FOREST, BUS, RIVER], [0, None, 1]),
    ([FOREST], [FOREST.replace("ogni anno", "due volte l'anno")], [0]),
    ([FOREST], [BUS], [None]),
    ([FOREST, FOREST], [FOREST, FOREST, FOREST], [0, 1, None]),
    ([FOREST], [FOREST + " Sempre.", FOREST + " Sempre, e ovunque, per tutti."], [0, None]),
    ([FOREST + " Molto.", FOREST], [FOREST + " Molto bene."], [0]),
    (["uno due tre quattro cinque"], ["uno due tre sei sette"], [0]),
    (["uno due tre quattro cinque"], ["uno due sei sette otto"], [None]),
])
def test_which_paragraph_continues_which(before, after, expected):
    assert successors(before, after) == expected


@given(st.lists(st.text("ab c.", max_size=12), max_size=7), st.lists(st.text("ab c.", max_size=12), max_size=7))
def test_each_earlier_paragraph_is_continued_at_most_once_and_equal_ones_first(before, after):
    found = successors(before, after)
    assert len(found) == len(after)
    taken = [index for index in found if index is not None]
    assert len(taken) == len(set(taken))
    for text in set(before) & set(after):
        unchanged = [index for index, partner in enumerate(found)
                     if after[index] == text and partner is not None and before[partner] == text]
        assert len(unchanged) == min(before.count(text), after.count(text))


def test_the_least_likeness_is_the_one_agreed():
    assert SIMILAR == 0.6


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def section(make):
    section = make.section(f"{FOREST}\n\n{RIVER}\n\n{BUS}")
    make.consultation()
    return section


def standing(section):
    return db.session.scalars(sa.select(Paragraph).where(
        Paragraph.section_id == section.id, Paragraph.removed_at.is_(None)).order_by(Paragraph.position)).all()


def save(section, office, *texts):
    services.edit_section(section, office, seen=section.version, title=section.title, body="\n\n".join(texts))
    db.session.flush()


def test_an_edited_paragraph_keeps_its_id_and_thread(section, office, make):
    forest, river, bus = standing(section)
    make.comment(river.thread, body="Anche d'estate?")
    ids, threads = [p.id for p in (forest, river, bus)], [p.thread_id for p in (forest, river, bus)]
    changed = RIVER.replace("pulita", "potabile")
    save(section, office, FOREST, changed, BUS)
    assert [p.id for p in standing(section)] == ids
    assert [p.thread_id for p in standing(section)] == threads
    assert standing(section)[1].text == changed
    assert changed[:30] in str(standing(section)[1].thread.label)
    assert standing(section)[1].thread.comment_count == 1


def test_paragraphs_that_change_places_take_their_comments_with_them(section, office):
    forest, river, bus = standing(section)
    save(section, office, BUS, FOREST, RIVER)
    assert [p.id for p in standing(section)] == [bus.id, forest.id, river.id]


def test_a_removed_paragraph_with_comments_is_kept_as_removed_and_takes_no_more(section, office, make):
    river = standing(section)[1]
    make.comment(river.thread)
    save(section, office, FOREST, BUS)
    assert river.removed_at is not None
    assert river.thread.locked
    assert [p.id for p in queries.whole(section.plan).removed] == [river.id]
    assert river not in standing(section)


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN])
def test_comments_that_are_not_public_are_kept_too_but_not_listed(section, office, make, state):
    river = standing(section)[1]
    comment = make.comment(river.thread, state=state)
    save(section, office, FOREST, BUS)
    assert comment.thread_id == river.thread_id
    assert db.session.get(Paragraph, river.id).removed_at is not None
    assert queries.whole(section.plan).removed == []


def test_a_removed_paragraph_without_comments_is_forgotten_with_its_thread(section, office):
    river = standing(section)[1]
    id, thread_id = river.id, river.thread_id
    save(section, office, FOREST, BUS)
    assert db.session.get(Paragraph, id) is None
    assert db.session.get(Thread, thread_id) is None


def test_comments_are_never_moved_to_another_paragraph(section, office, make):
    river = standing(section)[1]
    make.comment(river.thread)
    save(section, office, FOREST, "Tutt'altra cosa: qui si parla di scuole, nidi e biblioteche.", BUS)
    new = standing(section)[1]
    assert new.id != river.id
    assert new.thread_id != river.thread_id
    assert new.thread.comment_count == 0
    assert river.removed_at is not None


def test_a_paragraph_that_comes_back_word_for_word_finds_its_comments_again(section, office, make):
    river = standing(section)[1]
    make.comment(river.thread)
    save(section, office, FOREST, BUS)
    save(section, office, FOREST, RIVER, BUS)
    assert standing(section)[1].id == river.id
    assert river.removed_at is None
    assert not river.thread.locked


def test_a_new_paragraph_can_be_commented_in_the_consultation_that_is_under_way(section, office):
    save(section, office, FOREST, RIVER, BUS, "Si aggiunge un paragrafo del tutto nuovo sulle scuole.")
    new = standing(section)[3]
    assert new.thread.activity.kind == "draft_consultation"
    assert new.thread.path == f"/paragrafi/{new.id}"


def test_headings_are_not_commented(section, office):
    save(section, office, "# Il territorio", FOREST)
    heading, text = standing(section)
    assert heading.thread is None
    assert text.thread is not None


def test_a_second_consultation_goes_on_in_the_same_threads(section, make):
    threads = [p.thread_id for p in standing(section)]
    comment = make.comment(standing(section)[0].thread)
    first = comment.activity_id
    second = make.consultation()
    assert [p.thread_id for p in standing(section)] == threads
    assert {p.thread.activity_id for p in standing(section)} == {second.id}
    assert comment.activity_id == first


def test_a_stale_edit_changes_nothing(section, office):
    save(section, office, FOREST, RIVER)
    with pytest.raises(StaleVersionError):
        services.edit_section(section, office, seen=1, title="Altro", body="Altro")
    assert section.title != "Altro"
    assert [p.text for p in standing(section)] == [FOREST, RIVER]


def test_a_section_with_comments_is_not_deleted(section, office, make):
    make.comment(standing(section)[0].thread, state=State.HIDDEN)
    with pytest.raises(services.InUseError):
        services.remove_section(section, office)


def test_a_section_on_which_nothing_hangs_is_deleted_whole(section, office):
    id = section.id
    services.remove_section(section, office)
    assert db.session.get(Section, id) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Paragraph)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Thread)) == 0


def test_a_linked_section_is_not_deleted(section, office, make):
    make.link(make.proposal(), section)
    with pytest.raises(services.InUseError):
        services.remove_section(section, office)


def test_sections_change_places(make, office):
    first, second, third = make.section(), make.section(), make.section()
    assert services.move_section(third, office, up=True)
    assert not services.move_section(first, office, up=True)
    rows = db.session.scalars(sa.select(Section).order_by(Section.position)).all()
    assert [row.id for row in rows] == [first.id, third.id, second.id]
    assert [row.position for row in rows] == [1, 2, 3]


def test_new_sections_take_the_next_free_code(make, office):
    make.section(code="S1")
    make.section(code="S3")
    codes = [services.add_section(make.plan(), office, title="Nuova", body="Testo.").code for _ in range(2)]
    assert len({*codes, "S1", "S3"}) == 4
