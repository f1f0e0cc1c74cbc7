"""Notes on the parts of the plan among those who write it, and how far each part is"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'

STATES = ('writing', 'to_read', 'agreed')


def upgrade():
    op.create_table(
        'plan_review', sa.Column('part', sa.String(12), nullable=False),
        sa.Column('paragraph', sa.Integer(), nullable=False), sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.Enum(*STATES, name='reviewstate', native_enum=False, length=24, create_constraint=True),
                  nullable=False),
        sa.Column('mark', sa.String(64), nullable=False), sa.Column('set_by_id', sa.Integer(), nullable=True),
        sa.Column('role', sa.String(24), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_review_plan_id_plan')),
        sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_plan_review_set_by_id_person')),
        sa.PrimaryKeyConstraint('part', 'paragraph', name=op.f('pk_plan_review')))
    found_by('plan_review', 'plan_id', 'set_by_id')
    op.create_table(
        'plan_note', sa.Column('id', sa.Integer(), nullable=False), sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('part', sa.String(12), nullable=False), sa.Column('paragraph', sa.Integer(), nullable=False),
        sa.Column('quote', sa.String(300), nullable=False), sa.Column('about_id', sa.Integer(), nullable=True),
        sa.Column('body', sa.Text(), nullable=False), sa.Column('author_id', sa.Integer(), nullable=True),
        sa.Column('role', sa.String(24), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('resolved_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('about_id IS NULL OR resolved_at IS NULL',
                           name=op.f('ck_plan_note_answers_are_not_resolved')),
        sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_note_plan_id_plan')),
        sa.ForeignKeyConstraint(['about_id'], ['plan_note.id'], name=op.f('fk_plan_note_about_id_plan_note'),
                                ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_plan_note_author_id_person')),
        sa.ForeignKeyConstraint(['resolved_by_id'], ['person.id'], name=op.f('fk_plan_note_resolved_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_note')))
    found_by('plan_note', 'plan_id', 'part', 'about_id', 'author_id', 'resolved_by_id')


def found_by(table, *columns):
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f'ix_{table}_{column}'), [column], unique=False)


def downgrade():
    op.drop_table('plan_note')
    op.drop_table('plan_review')
