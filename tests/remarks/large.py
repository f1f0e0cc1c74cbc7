"""A plan with 500 paragraphs, 300 links and 2,000 remarks, made in a few statements."""

import random
from typing import Any

import sqlalchemy as sa

from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State, Thread
from consult.core import clock, richtext
from consult.core.db import db, table
from consult.core.languages import Localized
from consult.editions.models import PlanEdition
from consult.planning.models import DraftConsultation, Paragraph, Plan, Relation, Section, TraceLink
from consult.processes.models import Channel
from consult.remarks import services
from consult.remarks.models import Remark, Wish
from tests.remarks.rewriting import Rewriting

SECTIONS, PARAGRAPHS, LINKS, REMARKS = 25, 500, 300, 2_000


def write(plan: Plan, consultation: DraftConsultation, *, paragraphs: int = PARAGRAPHS, first: int = 100) -> None:
    """Write the sections, each paragraph with its thread."""
    words = Rewriting(random.Random(7), paragraphs=max(20, paragraphs)).before  # noqa: S311
    each = max(1, paragraphs // SECTIONS)
    for number, start in enumerate(range(0, paragraphs, each), first):
        texts = [one.text for one in words[start:min(start + each, paragraphs)]]
        section = Section(plan=plan, code=f"L{number}", position=number, title=f"Sezione {number}",
                          body="\n\n".join(texts))
        section.paragraphs = [
            Paragraph(position=place, text=text, html=richtext.render_staff(text),
                      thread=Thread(activity=consultation, label=Localized.of(text[:80]), path="/"))
            for place, text in enumerate(texts, 1)]
        db.session.add(section)
    db.session.flush()


def link(plan: Plan, contribution_ids: list[int], person_id: int, links: int = LINKS) -> None:
    """Link contributions to sections, each to another."""
    sections = list(db.session.scalars(sa.select(Section.id).where(
        Section.plan_id == plan.id, Section.code.like("L%"))))
    pairs = [(one, other) for one in contribution_ids for other in sections][:links]
    db.session.execute(sa.insert(TraceLink), [
        {"contribution_id": one, "section_id": other, "relation": Relation.INSPIRED, "created_by_id": person_id,
         "reason": "Chiesta da molte persone.", "created_at": clock.now()} for one, other in pairs])


def remark(edition: PlanEdition, consultation: DraftConsultation, author_id: int, remarks: int = REMARKS) -> None:
    """Say something of each paragraph in turn."""
    spots, now = services.paragraphs_of(edition), clock.now()
    head, _hyphen, number = contributions.next_code(consultation, "remark", remarks).rpartition("-")
    after = (db.session.scalar(sa.select(sa.func.max(Contribution.id))) or 0) + 1
    common: list[dict[str, Any]] = [{
        "id": after + at, "kind": "remark", "code": f"{head}-{int(number) + at:04}", "activity_id": consultation.id,
        "author_id": author_id, "state": State.PUBLISHED, "language": "it", "channel": Channel.ONLINE,
        "support_count": 0, "comment_count": 0, "agree_count": 0, "disagree_count": 0, "attachment_count": 0,
        "flag_count": 0, "version": 1, "created_at": now, "published_at": now} for at in range(remarks)]
    own = []
    for at in range(remarks):
        node, cited = spots[at % len(spots)]
        end = min(len(node.plain), 40)
        own.append({
            "id": after + at, "edition_id": edition.id, "paragraph": node.id, "cited": cited, "whole": False,
            "quote": node.plain[:end], "prefix": "", "suffix": node.plain[end:end + 60], "starts_at": 0,
            "ends_at": end, "wish": Wish.REMARK, "wording": "", "body": "Non è chiaro.",
            "body_html": "<p>Non è chiaro.</p>"})
    db.session.execute(sa.insert(table(Contribution)), common)
    db.session.execute(sa.insert(table(Remark)), own)
