"""Topics and near copies are found alike whatever the order of texts, and tell nothing that one person let slip."""

import random

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import jobs
from consult.core.db import db
from consult.search import services as search
from consult.sorting import looking, near, queries, topics
from consult.sorting.models import LookedAt, LookState

SUBJECTS = (
    "autobus corriera fermata orario biglietto linea pensilina navetta",
    "fosso argine frana torrente bosco versante piena manutenzione",
    "asilo bambini mensa palestra aula insegnante doposcuola cortile",
)


def texts(number=60, seed=7):
    """Texts that each speak of one of three subjects, and of which."""
    draw = random.Random(seed)  # noqa: S311 - no secret: cases of a test
    chosen = {id: 0 if draw.random() < 0.1 else id % 3 for id in range(1, number + 1)}
    return {id: search.counted("", " ".join(draw.sample(SUBJECTS[at].split(), 5)), "it")
            for id, at in chosen.items()}, chosen


def test_texts_that_speak_of_the_same_come_together():
    words, chosen = texts()
    found = topics.find(words, 3)
    assert len(found.words) == 3
    sets = {frozenset(id for id, (topic, _share) in found.texts.items() if topic == number) for number in (1, 2, 3)}
    assert sets == {frozenset(id for id, at in chosen.items() if at == subject) for subject in range(3)}
    for number, told in enumerate(found.words, 1):
        subject = chosen[next(id for id, (topic, _share) in found.texts.items() if topic == number)]
        assert {word for word, _weight in told} <= set(SUBJECTS[subject].split())
        assert sum(weight for _word, weight in told) <= 1.001
    sizes = [sum(topic == number for topic, _share in found.texts.values()) for number in (1, 2, 3)]
    assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_the_same_texts_give_the_same_topics_in_any_order(seed, number):
    words, _chosen = texts(30, seed)
    order = list(words)
    random.Random(seed).shuffle(order)  # noqa: S311 - as above
    assert topics.find({id: words[id] for id in order}, number) == topics.find(words, number)


def test_taking_apart_is_nearer_to_the_texts_the_more_topics_there_are():
    rows = np.abs(np.random.default_rng(3).normal(size=(30, 20)))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    errors = []
    for number in (1, 3, 6):
        shares, found = topics._apart(rows, number)
        assert shares.min() >= 0
        assert found.min() >= 0
        errors.append(np.linalg.norm(rows - shares @ found))
    assert errors == sorted(errors, reverse=True)
    best = np.linalg.svd(rows, compute_uv=False)
    assert errors[0] == pytest.approx(np.sqrt((best[1:] ** 2).sum()), rel=1e-3)  # one topic: the main direction itself


def test_a_word_of_fewer_than_three_people_tells_no_topic():
    words = {id: search.counted("", f"autobus fermata orario {'Zaccagnini' if id <= 9 else 'linea'}", "it")
             for id in range(1, 31)}
    told = topics.find(words, 2, {id: 1 + id % 2 if id <= 9 else id for id in words})
    assert "zaccagnini" not in {word for topic in told.words for word, _weight in topic}
    assert "zaccagnini" in {word for topic in topics.find(words, 2).words for word, _weight in topic}
    assert topics.find({}, 3).words == []


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_near_copies_gather_around_the_first_in_any_order(seed):
    draw = random.Random(seed)  # noqa: S311 - no secret: cases of a test
    first = "Chiediamo una fermata della corriera davanti alla vecchia filanda di Montalbo con panchina e luce"
    said = {1: first, 2: "Il torrente va pulito prima delle piene di primavera lungo tutto il versante franoso",
            3: first + " grazie", 4: first.replace("panchina", "sedile"), 5: "Va bene così"}
    words = {id: search.counted("", text, "it") for id, text in said.items()}
    order = list(words)
    draw.shuffle(order)
    found = near.groups({id: words[id] for id in order})
    assert found == near.groups(words)
    assert {id: leader for id, (leader, _likeness) in found.items()} == {1: 1, 3: 1, 4: 1}
    assert found[1][1] == 1.0
    assert all(near.NEAR <= likeness <= 1 for _leader, likeness in found.values())


def test_three_hundred_copies_are_one_group():
    copies = {id: search.counted("", "Salviamo la scuola elementare di Fontelunga dalla chiusura", "it")
              for id in range(1, 301)}
    assert {leader for leader, _likeness in near.groups(copies).values()} == {1}


def test_a_look_runs_behind_the_pages_and_leaves_out_what_is_not_public(app, desk, make):
    for number, (words, at) in enumerate(zip(*(list(part.values()) for part in texts(24)), strict=True)):
        make.proposal(title=f"Proposta {number}", body=f"{' '.join(words)} {SUBJECTS[at]}")
    secret = make.proposal(body="Parole segrete che nessuno deve leggere mai più di così", state=State.PENDING)
    shown = make.proposal(title="Una in più", body=SUBJECTS[0])
    look = looking.ask(desk.process, desk.anna, 3)
    assert looking.ask(desk.process, desk.bruno, 5).id == look.id
    db.session.commit()
    jobs.release()
    assert jobs.queue(app).run_waiting() >= 1
    db.session.expire_all()
    done = queries.look(desk.process)
    assert (done.id, done.state, done.progress, done.texts, len(done.topics)) == (
        look.id, LookState.READY, 100, 25, 3)
    ids = {row.contribution_id for row in db.session.scalars(sa.select(LookedAt))}
    assert shown.id in ids
    assert secret.id not in ids
    contributions.change_state(shown, State.HIDDEN, None)
    looking.ask(desk.process, desk.anna, 0)
    looking.make(queries.latest_look(desk.process).id)
    assert {row.look_id for row in db.session.scalars(sa.select(LookedAt))} == {queries.look(desk.process).id}
    assert queries.look(desk.process).texts == 24
