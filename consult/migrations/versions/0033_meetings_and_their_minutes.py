"""Meetings, their agenda, the positions taken on it, and their minutes"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'

HEARD = ('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'statement',
         'outcome_proposed', 'outcome_decided', 'opened', 'results', 'plan', 'passed_on', 'document', 'progress')
OF_MEETINGS = ('convened', 'cancelled', 'circulated', 'minutes')


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)


def _text(name, length=None):
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _instant(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table, column, target, **more):
    return sa.ForeignKeyConstraint([column], [f'{target}.id'], name=op.f(f'fk_{table}_{column}_{target}'), **more)


def _checks(table, **rules):
    return [sa.CheckConstraint(rule, name=op.f(f'ck_{table}_{name}')) for name, rule in rules.items()]


def _heard(*kinds):
    with op.batch_alter_table('happening') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_happening_happeningkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_happening_happeningkind'), sa.column('kind').in_(kinds))


def upgrade():
    _heard(*HEARD, *OF_MEETINGS)
    op.create_table(
        'meeting', _number('id'), _number('body_id', nullable=True), _instant('begins_at'), _instant('ends_at'),
        _text('place', 160), _text('address', 240), _text('online', 500), _text('directions', 1000),
        _instant('convened_at', nullable=True), _text('short_notice', 500), _instant('cancelled_at', nullable=True),
        _text('cancelled_reason', 500), _number('attended', nullable=True), _number('attended_online', nullable=True),
        _number('thread_id', nullable=True),
        *_checks('meeting', begins_before_it_ends='begins_at < ends_at',
                 attended_not_negative='attended IS NULL OR attended >= 0',
                 attended_online_not_negative='attended_online IS NULL OR attended_online >= 0',
                 says_why_cancelled='cancelled_at IS NULL OR length(trim(cancelled_reason)) > 0'),
        _key('meeting', 'id', 'activity'), _key('meeting', 'body_id', 'governance_body', ondelete='SET NULL'),
        _key('meeting', 'thread_id', 'thread'), sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
        sa.UniqueConstraint('thread_id', name=op.f('uq_meeting_thread_id')))
    op.create_table(
        'meeting_organisation', _number('meeting_id'), _number('organisation_id'),
        _key('meeting_organisation', 'meeting_id', 'meeting', ondelete='CASCADE'),
        _key('meeting_organisation', 'organisation_id', 'organisation', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('meeting_id', 'organisation_id', name=op.f('pk_meeting_organisation')))
    op.create_table(
        'agenda_item', _number('id'), _number('meeting_id'), _number('position'), _text('title', 200), _text('text'),
        _key('agenda_item', 'meeting_id', 'meeting', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item')))
    op.create_table(
        'position', _number('id'), _number('agenda_item_id'), _number('organisation_id', nullable=True),
        sa.Column('name', sa.String(160), nullable=True),
        sa.Column('stance', one_of('stance', 'agreement', 'conditional', 'disagreement', 'abstention'), nullable=False),
        _text('note', 600),
        *_checks('position', named_once='(organisation_id IS NULL) <> (name IS NULL)',
                 says_its_condition="stance <> 'conditional' OR length(trim(note)) > 0"),
        _key('position', 'agenda_item_id', 'agenda_item', ondelete='CASCADE'),
        _key('position', 'organisation_id', 'organisation'), sa.PrimaryKeyConstraint('id', name=op.f('pk_position')),
        sa.UniqueConstraint('agenda_item_id', 'organisation_id', name=op.f('uq_position_agenda_item_id_organisation_id')),
        sa.UniqueConstraint('agenda_item_id', 'name', name=op.f('uq_position_agenda_item_id_name')))
    op.create_table(
        'meeting_document', _number('id'), _number('meeting_id'), _text('token', 32), _text('title', 160),
        _text('name', 120), _text('mimetype', 80), _number('size'), _instant('added_at'),
        _key('meeting_document', 'meeting_id', 'meeting', ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_document')),
        sa.UniqueConstraint('token', name=op.f('uq_meeting_document_token')))
    _minutes()
    for table, column in (('meeting', 'body_id'), ('meeting', 'begins_at'), ('meeting_organisation', 'organisation_id'),
                          ('agenda_item', 'meeting_id'), ('position', 'organisation_id'),
                          ('meeting_document', 'meeting_id'), ('minutes_correction', 'minutes_id'),
                          ('minutes_correction', 'written_by_id'), ('minutes_correction', 'organisation_id'),
                          ('minutes_note', 'minutes_id')):
        op.create_index(op.f(f'ix_{table}_{column}'), table, [column])


def _minutes():
    op.create_table(
        'minutes', _number('id'), _number('meeting_id'), _text('body'), _text('body_html'),
        sa.Column('state', one_of('minutesstate', 'draft', 'circulated', 'approved'), nullable=False),
        _instant('circulated_at', nullable=True), _instant('corrections_until', nullable=True),
        _instant('approved_at', nullable=True), _number('version'), _instant('updated_at'),
        *_checks('minutes', circulated_at_a_time="(state = 'draft') = (circulated_at IS NULL)",
                 corrections_until_a_time='(circulated_at IS NULL) = (corrections_until IS NULL)',
                 approved_at_a_time="(state = 'approved') = (approved_at IS NOT NULL)"),
        _key('minutes', 'meeting_id', 'meeting'), sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes')),
        sa.UniqueConstraint('meeting_id', name=op.f('uq_minutes_meeting_id')))
    op.create_table(
        'minutes_correction', _number('id'), _number('minutes_id'), _number('written_by_id', nullable=True),
        _number('organisation_id', nullable=True), _text('text'), _instant('sent_at'),
        sa.Column('taken', sa.Boolean(), nullable=True), _text('answer', 1000), _instant('answered_at', nullable=True),
        _number('version'),
        *_checks('minutes_correction', answered_when_decided='(answered_at IS NULL) = (taken IS NULL)'),
        _key('minutes_correction', 'minutes_id', 'minutes'), _key('minutes_correction', 'written_by_id', 'person'),
        _key('minutes_correction', 'organisation_id', 'organisation'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_correction')))
    op.create_table(
        'minutes_note', _number('id'), _number('minutes_id'), _text('text'), _text('html'), _instant('added_at'),
        _key('minutes_note', 'minutes_id', 'minutes'), sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_note')))


def downgrade():
    op.execute(sa.text('DELETE FROM happening WHERE kind IN :kinds').bindparams(
        sa.bindparam('kinds', OF_MEETINGS, expanding=True)))
    _heard(*HEARD)
    for table in ('minutes_note', 'minutes_correction', 'minutes', 'meeting_document', 'position', 'agenda_item',
                  'meeting_organisation', 'meeting'):
        op.drop_table(table)
