"""The draft as it was kept before and for the consultation, and what people say of its passages."""

from typing import Any, cast

from consult.accounts.models import Role
from consult.contributions.models import State, Thread
from consult.core import richtext
from consult.core.db import db
from consult.demo import contributions
from consult.demo.story import Story
from consult.editions import embedded, snapshot
from consult.editions.models import PlanEdition
from consult.planning.models import PlanState
from consult.remarks import passages, services
from consult.remarks.models import Remark, Wish
from consult.results.models import Outcome, Verdict
from consult.results.services import fingerprint


def load(story: Story) -> None:
    """Two editions and the remarks on the second, some of them with what is proposed to become of them."""
    told = story.more["remarks"]
    now = snapshot.as_json(snapshot.taken(story.plan, embedded.kept))
    earlier = told["earlier"]
    _edition(story, 1, earlier, PlanState.DRAFT, now.replace(earlier["now"], earlier["was"]))
    edition = _edition(story, 2, {"name": story.plan.edition, **told["asked"]}, PlanState.IN_CONSULTATION, now)
    codes = contributions.codes(story.consultation, "remark", len(told["said"]))
    for code, entry in zip(codes, told["said"], strict=True):
        _remark(story, edition, code, entry)
    db.session.flush()


def _edition(story: Story, number: int, told: dict[str, Any], kind: PlanState, content: str) -> PlanEdition:
    edition = PlanEdition(
        plan=story.plan, number=number, name=told["name"], kind=kind, act="", body="", dated=story.day(told["kept_on"]),
        content=content, sha256=fingerprint(content), made_at=story.opening(told["kept_on"]), made_by=Role.PLAN_OFFICE)
    db.session.add(edition)
    db.session.flush()
    return edition


def _remark(story: Story, edition: PlanEdition, code: str, entry: dict[str, Any]) -> None:
    node, cited = next((node, cited) for node, cited in services.paragraphs_of(edition) if entry["words"] in node.plain)
    chosen, author = passages.found(node.plain, entry["words"]), story.people[entry["author"]]
    prefix, suffix = passages.around(node.plain, chosen)
    remark = Remark(
        code=code, activity=story.consultation, author=author, municipality_id=author.municipality_id,
        thread=Thread(activity=story.consultation, label=story.text(code)), edition=edition, paragraph=node.id,
        cited=cited, quote=entry["words"], prefix=prefix, suffix=suffix, starts_at=chosen.starts_at,
        ends_at=chosen.ends_at, wish=Wish(entry["wish"]), wording=entry.get("wording", ""), body=entry["why"],
        body_html=richtext.render(entry["why"]))
    contributions.keep(story, code, remark, State.PUBLISHED, story.moment(entry["date"]))
    cast(Thread, remark.thread).path = f"/osservazioni/{remark.id}"
    if "outcome" in entry:
        answer = entry["outcome"]
        db.session.add(Outcome(
            contribution=remark, proposed_by_id=story.people["marta-zanelli"].id, verdict=Verdict(answer["verdict"]),
            reasons=answer["reasons"], proposed_on=story.day(answer["date"]), updated_at=story.moment(answer["date"])))
