"""Restitutions, phases that were closed, and frozen results found by their fingerprint"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'

TEXTS = ('asked', 'said', 'done')


def _keys(table, *columns):
    return [sa.ForeignKeyConstraint([column], [f'{target}.id'], name=op.f(f'fk_{table}_{column}_{target}'))
            for column, target in columns]


def upgrade():
    op.create_table(
        'restitution', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=True), sa.Column('axis_id', sa.Integer(), nullable=True),
        *(sa.Column(text, sa.JSON(), nullable=False) for text in TEXTS),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('edited_by_id', sa.Integer(), nullable=True),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('(activity_id IS NULL) <> (axis_id IS NULL)', name=op.f('ck_restitution_of_one_thing')),
        *_keys('restitution', ('activity_id', 'activity'), ('axis_id', 'axis'), ('edited_by_id', 'person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_restitution')),
        sa.UniqueConstraint('activity_id', name=op.f('uq_restitution_activity_id')),
        sa.UniqueConstraint('axis_id', name=op.f('uq_restitution_axis_id')))
    op.create_table(
        'restitution_edition', sa.Column('restitution_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        *(sa.Column(text, sa.JSON(), nullable=False) for text in TEXTS),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('published_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('number >= 1', name=op.f('ck_restitution_edition_counted_from_one')),
        *_keys('restitution_edition', ('restitution_id', 'restitution'), ('published_by_id', 'person')),
        sa.PrimaryKeyConstraint('restitution_id', 'number', name=op.f('pk_restitution_edition')))
    op.create_table(
        'phase_closing', sa.Column('phase_id', sa.Integer(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_by_id', sa.Integer(), nullable=True),
        sa.Column('without_restitution', sa.Integer(), nullable=False),
        sa.Column('without_outcome', sa.Integer(), nullable=False), sa.Column('reason', sa.Text(), nullable=False),
        sa.CheckConstraint('without_restitution >= 0 AND without_outcome >= 0',
                           name=op.f('ck_phase_closing_counts_what_is_missing')),
        sa.CheckConstraint('(without_restitution = 0 AND without_outcome = 0) OR length(trim(reason)) >= 20',
                           name=op.f('ck_phase_closing_nothing_missing_or_says_why')),
        *_keys('phase_closing', ('phase_id', 'phase'), ('closed_by_id', 'person')),
        sa.PrimaryKeyConstraint('phase_id', name=op.f('pk_phase_closing')))
    for table in ('result_sheet', 'replaced_sheet'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_index(batch_op.f(f'ix_{table}_sha256'), ['sha256'], unique=False)


def downgrade():
    for table in ('result_sheet', 'replaced_sheet'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(batch_op.f(f'ix_{table}_sha256'))
    for table in ('phase_closing', 'restitution_edition', 'restitution'):
        op.drop_table(table)
