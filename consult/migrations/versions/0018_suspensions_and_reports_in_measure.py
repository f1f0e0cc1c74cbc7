"""Suspensions, which two people decide beyond a week, and reports within measure"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'

OPEN = sa.text('settled_at IS NULL')
UNTIL = ('suspended_until', 'flags_warned_at', 'flags_limited_until', 'next_flag_at')


def upgrade():
    for column in UNTIL:
        op.add_column('person', sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'suspension', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False), sa.Column('subject', sa.String(40), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=True), sa.Column('activity_id', sa.Integer(), nullable=True),
        sa.Column('proposer_id', sa.Integer(), nullable=False), sa.Column('days', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(24), nullable=False), sa.Column('note', sa.String(1000), nullable=False),
        sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('confirmer_id', sa.Integer(), nullable=True),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decision_id', sa.Integer(), nullable=True),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('confirmer_id <> proposer_id', name=op.f('ck_suspension_another_person_confirms')),
        sa.CheckConstraint('days BETWEEN 1 AND 180', name=op.f('ck_suspension_no_longer_than_half_a_year')),
        sa.CheckConstraint('days <= 7 OR ends_at IS NULL OR confirmer_id IS NOT NULL',
                           name=op.f('ck_suspension_four_eyes_beyond_a_week')),
        *(sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_suspension_{column}_{table}'))
          for column, table in (('person_id', 'person'), ('process_id', 'process'), ('activity_id', 'activity'),
                                ('proposer_id', 'person'), ('confirmer_id', 'person'), ('decision_id', 'decision'))),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_suspension')),
        sa.UniqueConstraint('decision_id', name=op.f('uq_suspension_decision_id')))
    with op.batch_alter_table('suspension') as batch_op:
        batch_op.create_index(batch_op.f('ix_suspension_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_suspension_open', ['proposed_at', 'id'], unique=False, sqlite_where=OPEN,
                              postgresql_where=OPEN)
        batch_op.create_index('uq_suspension_open', ['person_id'], unique=True, sqlite_where=OPEN,
                              postgresql_where=OPEN)


def downgrade():
    op.drop_table('suspension')
    with op.batch_alter_table('person') as batch_op:
        for column in UNTIL:
            batch_op.drop_column(column)
