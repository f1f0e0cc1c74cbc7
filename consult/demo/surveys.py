"""The questionnaires of the story, and submissions whose sums are those published."""

import random
from collections.abc import Sequence
from typing import Any

from consult.core.db import db
from consult.demo import bulk, draws, words
from consult.demo.percorso import described, timed
from consult.demo.story import Story
from consult.processes.models import Audience, Channel, EngagementLevel, ResultsVisible
from consult.surveys import logic
from consult.surveys.models import (
    PREFER_NOT,
    Answer,
    Option,
    Question,
    QuestionKind,
    QuestionRow,
    Submission,
    Survey,
    SurveySection,
)

BELTS = {"pianura": 0.0, "collina": 0.5, "montagna": 1.0}
KINDS = {
    "scelta_singola": QuestionKind.SINGLE_CHOICE, "scelta_multipla": QuestionKind.MULTIPLE_CHOICE,
    "graduatoria": QuestionKind.RANKING, "matrice": QuestionKind.SCALE, "scala": QuestionKind.SCALE,
    "numero": QuestionKind.NUMBER, "testo_breve": QuestionKind.SHORT_TEXT, "testo_lungo": QuestionKind.LONG_TEXT,
    "tabella": QuestionKind.MATRIX_SINGLE, "punti": QuestionKind.POINTS, "si_no": QuestionKind.YES_NO,
    "da_zero_a_dieci": QuestionKind.ZERO_TO_TEN,
}
REFUSING = 0.06
"""The share of those who prefer not to answer where they may say so."""


def load(story: Story) -> None:
    """Every questionnaire with its questions and its submissions."""
    for entry in story.told["surveys"]:
        survey = _survey(story, entry)
        asked = _sections(story, survey, entry)
        Filling(story, survey, entry).keep(asked)


def _survey(story: Story, entry: dict[str, Any]) -> Survey:
    survey = Survey(
        title=story.text(entry["title"]), anonymous=entry["anonymous"], audience=Audience.SIGNED_IN,
        results_visible=ResultsVisible.AFTER_CLOSE, engagement_level=EngagementLevel.CONSULTATION,
        **described(story, entry["id"]), **timed(story, entry["phase"], entry["opens_on"], entry["closes_on"]))
    db.session.add(survey)
    return survey


Asked = list[tuple[Question, dict[str, Any], int]]
"""Questions made, with how they are written and, of a table of scales, which row they are."""


def _sections(story: Story, survey: Survey, entry: dict[str, Any]) -> Asked:
    more = story.more["surveys"][entry["id"]]
    written = {question["id"]: question for question in [*entry["questions"], *more.get("questions", [])]}
    asked: Asked = []
    for position, part in enumerate(more["sections"], 1):
        section = SurveySection(survey=survey, position=position, title=story.text(part["title"]),
                                intro=story.text(part.get("intro")))
        for name in part["questions"]:
            for row in range(len(written[name]["rows"]) if written[name]["type"] == "matrice" else 1):
                asked.append((_question(story, section, written[name], row, more), written[name], row))
        db.session.add(section)
    db.session.flush()
    return asked


def _question(story: Story, section: SurveySection, entry: dict[str, Any], row: int, more: dict[str, Any]) -> Question:
    kind = KINDS[entry["type"]]
    low_label, high_label = entry.get("labels", more.get("scale_labels", [None, None]))
    question = Question(
        section=section, survey=section.survey, position=len(section.questions) + 1, kind=kind,
        code=_code(entry, row), required=entry["required"],
        prompt=story.text(entry["text"]), help=story.text(entry.get("privacy_note")),
        minimum=entry.get("min"), maximum=entry.get("max"), max_length=entry.get("max_length"),
        minimum_label=story.text(low_label), maximum_label=story.text(high_label),
        prefer_not=entry.get("prefer_not", False), shown_if=entry.get("shown_if", {}))
    if entry["type"] == "matrice":
        question.prompt = story.text(more["rows"] % entry["rows"][row])
        question.minimum, question.maximum = entry["scale"][0], entry["scale"][-1]
    if entry["type"] == "graduatoria":
        question.maximum = more["ranked"]
    if entry["type"] == "tabella":
        question.rows = [QuestionRow(position=number, code=f"r{number}", label=story.text(label))
                         for number, label in enumerate(entry["rows"], 1)]
    _options(story, question, entry, more.get("others", {}).get(entry["id"]))
    return question


def _options(story: Story, question: Question, entry: dict[str, Any], other: dict[str, Any] | None) -> None:
    codes = ("yes", "no") if question.kind is QuestionKind.YES_NO else ()
    labels = [*entry.get("options", []), *([other["label"]] if other else [])]
    question.options = [
        Option(position=number, code=codes[number - 1] if codes else f"o{number}", label=story.text(label),
               other=bool(other) and number == len(labels)) for number, label in enumerate(labels, 1)]


def _code(entry: dict[str, Any], row: int) -> str:
    name = entry["id"].lower().replace(".", "_")
    return f"{name}_{row + 1}" if entry["type"] == "matrice" else name


class Filling:
    """The submissions of one questionnaire, made up so that what was published comes out again."""

    def __init__(self, story: Story, survey: Survey, entry: dict[str, Any]) -> None:
        self.story, self.survey = story, survey
        self.rng = random.Random(entry["id"])  # noqa: S311 - made-up answers, no secrets
        self.more = story.more["surveys"][entry["id"]]
        counts = entry["responses"]
        self.towns = draws.deck(counts["by_municipality"], self.rng)
        self.channels = draws.deck([counts["online"], counts["carta"]], self.rng)
        self.ids = [f"{self.rng.getrandbits(128):032x}" for _ in self.towns]
        heights = [BELTS[municipality.belt] for municipality in story.municipalities.values()]
        self.heights = [heights[town] for town in self.towns]
        self.answers: list[dict[str, Any]] = []
        self.given: list[dict[str, Any]] = [{} for _ in self.ids]
        """What each submission says of what others may depend on: choices and texts."""

    def keep(self, asked: Asked) -> None:
        """Write the submissions and the answers to every question.

        Nobody's tag is written: tags that no key has made would look like those of a lost key, and nobody could
        answer any more.
        """
        towns = self.story.municipality_ids()
        bulk.write(Submission, [
            {"id": id, "survey_id": self.survey.id, "municipality_id": towns[town],
             "channel": Channel.PAPER if on_paper else Channel.ONLINE}
            for id, town, on_paper in zip(self.ids, self.towns, self.channels, strict=True)])
        for question, entry, row in asked:
            self._answer(question, entry, row)
        bulk.write(Answer, self.answers)

    def _answer(self, question: Question, entry: dict[str, Any], row: int) -> None:
        match question.kind:
            case QuestionKind.SINGLE_CHOICE | QuestionKind.YES_NO:
                self._single(question, entry)
            case QuestionKind.MULTIPLE_CHOICE:
                self._multiple(question, entry)
            case QuestionKind.SCALE | QuestionKind.ZERO_TO_TEN:
                self._scale(question, entry, row)
            case QuestionKind.NUMBER:
                self._minutes(question, entry)
            case QuestionKind.RANKING:
                self._ranking(question, entry)
            case QuestionKind.POINTS:
                self._points(question, entry)
            case QuestionKind.MATRIX_SINGLE:
                self._table(question, entry)
            case _:
                self._texts(question, entry)

    def _say(self, position: int, question: Question, option: Option | None = None, *, row: QuestionRow | None = None,
             number: float | None = None, text: str | None = None) -> None:
        self.answers.append({"submission_id": self.ids[position], "question_id": question.id,
                             "row_id": row.id if row else 0, "option_id": option.id if option else 0,
                             "number": number, "text": text})
        if text or (option and number is None and not row):
            self.given[position][question.code] = (option.code,) if option else text

    def _asked(self, question: Question) -> list[int]:
        """The submissions to which a question is shown."""
        return [position for position, given in enumerate(self.given) if logic.holds(question.shown_if, given)]

    def _some(self, question: Question, share: float = 0.9) -> list[int]:
        """Those of them that answer it."""
        return [position for position in self._asked(question) if self.rng.random() < share]

    def _single(self, question: Question, entry: dict[str, Any]) -> None:
        who = self._asked(question)
        counts = entry.get("counts") or draws.shares(len(who), self.more["weights"][entry["id"]])
        whose = self.towns if entry["options"][0] == "Castelrovano" else self._dealt(
            entry, counts, [self.heights[one] for one in who])
        said = self.more.get("others", {}).get(entry["id"], {}).get("texts", [])
        for position, option in zip(who, whose, strict=True):
            chosen = question.options[option]
            self._say(position, question, chosen, text=self.rng.choice(said) if chosen.other else None)

    def _ranking(self, question: Question, entry: dict[str, Any]) -> None:
        for position in self._some(question):
            for rank, option in enumerate(self._drawn(entry, question.maximum or len(question.options)), 1):
                self._say(position, question, question.options[option], number=rank)

    def _drawn(self, entry: dict[str, Any], how_many: int) -> list[int]:
        """Different options in some order, those of more weight sooner."""
        weights = self.more["weights"][entry["id"]]
        return sorted(range(len(weights)), key=lambda one: self.rng.expovariate(weights[one]))[:how_many]

    def _points(self, question: Question, entry: dict[str, Any]) -> None:
        tens, weights = (question.maximum or 100) // 10, self.more["weights"][entry["id"]]
        for position in self._some(question):
            drawn = self.rng.choices(range(len(weights)), [weight * self.rng.random() for weight in weights], k=tens)
            for option in sorted(set(drawn)):
                self._say(position, question, question.options[option], number=10 * drawn.count(option))

    def _table(self, question: Question, entry: dict[str, Any]) -> None:
        for position in self._some(question):
            for row, weights in zip(question.rows, self.more["weights"][entry["id"]], strict=True):
                self._say(position, question, self.rng.choices(question.options, weights)[0], row=row)

    def _multiple(self, question: Question, entry: dict[str, Any]) -> None:
        count, most = len(self.ids), question.maximum or len(question.options)
        totals = entry.get("counts") or [round(count * w / 100) for w in self.more["weights"][entry["id"]]]
        uphill = self.more["uphill"].get(entry["id"]) if "uphill" in self.more else None

        def leaning(paper: int, option: int) -> float:
            return 1 + (uphill[option] - 1) * self.heights[paper] if uphill else 1.0

        for position, chosen in enumerate(draws.choices(
                count, totals, self.rng, fits=lambda chosen: 1 <= len(chosen) <= most, leaning=leaning)):
            for option in sorted(chosen):
                self._say(position, question, question.options[option])

    def _scale(self, question: Question, entry: dict[str, Any], row: int) -> None:
        mean = entry["means"][row] if "means" in entry else self.more["means"][entry["id"]]
        low, high = (0, 10) if question.kind is QuestionKind.ZERO_TO_TEN else (
            question.minimum or 1, question.maximum or 5)
        answering = len(self.ids) if question.required else round(len(self.ids) * 0.96)
        who = self.rng.sample(range(len(self.ids)), answering)
        if question.prefer_not:
            refusing, who = who[:round(answering * REFUSING)], who[round(answering * REFUSING):]
            for position in refusing:
                self._refuse(position, question)
        values = self._dealt(entry, draws.steps(len(who), low, high, mean), [self.heights[one] for one in who], row)
        for position, value in zip(who, values, strict=True):
            self._say(position, question, number=low + value)

    def _refuse(self, position: int, question: Question) -> None:
        self._say(position, question)
        self.answers[-1]["option_id"] = PREFER_NOT

    def _dealt(self, entry: dict[str, Any], counts: Sequence[int], heights: Sequence[float], row: int = 0) -> list[int]:
        tilt = self.more["tilts"].get(entry["id"], 0.0)
        tilt = tilt[row] if isinstance(tilt, list) else tilt
        return draws.deal(counts, [tilt * height for height in heights], self.rng)

    def _minutes(self, question: Question, entry: dict[str, Any]) -> None:
        usual = self.more["minutes"][entry["id"]]
        for position, town in enumerate(self.towns):
            if self.rng.random() < 0.91:
                minutes = round(self.rng.gammavariate(4, usual[town] / 4) / 5) * 5
                self._say(position, question, number=max(5, min(minutes, question.maximum or 240)))

    def _texts(self, question: Question, entry: dict[str, Any]) -> None:
        texts = entry.get("samples", []) + self.more["samples"][entry["id"]]
        wishes, points = (self.more.get(kind, {}).get(entry["id"], 0) for kind in ("wishes", "points"))
        texts += [self.rng.choice(words.THEMES).wish(self.rng) for _ in range(wishes)]
        texts += [self.rng.choice(words.ROADS).point(self.rng) for _ in range(points)]
        for position, text in zip(self.rng.sample(range(len(self.ids)), len(texts)), texts, strict=True):
            self._say(position, question, text=text)
