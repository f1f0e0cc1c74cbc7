"""Instants typed by people are those of the clocks of Rome."""

from datetime import UTC, datetime

import pytest

from consult.core.forms import Form, MomentField


class Times(Form):
    class Meta(Form.Meta):
        csrf = False

    at = MomentField("At")


def sent(app, typed, before=None):
    with app.test_request_context("/", method="POST", data={"at": typed}):
        form = Times(data={"at": before})
        form.validate()
        return form.at.data, form.at.errors, form.at()


@pytest.mark.parametrize(("typed", "instant"), [
    ("2027-01-15T18:30", datetime(2027, 1, 15, 17, 30, tzinfo=UTC)),
    ("2027-07-15T18:30", datetime(2027, 7, 15, 16, 30, tzinfo=UTC)),
    ("2027-07-15T18:30:10", datetime(2027, 7, 15, 16, 30, 10, tzinfo=UTC)),
    ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("2027-03-28T02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
])
def test_summer_and_winter_are_told_apart(app, typed, instant):
    assert sent(app, typed)[:2] == (instant, [])


@pytest.mark.parametrize("typed", ["domani", "2027-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2027-01-01",
                                   "2027-01-01T25:00", "\x00", "9" * 5000])
def test_what_is_no_moment_is_refused_and_stays_in_sight(app, typed):
    data, errors, shown = sent(app, typed)
    assert data is None
    assert len(errors) == 1
    assert typed.strip("\x00")[:20] in shown


def test_nothing_typed_is_nothing(app):
    assert sent(app, " ")[:2] == (None, [])


def test_an_untouched_moment_keeps_its_seconds(app):
    before = datetime(2027, 1, 15, 22, 59, 59, 999, tzinfo=UTC)
    assert sent(app, "2027-01-15T23:59", before)[0] == before
