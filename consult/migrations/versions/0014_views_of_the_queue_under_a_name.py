"""Views of the queue that a moderator keeps under a name; decisions that are read a second time"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade():
    op.create_table(
        'saved_view', sa.Column('id', sa.Integer(), nullable=False), sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(60), nullable=False), sa.Column('asked', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_view_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('person_id', 'name', name=op.f('uq_saved_view_person_id_name')))
    op.create_table('quality_draw', sa.Column('month', sa.String(7), nullable=False),
                    sa.Column('seed', sa.String(64), nullable=False),
                    sa.PrimaryKeyConstraint('month', name=op.f('pk_quality_draw')))
    second_reading()


def second_reading():
    op.create_table(
        'second_reading', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('decision_id', sa.Integer(), nullable=False), sa.Column('decider_id', sa.Integer(), nullable=False),
        sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('reader_id', sa.Integer(), nullable=True), sa.Column('agrees', sa.Boolean(), nullable=True),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('reader_id <> decider_id', name=op.f('ck_second_reading_another_person_reads')),
        sa.CheckConstraint('read_at IS NULL OR (reader_id IS NOT NULL AND agrees IS NOT NULL)',
                           name=op.f('ck_second_reading_read_by_somebody')),
        *(sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_second_reading_{column}_{table}'))
          for column, table in (('decision_id', 'decision'), ('decider_id', 'person'), ('reader_id', 'person'))),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_second_reading')),
        sa.UniqueConstraint('decision_id', name=op.f('uq_second_reading_decision_id')))
    with op.batch_alter_table('second_reading') as batch_op:
        batch_op.create_index('ix_second_reading_unread', ['drawn_at', 'id'], unique=False,
                              sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))


def downgrade():
    for table in ('second_reading', 'quality_draw', 'saved_view'):
        op.drop_table(table)
