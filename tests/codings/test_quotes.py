"""Quotes are word for word, with consent, and never tell where somebody lives where few do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.codings import quoting, services
from consult.contributions.models import State
from consult.core.db import StaleVersionError, db
from consult.surveys import queries as surveys

TEXT = "Vorrei più autobus la sera, perché dopo le venti non c’è l’ombra di una corsa. Mio figlio studia a Bologna."


@pytest.mark.parametrize(("typed", "quoted"), [
    (TEXT, TEXT),
    ("Vorrei più autobus la sera […]", "Vorrei più autobus la sera […]"),
    ("Vorrei più autobus la sera, [...] non c’è l’ombra di una corsa.[…]",
     "Vorrei più autobus la sera, […] non c’è l’ombra di una corsa. […]"),
    ("[…] dopo le venti […] Mio figlio studia a Bologna.", "[…] dopo le venti […] Mio figlio studia a Bologna."),
    ("Vorrei  più\nautobus […]", "Vorrei più autobus […]"),
    ("Vorrei più autobus la sera", None),  # nothing says that it goes on
    ("dopo le venti […]", None),  # nor that it began before
    ("Vorrei meno autobus la sera […]", None),
    ("Vorrei autobus […]", None),
    ("[…] dopo le venti […] più autobus […]", None),  # in another order
    ("Vorrei più auto […]", None),  # half a word
    ("vorrei più autobus […]", None),
    ("[…]", None),
    ("", None),
])
def test_a_quote_may_be_shortened_and_no_word_of_it_changed(typed, quoted):
    assert quoting.shortened(TEXT, typed) == quoted


@given(st.text("ab ,.’", min_size=1, max_size=30), st.data())
def test_whatever_is_left_out_and_marked_is_a_quote(text, data):
    words = text.split()
    kept = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    typed, gap = [], False
    for word, keep in zip(words, kept, strict=True):
        if keep:
            typed.append(word)
        elif not gap:
            typed.append("[…]")
        gap = not keep
    quoted = quoting.shortened(text, " ".join(typed))
    if any(kept):
        assert quoted is not None
        assert quoted.replace("[…]", "").split() == [word for word, keep in zip(words, kept, strict=True) if keep]
    else:
        assert quoted is None


@pytest.fixture
def asking_consent(desk):
    services.choose_consent(desk.asked, surveys.questions(desk.survey)[1].id, desk.anna, seen=0)
    return desk


def quote(desk, key, text, *, with_place=False, seen=0):
    quoting.choose(desk.asked, quoting.one(desk.asked, key), desk.anna, text=text, with_place=with_place, seen=seen)
    return quoting.one(desk.asked, key).quote


def test_only_who_agreed_can_be_quoted(asking_consent):
    desk = asking_consent
    agreed = desk.answer("Più autobus la sera", consent="yes")
    refused = desk.answer("Più treni la sera", consent="no")
    silent = desk.answer("Più bici la sera")
    assert [one.key for one in quoting.quotable(desk.asked).items] == [agreed]
    assert quoting.one(desk.asked, refused) is None
    assert quoting.one(desk.asked, silent) is None


def test_without_a_question_that_asks_for_consent_nothing_can_be_quoted(desk):
    desk.answer("Più autobus la sera", consent="yes")
    assert quoting.quotable(desk.asked).items == []


def test_a_quote_goes_with_the_consent(asking_consent):
    desk = asking_consent
    key = desk.answer("Più autobus la sera", consent="yes")
    chosen = quote(desk, key, "Più autobus la sera")
    assert quoting.published(desk.survey) == []  # a moderator reads it first
    quoting.stand(chosen, State.PUBLISHED, actor=None)
    assert [one.text for _asked, quotes in quoting.published(desk.survey) for one in quotes] == ["Più autobus la sera"]
    services.choose_consent(desk.asked, None, desk.anna, seen=desk.asked.version)
    assert quoting.published(desk.survey) == []


def test_the_municipality_is_told_only_where_five_answered(asking_consent, make):
    desk, other = asking_consent, make.municipality("Altrove")
    many = [desk.answer("Più autobus la sera", consent="yes") for _ in range(6)]
    few = [desk.answer("Più treni la sera", consent="yes", place=other) for _ in range(4)]
    assert quoting.places(desk.asked) == {}  # two places with a known sum: the one would give the other away
    third = [desk.answer("Più bici la sera", consent="yes", place=make.municipality("Terzo")) for _ in range(6)]
    with pytest.raises(quoting.QuoteError, match="cinque"):
        quote(desk, few[0], "Più treni la sera", with_place=True)
    told = set(quoting.places(desk.asked))
    assert told <= {quoting.one(desk.asked, key).municipality_id for key in (many[0], third[0])}


def test_a_quote_that_was_changed_meanwhile_is_not_written_over(asking_consent):
    desk = asking_consent
    key = desk.answer("Più autobus la sera", consent="yes")
    quote(desk, key, "Più autobus la sera")
    with pytest.raises(StaleVersionError):
        quote(desk, key, "Più autobus la […]")
    quote(desk, key, "[…] autobus la sera", seen=1)
    quoting.remove(desk.asked, quoting.one(desk.asked, key), desk.anna)
    db.session.expire_all()
    assert quoting.chosen(desk.asked) == []


@pytest.mark.parametrize("text", ["Più treni la sera", "Più […]", "Più autobus"])
def test_other_words_or_too_few_are_refused(asking_consent, text):
    desk = asking_consent
    key = desk.answer("Più autobus la sera", consent="yes")
    with pytest.raises(quoting.QuoteError):
        quote(desk, key, text)
