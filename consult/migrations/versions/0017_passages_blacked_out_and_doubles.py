"""Passages that are blacked out, texts that are doubles, and why a discussion had been closed"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'


def upgrade():
    op.create_table(
        'redaction', sa.Column('id', sa.Integer(), nullable=False), sa.Column('subject', sa.String(40), nullable=False),
        sa.Column('contribution_id', sa.Integer(), nullable=True), sa.Column('decision_id', sa.Integer(), nullable=False),
        sa.Column('field', sa.String(40), nullable=False), sa.Column('words', sa.Text(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False), sa.Column('marks', sa.Integer(), nullable=False),
        sa.Column('start', sa.Integer(), nullable=True), sa.Column('lost', sa.Boolean(), nullable=False),
        sa.Column('uncovered_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('place >= 0 AND place < marks', name=op.f('ck_redaction_place_among_the_marks')),
        *(sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_redaction_{column}_{table}'))
          for column, table in (('contribution_id', 'contribution'), ('decision_id', 'decision'),
                                ('uncovered_by_id', 'decision'))),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_redaction')))
    with op.batch_alter_table('redaction') as batch_op:
        for column in ('subject', 'contribution_id', 'decision_id', 'uncovered_by_id'):
            batch_op.create_index(batch_op.f(f'ix_redaction_{column}'), [column], unique=False)
    op.create_table(
        'covered_copy', sa.Column('what', sa.String(16), nullable=False), sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(40), nullable=False), sa.Column('original', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('what', 'number', name=op.f('pk_covered_copy')))
    with op.batch_alter_table('covered_copy') as batch_op:
        batch_op.create_index(batch_op.f('ix_covered_copy_subject'), ['subject'], unique=False)
    op.create_table(
        'double_of', sa.Column('contribution_id', sa.Integer(), nullable=False),
        sa.Column('of_id', sa.Integer(), nullable=False), sa.Column('decision_id', sa.Integer(), nullable=False),
        sa.Column('told_after', sa.Integer(), nullable=False), sa.Column('told', sa.Boolean(), nullable=False),
        sa.CheckConstraint('contribution_id <> of_id', name=op.f('ck_double_of_of_another')),
        *(sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_double_of_{column}_{table}'))
          for column, table in (('contribution_id', 'contribution'), ('of_id', 'contribution'),
                                ('decision_id', 'decision'))),
        sa.PrimaryKeyConstraint('contribution_id', name=op.f('pk_double_of')))
    with op.batch_alter_table('double_of') as batch_op:
        batch_op.create_index(batch_op.f('ix_double_of_of_id'), ['of_id'], unique=False)
    op.create_table(
        'closing_sentence', sa.Column('decision_id', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_closing_sentence_decision_id_decision')),
        sa.PrimaryKeyConstraint('decision_id', name=op.f('pk_closing_sentence')))


def downgrade():
    for table in ('closing_sentence', 'double_of', 'covered_copy', 'redaction'):
        op.drop_table(table)
