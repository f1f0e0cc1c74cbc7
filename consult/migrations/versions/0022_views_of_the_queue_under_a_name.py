"""Views of the queue that a moderator keeps under a name"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'


def upgrade():
    op.create_table(
        'saved_view', sa.Column('id', sa.Integer(), nullable=False), sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(60), nullable=False), sa.Column('asked', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_view_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('person_id', 'name', name=op.f('uq_saved_view_person_id_name')))


def downgrade():
    op.drop_table('saved_view')
