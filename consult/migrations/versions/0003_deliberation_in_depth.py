"""Deliberation in depth: files and places, versions and amendments, merging, discussions, notices, search."""

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def follow_anything() -> None:
    """Make the table of what is followed anew, with what it held: so far only contributions could be followed."""
    op.execute("CREATE TABLE followed_before AS SELECT person_id, contribution_id, since FROM follow")
    op.drop_table('follow')
    op.create_table('follow',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('contribution_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(CASE WHEN process_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_follow_one_thing')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_follow_activity_id_activity')),
    sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], name=op.f('fk_follow_contribution_id_contribution')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_follow_person_id_person')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_follow_process_id_process')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow')),
    sa.UniqueConstraint('person_id', 'activity_id', name=op.f('uq_follow_person_id_activity_id')),
    sa.UniqueConstraint('person_id', 'contribution_id', name=op.f('uq_follow_person_id_contribution_id')),
    sa.UniqueConstraint('person_id', 'process_id', name=op.f('uq_follow_person_id_process_id'))
    )
    for column in ('process_id', 'activity_id', 'contribution_id'):
        op.create_index(op.f(f'ix_follow_{column}'), 'follow', [column], unique=False)
    op.execute("INSERT INTO follow (person_id, contribution_id, since) "
               "SELECT person_id, contribution_id, since FROM followed_before ORDER BY since, contribution_id")
    op.drop_table('followed_before')


def reckon() -> None:
    """Fill in what was known but not written: to which text supports were given, which versions were public, and when
    the authority had answered."""
    op.execute("""UPDATE support SET version = coalesce(
        (SELECT min(revision.version) FROM revision WHERE revision.contribution_id = support.contribution_id
            AND revision.created_at > support.given_at),
        (SELECT contribution.version FROM contribution WHERE contribution.id = support.contribution_id))""")
    op.execute("""UPDATE proposal SET current_support_count = (SELECT count(*) FROM support
        JOIN contribution ON contribution.id = support.contribution_id
        WHERE support.contribution_id = proposal.id AND support.version = contribution.version)""")
    op.execute("""UPDATE revision SET public = true WHERE EXISTS (SELECT 1 FROM contribution
        WHERE contribution.id = revision.contribution_id AND contribution.kind = 'proposal'
            AND contribution.published_at <= revision.created_at)""")
    op.execute("UPDATE outcome SET proposed_reasons = reasons")
    outcome = sa.table('outcome', sa.column('contribution_id'), sa.column('verdict'), sa.column('proposed_on', sa.Date()),
                       sa.column('decided_on', sa.Date()))
    proposal = sa.table('proposal', sa.column('id'), sa.column('settled_at', sa.DateTime(timezone=True)))
    for one in op.get_bind().execute(sa.select(outcome).where(outcome.c.verdict != 'under_review')).all():
        op.execute(sa.update(proposal).where(proposal.c.id == one.contribution_id).values(
            settled_at=datetime.combine(one.decided_on or one.proposed_on, time(), UTC)))


def upgrade() -> None:
    op.create_table('search_posting',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('stem', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('contribution_id', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('activity_id', 'stem', 'contribution_id', name=op.f('pk_search_posting')),
    sqlite_with_rowid=False
    )
    op.create_table('search_word',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('word', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('stem', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.CheckConstraint('documents >= 0', name=op.f('ck_search_word_documents_not_negative')),
    sa.PrimaryKeyConstraint('activity_id', 'word', 'stem', name=op.f('pk_search_word')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_word', schema=None) as batch_op:
        batch_op.create_index('ix_search_word_stem', ['activity_id', 'stem'], unique=False)

    op.create_table('boundary',
    sa.Column('municipality_id', sa.Integer(), nullable=False),
    sa.Column('polygons', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_boundary_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('municipality_id', name=op.f('pk_boundary'))
    )
    op.create_table('reply_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('verdict', sa.Enum('accepted', 'partly', 'not_accepted', 'out_of_scope', 'under_review', name='verdict', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_reply_template_process_id_process')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_template'))
    )
    with op.batch_alter_table('reply_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_template_process_id'), ['process_id'], unique=False)

    op.create_table('notice_pace',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('pace', sa.Enum('at_once', 'daily', 'weekly', 'never', name='pace', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('mailed_to', sa.Integer(), nullable=False),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_to', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_pace_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_notice_pace'))
    )
    with op.batch_alter_table('notice_pace', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_pace_pace'), ['pace'], unique=False)

    op.create_table('outcome_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('proposed', 'decided', name='batchkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded', sa.JSON(), nullable=False),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_outcome_batch_process_id_process')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_outcome_batch_sent_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_batch'))
    )
    with op.batch_alter_table('outcome_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outcome_batch_process_id'), ['process_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_batch_sent_by_id'), ['sent_by_id'], unique=False)

    op.create_table('derivation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('merge', 'split', name='derivationkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('supporter_count', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(reason) >= 20', name=op.f('ck_derivation_says_why')),
    sa.CheckConstraint('supporter_count >= 0', name=op.f('ck_derivation_supporters_not_negative')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_derivation_activity_id_activity')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_derivation_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_derivation'))
    )
    with op.batch_alter_table('derivation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_derivation_activity_id'), ['activity_id'], unique=False)

    op.create_table('discussion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('openers', sa.Enum('staff', 'everybody', name='openers', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('columns', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['activity.id'], name=op.f('fk_discussion_id_activity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion'))
    )
    op.create_table('call_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('short_text', 'long_text', 'number', 'choice', 'date', name='fieldkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('label', sa.JSON(), nullable=False),
    sa.Column('help', sa.JSON(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['proposal_call.id'], name=op.f('fk_call_field_call_id_proposal_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_field'))
    )
    with op.batch_alter_table('call_field', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_field_call_id'), ['call_id'], unique=False)

    op.create_table('proposal_category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['proposal_call.id'], name=op.f('fk_proposal_category_call_id_proposal_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_category'))
    )
    with op.batch_alter_table('proposal_category', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_category_call_id'), ['call_id'], unique=False)

    op.create_table('thread_visit',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('seen_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_thread_visit_person_id_person')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_thread_visit_thread_id_thread')),
    sa.PrimaryKeyConstraint('person_id', 'thread_id', name=op.f('pk_thread_visit'))
    )
    with op.batch_alter_table('thread_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_visit_thread_id'), ['thread_id'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('contribution_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('mimetype', sa.String(length=80), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('small_width', sa.Integer(), nullable=True),
    sa.Column('small_height', sa.Integer(), nullable=True),
    sa.Column('description', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(width IS NULL) = (height IS NULL) AND (width IS NULL) = (small_width IS NULL) AND (width IS NULL) = (small_height IS NULL)', name=op.f('ck_attachment_whole_measures')),
    sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], name=op.f('fk_attachment_contribution_id_contribution')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_attachment_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('token', name=op.f('uq_attachment_token'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_contribution_id'), ['contribution_id'], unique=False)
        batch_op.create_index('ix_attachment_loose', ['created_at'], unique=False, sqlite_where=sa.text('contribution_id IS NULL'), postgresql_where=sa.text('contribution_id IS NULL'))
        batch_op.create_index(batch_op.f('ix_attachment_owner_id'), ['owner_id'], unique=False)

    op.create_table('field_option',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('field_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['field_id'], ['call_field.id'], name=op.f('fk_field_option_field_id_call_field')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_option'))
    )
    with op.batch_alter_table('field_option', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_field_option_field_id'), ['field_id'], unique=False)

    op.create_table('happening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'outcome_proposed', 'outcome_decided', 'opened', 'results', 'plan', name='happeningkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('process_id', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('contribution_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_happening_activity_id_activity')),
    sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], name=op.f('fk_happening_contribution_id_contribution')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_happening_person_id_person')),
    sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_happening_process_id_process')),
    sa.ForeignKeyConstraint(['subject_id'], ['contribution.id'], name=op.f('fk_happening_subject_id_contribution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_happening'))
    )
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_happening_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_happening_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_happening_contribution_id'), ['contribution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_happening_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_happening_process_id'), ['process_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_happening_subject_id'), ['subject_id'], unique=False)

    op.create_table('place',
    sa.Column('contribution_id', sa.Integer(), nullable=False),
    sa.Column('municipality_id', sa.Integer(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('address', sa.String(length=160), nullable=False),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_place_whole_point')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180', name=op.f('ck_place_on_earth')),
    sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], name=op.f('fk_place_contribution_id_contribution')),
    sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'], name=op.f('fk_place_municipality_id_municipality')),
    sa.PrimaryKeyConstraint('contribution_id', name=op.f('pk_place'))
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_municipality_id'), ['municipality_id'], unique=False)

    op.create_table('search_document',
    sa.Column('contribution_id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_search_document_activity_id_activity')),
    sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], name=op.f('fk_search_document_contribution_id_contribution')),
    sa.PrimaryKeyConstraint('contribution_id', name=op.f('pk_search_document'))
    )
    with op.batch_alter_table('search_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_document_activity_id'), ['activity_id'], unique=False)

    op.create_table('topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('summary_html', sa.Text(), nullable=False),
    sa.Column('summarised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('summarised_by_id', sa.Integer(), nullable=True),
    sa.Column('rests_on', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['contribution.id'], name=op.f('fk_topic_id_contribution')),
    sa.ForeignKeyConstraint(['summarised_by_id'], ['person.id'], name=op.f('fk_topic_summarised_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic'))
    )
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_summarised_by_id'), ['summarised_by_id'], unique=False)

    op.create_table('agreement',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('agrees', sa.Boolean(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_agreement_comment_id_comment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_agreement_person_id_person')),
    sa.PrimaryKeyConstraint('comment_id', 'person_id', name=op.f('pk_agreement'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_person_id'), ['person_id'], unique=False)

    op.create_table('amendment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.Column('answer', sa.Enum('accepted', 'declined', name='answer', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('answer_reason', sa.String(length=2000), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('applied_version', sa.Integer(), nullable=True),
    sa.CheckConstraint("(applied_version IS NOT NULL) = (answer IS NOT NULL AND answer = 'accepted')", name=op.f('ck_amendment_applied_if_accepted')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_amendment_answered_at_a_time')),
    sa.CheckConstraint('answer IS NULL OR length(answer_reason) > 0', name=op.f('ck_amendment_answered_with_a_reason')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_amendment_answered_by_id_person')),
    sa.ForeignKeyConstraint(['id'], ['contribution.id'], name=op.f('fk_amendment_id_contribution')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_amendment_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment'))
    )
    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_amendment_answered_by_id'), ['answered_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_amendment_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('co_author',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_co_author_person_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_co_author_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'person_id', name=op.f('pk_co_author'))
    )
    with op.batch_alter_table('co_author', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_co_author_person_id'), ['person_id'], unique=False)

    op.create_table('derivation_member',
    sa.Column('derivation_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('original', 'successor', name='side', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('was_locked', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['derivation_id'], ['derivation.id'], name=op.f('fk_derivation_member_derivation_id_derivation')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_derivation_member_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('derivation_id', 'proposal_id', name=op.f('pk_derivation_member')),
    sa.UniqueConstraint('proposal_id', 'side', name=op.f('uq_derivation_member_proposal_id_side'))
    )
    op.create_table('descent',
    sa.Column('ancestor_id', sa.Integer(), nullable=False),
    sa.Column('descendant_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ancestor_id'], ['proposal.id'], name=op.f('fk_descent_ancestor_id_proposal')),
    sa.ForeignKeyConstraint(['descendant_id'], ['proposal.id'], name=op.f('fk_descent_descendant_id_proposal')),
    sa.PrimaryKeyConstraint('ancestor_id', 'descendant_id', name=op.f('pk_descent'))
    )
    with op.batch_alter_table('descent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_descent_descendant_id'), ['descendant_id'], unique=False)

    op.create_table('endorsement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandate.id'], name=op.f('fk_endorsement_mandate_id_mandate')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_endorsement_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_endorsement_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_endorsement'))
    )
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_endorsement_mandate_id'), ['mandate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_endorsement_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_endorsement_standing', ['proposal_id', 'organisation_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('field_answer',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('field_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('option_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(CASE WHEN text IS NULL THEN 0 ELSE 1 END) + (CASE WHEN number IS NULL THEN 0 ELSE 1 END) + (CASE WHEN day IS NULL THEN 0 ELSE 1 END) + (CASE WHEN option_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_field_answer_one_answer')),
    sa.ForeignKeyConstraint(['field_id'], ['call_field.id'], name=op.f('fk_field_answer_field_id_call_field')),
    sa.ForeignKeyConstraint(['option_id'], ['field_option.id'], name=op.f('fk_field_answer_option_id_field_option')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_field_answer_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('proposal_id', 'field_id', name=op.f('pk_field_answer'))
    )
    with op.batch_alter_table('field_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_field_answer_field_id'), ['field_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_field_answer_option_id'), ['option_id'], unique=False)

    op.create_table('official_reply',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_official_reply_comment_id_comment')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_official_reply_thread_id_thread')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_official_reply'))
    )
    with op.batch_alter_table('official_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_official_reply_thread_id'), ['thread_id'], unique=False)

    op.create_table('support_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('successor_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('carries', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_support_consent_person_id_person')),
    sa.ForeignKeyConstraint(['successor_id'], ['proposal.id'], name=op.f('fk_support_consent_successor_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_consent')),
    sa.UniqueConstraint('id', 'successor_id', 'person_id', name=op.f('uq_support_consent_id_successor_id_person_id')),
    sa.UniqueConstraint('successor_id', 'person_id', name=op.f('uq_support_consent_successor_id_person_id'))
    )
    with op.batch_alter_table('support_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_consent_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreements', sa.String(length=24), nullable=False, server_default='both'))
        batch_op.create_check_constraint(op.f('ck_activity_agreements'), "agreements IN ('both', 'agree', 'off')")

    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quoted_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('quote', sa.String(length=500), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_comment_quoted_id'), ['quoted_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_comment_quoted_id_comment'), 'comment', ['quoted_id'], ['id'])
        batch_op.drop_constraint(op.f('ck_comment_stance'), type_='check')
        batch_op.create_check_constraint(op.f('ck_comment_stance'), "stance IN ('favourable', 'neutral', 'against', 'question')")

    with op.batch_alter_table('contribution', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agree_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('disagree_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('attachment_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('side', sa.String(length=24), nullable=True))
        batch_op.create_check_constraint(op.f('ck_contribution_side'), "side IN ('for', 'against', 'other')")
        batch_op.drop_index(batch_op.f('ix_contribution_author_id'))
        batch_op.drop_index(batch_op.f('ix_contribution_thread'))
        batch_op.create_index('ix_contribution_thread', ['thread_id', 'kind', 'state', 'id'], unique=False)
        batch_op.drop_index('ix_contribution_waiting')
        batch_op.create_index('ix_contribution_waiting', ['created_at', 'id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index('ix_contribution_author', ['author_id', 'thread_id'], unique=False)
        batch_op.create_index('ix_contribution_first_agreed', ['thread_id', 'agree_count', 'id'], unique=False, sqlite_where=sa.text('about_id IS NULL'), postgresql_where=sa.text('about_id IS NULL'))
        batch_op.create_index('ix_contribution_first_discussed', ['thread_id', 'comment_count', 'id'], unique=False, sqlite_where=sa.text('about_id IS NULL'), postgresql_where=sa.text('about_id IS NULL'))
        batch_op.create_index('ix_contribution_side', ['thread_id', 'side', 'id'], unique=False, sqlite_where=sa.text('side IS NOT NULL'), postgresql_where=sa.text('side IS NOT NULL'))
        batch_op.create_index('ix_contribution_side_agreed', ['thread_id', 'side', 'agree_count', 'id'], unique=False, sqlite_where=sa.text('side IS NOT NULL'), postgresql_where=sa.text('side IS NOT NULL'))
        batch_op.create_index('ix_contribution_side_discussed', ['thread_id', 'side', 'comment_count', 'id'], unique=False, sqlite_where=sa.text('side IS NOT NULL'), postgresql_where=sa.text('side IS NOT NULL'))
        batch_op.create_check_constraint(op.f('ck_contribution_attachments_not_negative'), 'attachment_count >= 0')
        batch_op.create_check_constraint(op.f('ck_contribution_agreements_not_negative'), 'agree_count >= 0 AND disagree_count >= 0')

    follow_anything()

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('subject', sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f('ix_invitation_subject'), ['subject'], unique=False)
        batch_op.drop_constraint(op.f('ck_invitation_to_one_thing'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitation_to_one_thing'), '(CASE WHEN role IS NULL THEN 0 ELSE 1 END) + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN subject IS NULL THEN 0 ELSE 1 END) = 1')

    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unsubscribe', sa.String(length=300), nullable=False, server_default=''))

    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proposed_reasons', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('act', sa.String(length=80), nullable=False, server_default=''))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_display_name'), ['display_name'], unique=False)

    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('category_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cost', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('written_on', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('derived', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('carried_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('current_support_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('endorsement_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('coauthor_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_index(batch_op.f('ix_proposal_category_id'), ['category_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_proposal_category_id_proposal_category'), 'proposal_category', ['category_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_proposal_cost_not_negative'), 'cost >= 0')
        batch_op.create_check_constraint(op.f('ck_proposal_carried_not_negative'), 'carried_count >= 0')
        batch_op.create_check_constraint(op.f('ck_proposal_current_supports_not_negative'), 'current_support_count >= 0')
        batch_op.create_check_constraint(op.f('ck_proposal_endorsements_not_negative'), 'endorsement_count >= 0')
        batch_op.create_check_constraint(op.f('ck_proposal_coauthors_not_negative'), 'coauthor_count >= 0')

    with op.batch_alter_table('proposal_call', schema=None) as batch_op:
        batch_op.add_column(sa.Column('supports_each', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('most_per_person', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('most_per_organisation', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('takes_amendments', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('body_template', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('asks_axis', sa.String(length=24), nullable=False, server_default='optional'))
        batch_op.create_check_constraint(op.f('ck_proposal_call_asks_axis'), "asks_axis IN ('not', 'optional', 'required')")
        batch_op.add_column(sa.Column('asks_category', sa.String(length=24), nullable=False, server_default='optional'))
        batch_op.create_check_constraint(op.f('ck_proposal_call_asks_category'), "asks_category IN ('not', 'optional', 'required')")
        batch_op.add_column(sa.Column('asks_place', sa.String(length=24), nullable=False, server_default='not'))
        batch_op.create_check_constraint(op.f('ck_proposal_call_asks_place'), "asks_place IN ('not', 'optional', 'required')")
        batch_op.add_column(sa.Column('asks_cost', sa.String(length=24), nullable=False, server_default='not'))
        batch_op.create_check_constraint(op.f('ck_proposal_call_asks_cost'), "asks_cost IN ('not', 'optional', 'required')")
        batch_op.add_column(sa.Column('asks_attachments', sa.String(length=24), nullable=False, server_default='not'))
        batch_op.create_check_constraint(op.f('ck_proposal_call_asks_attachments'), "asks_attachments IN ('not', 'optional', 'required')")
        batch_op.add_column(sa.Column('only_axes', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('only_places', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.create_check_constraint(op.f('ck_proposal_call_some_for_a_person'), 'most_per_person > 0')
        batch_op.create_check_constraint(op.f('ck_proposal_call_some_for_an_organisation'), 'most_per_organisation > 0')
        batch_op.create_check_constraint(op.f('ck_proposal_call_some_supports_each'), 'supports_each > 0')

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(length=500), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('applied_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('public', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('hidden_for', sa.String(length=24), nullable=True))
        batch_op.create_check_constraint(op.f('ck_revision_flagreason'), "hidden_for IN ('offence', 'personal_data', 'discrimination', 'illegal', 'spam', 'off_topic')")
        batch_op.alter_column('editor_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_revision_applied_id'), ['applied_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_revision_editor_id'), ['editor_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_revision_applied_id_contribution'), 'contribution', ['applied_id'], ['id'])

    with op.batch_alter_table('support', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('consent_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_support_consent_id'), ['consent_id'])
        batch_op.create_foreign_key('fk_support_its_consent', 'support_consent', ['consent_id', 'contribution_id', 'person_id'], ['id', 'successor_id', 'person_id'])

    with op.batch_alter_table('support_tally', schema=None) as batch_op:
        batch_op.add_column(sa.Column('carried', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_check_constraint(op.f('ck_support_tally_carried_among_them'), '0 <= carried AND carried <= count')

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('subject', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('columns', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('lock_reason', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_thread_subject'), ['subject'])

    reckon()


def downgrade() -> None:
    op.execute("DELETE FROM invitation WHERE subject IS NOT NULL")
    op.execute("UPDATE comment SET stance = NULL WHERE stance = 'question'")
    op.execute("DELETE FROM revision WHERE editor_id IS NULL")
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_thread_subject'), type_='unique')
        batch_op.drop_column('replied_at')
        batch_op.drop_column('lock_reason')
        batch_op.drop_column('columns')
        batch_op.drop_column('subject')

    with op.batch_alter_table('support_tally', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_support_tally_carried_among_them'), type_='check')
        batch_op.drop_column('carried')

    with op.batch_alter_table('support', schema=None) as batch_op:
        batch_op.drop_constraint('fk_support_its_consent', type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_support_consent_id'), type_='unique')
        batch_op.drop_column('consent_id')
        batch_op.drop_column('version')

    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_revision_flagreason'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_revision_applied_id_contribution'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_revision_editor_id'))
        batch_op.drop_index(batch_op.f('ix_revision_applied_id'))
        batch_op.alter_column('editor_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('hidden_for')
        batch_op.drop_column('public')
        batch_op.drop_column('applied_id')
        batch_op.drop_column('reason')

    with op.batch_alter_table('proposal_call', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_proposal_call_asks_axis'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_asks_category'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_asks_place'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_asks_cost'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_asks_attachments'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_some_for_a_person'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_some_for_an_organisation'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_call_some_supports_each'), type_='check')
        batch_op.drop_column('only_places')
        batch_op.drop_column('only_axes')
        batch_op.drop_column('asks_attachments')
        batch_op.drop_column('asks_cost')
        batch_op.drop_column('asks_place')
        batch_op.drop_column('asks_category')
        batch_op.drop_column('asks_axis')
        batch_op.drop_column('body_template')
        batch_op.drop_column('takes_amendments')
        batch_op.drop_column('most_per_organisation')
        batch_op.drop_column('most_per_person')
        batch_op.drop_column('supports_each')

    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_proposal_cost_not_negative'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_carried_not_negative'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_current_supports_not_negative'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_endorsements_not_negative'), type_='check')
        batch_op.drop_constraint(op.f('ck_proposal_coauthors_not_negative'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_proposal_category_id_proposal_category'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_proposal_category_id'))
        batch_op.drop_column('coauthor_count')
        batch_op.drop_column('endorsement_count')
        batch_op.drop_column('current_support_count')
        batch_op.drop_column('settled_at')
        batch_op.drop_column('carried_count')
        batch_op.drop_column('derived')
        batch_op.drop_column('replaced_at')
        batch_op.drop_column('written_on')
        batch_op.drop_column('saved_at')
        batch_op.drop_column('cost')
        batch_op.drop_column('category_id')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_display_name'))

    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_column('act')
        batch_op.drop_column('proposed_reasons')

    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_column('unsubscribe')

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invitation_to_one_thing'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitation_to_one_thing'), '(role IS NULL) <> (organisation_id IS NULL)')
        batch_op.drop_index(batch_op.f('ix_invitation_subject'))
        batch_op.drop_column('subject')

    op.execute("CREATE TABLE followed_before AS SELECT person_id, contribution_id, since FROM follow "
               "WHERE contribution_id IS NOT NULL")
    op.drop_table('follow')
    op.create_table('follow',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('contribution_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], name=op.f('fk_follow_contribution_id_contribution')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_follow_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'contribution_id', name=op.f('pk_follow'))
    )
    op.create_index(op.f('ix_follow_contribution_id'), 'follow', ['contribution_id'], unique=False)
    op.execute("INSERT INTO follow SELECT person_id, contribution_id, since FROM followed_before")
    op.drop_table('followed_before')

    with op.batch_alter_table('contribution', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_contribution_side'), type_='check')
        batch_op.drop_constraint(op.f('ck_contribution_attachments_not_negative'), type_='check')
        batch_op.drop_constraint(op.f('ck_contribution_agreements_not_negative'), type_='check')
        batch_op.drop_index('ix_contribution_side_discussed', sqlite_where=sa.text('side IS NOT NULL'), postgresql_where=sa.text('side IS NOT NULL'))
        batch_op.drop_index('ix_contribution_side_agreed', sqlite_where=sa.text('side IS NOT NULL'), postgresql_where=sa.text('side IS NOT NULL'))
        batch_op.drop_index('ix_contribution_side', sqlite_where=sa.text('side IS NOT NULL'), postgresql_where=sa.text('side IS NOT NULL'))
        batch_op.drop_index('ix_contribution_first_discussed', sqlite_where=sa.text('about_id IS NULL'), postgresql_where=sa.text('about_id IS NULL'))
        batch_op.drop_index('ix_contribution_first_agreed', sqlite_where=sa.text('about_id IS NULL'), postgresql_where=sa.text('about_id IS NULL'))
        batch_op.drop_index('ix_contribution_author')
        batch_op.drop_index('ix_contribution_waiting', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index('ix_contribution_waiting', ['state', 'created_at', 'id'], unique=False)
        batch_op.drop_index('ix_contribution_thread')
        batch_op.create_index(batch_op.f('ix_contribution_thread'), ['thread_id', 'kind', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_contribution_author_id'), ['author_id'], unique=False)
        batch_op.drop_column('side')
        batch_op.drop_column('attachment_count')
        batch_op.drop_column('disagree_count')
        batch_op.drop_column('agree_count')

    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_comment_stance'), type_='check')
        batch_op.create_check_constraint(op.f('ck_comment_stance'), "stance IN ('favourable', 'neutral', 'against')")
        batch_op.drop_constraint(batch_op.f('fk_comment_quoted_id_comment'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_comment_quoted_id'))
        batch_op.drop_column('edited_at')
        batch_op.drop_column('quote')
        batch_op.drop_column('quoted_id')

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_activity_agreements'), type_='check')
        batch_op.drop_column('agreements')

    with op.batch_alter_table('support_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_support_consent_person_id'))

    op.drop_table('support_consent')
    with op.batch_alter_table('official_reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_official_reply_thread_id'))

    op.drop_table('official_reply')
    with op.batch_alter_table('field_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_field_answer_option_id'))
        batch_op.drop_index(batch_op.f('ix_field_answer_field_id'))

    op.drop_table('field_answer')
    with op.batch_alter_table('endorsement', schema=None) as batch_op:
        batch_op.drop_index('uq_endorsement_standing', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_endorsement_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_endorsement_mandate_id'))

    op.drop_table('endorsement')
    with op.batch_alter_table('descent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_descent_descendant_id'))

    op.drop_table('descent')
    op.drop_table('derivation_member')
    with op.batch_alter_table('co_author', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_co_author_person_id'))

    op.drop_table('co_author')
    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_amendment_proposal_id'))
        batch_op.drop_index(batch_op.f('ix_amendment_answered_by_id'))

    op.drop_table('amendment')
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_person_id'))

    op.drop_table('agreement')
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topic_summarised_by_id'))

    op.drop_table('topic')
    with op.batch_alter_table('search_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_document_activity_id'))

    op.drop_table('search_document')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_place_municipality_id'))

    op.drop_table('place')
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_happening_subject_id'))
        batch_op.drop_index(batch_op.f('ix_happening_process_id'))
        batch_op.drop_index(batch_op.f('ix_happening_person_id'))
        batch_op.drop_index(batch_op.f('ix_happening_contribution_id'))
        batch_op.drop_index(batch_op.f('ix_happening_at'))
        batch_op.drop_index(batch_op.f('ix_happening_activity_id'))

    op.drop_table('happening')
    with op.batch_alter_table('field_option', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_field_option_field_id'))

    op.drop_table('field_option')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_owner_id'))
        batch_op.drop_index('ix_attachment_loose', sqlite_where=sa.text('contribution_id IS NULL'), postgresql_where=sa.text('contribution_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_attachment_contribution_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('thread_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_visit_thread_id'))

    op.drop_table('thread_visit')
    with op.batch_alter_table('proposal_category', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_category_call_id'))

    op.drop_table('proposal_category')
    with op.batch_alter_table('call_field', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_field_call_id'))

    op.drop_table('call_field')
    op.drop_table('discussion')
    with op.batch_alter_table('derivation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_derivation_activity_id'))

    op.drop_table('derivation')
    with op.batch_alter_table('outcome_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outcome_batch_sent_by_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_batch_process_id'))

    op.drop_table('outcome_batch')
    with op.batch_alter_table('notice_pace', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_pace_pace'))

    op.drop_table('notice_pace')
    with op.batch_alter_table('reply_template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reply_template_process_id'))

    op.drop_table('reply_template')
    op.drop_table('boundary')
    with op.batch_alter_table('search_word', schema=None) as batch_op:
        batch_op.drop_index('ix_search_word_stem')

    op.drop_table('search_word')
    op.drop_table('search_posting')
