"""Reviews of decisions, which somebody other than whoever decided answers"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'

OPEN = sa.text('answered_at IS NULL')


def upgrade():
    op.create_table(
        'appeal', sa.Column('id', sa.Integer(), nullable=False), sa.Column('decision_id', sa.Integer(), nullable=False),
        sa.Column('decider_id', sa.Integer(), nullable=False), sa.Column('process_id', sa.Integer(), nullable=True),
        sa.Column('person_id', sa.Integer(), nullable=False), sa.Column('of_author', sa.Boolean(), nullable=False),
        sa.Column('words', sa.String(3000), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('reviewer_id', sa.Integer(), nullable=True), sa.Column('upheld', sa.Boolean(), nullable=True),
        sa.Column('answer_id', sa.Integer(), nullable=True),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('reviewer_id <> decider_id', name=op.f('ck_appeal_another_person_decides')),
        sa.CheckConstraint('answered_at IS NULL OR (reviewer_id IS NOT NULL AND answer_id IS NOT NULL AND upheld IS NOT '
                           'NULL)', name=op.f('ck_appeal_answered_in_words')),
        *(sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_appeal_{column}_{table}'))
          for column, table in (('decision_id', 'decision'), ('decider_id', 'person'), ('process_id', 'process'),
                                ('person_id', 'person'), ('reviewer_id', 'person'), ('answer_id', 'decision'))),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
        sa.UniqueConstraint('answer_id', name=op.f('uq_appeal_answer_id')))
    with op.batch_alter_table('appeal') as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_decision_id'), ['decision_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_appeal_open', ['asked_at', 'id'], unique=False, sqlite_where=OPEN,
                              postgresql_where=OPEN)
        batch_op.create_index('uq_appeal_open', ['decision_id'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade():
    op.drop_table('appeal')
