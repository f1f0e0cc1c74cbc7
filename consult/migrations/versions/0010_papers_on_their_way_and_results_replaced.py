"""Papers of files that are put into the box by portions, and results that others have replaced"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    with op.batch_alter_table('papers_file', schema=None) as batch_op:
        batch_op.add_column(sa.Column('goal', sa.Integer(), nullable=False, server_default='0'))
    op.execute("UPDATE papers_file SET goal = taken")
    with op.batch_alter_table('papers_file', schema=None) as batch_op:
        batch_op.alter_column('goal', server_default=None)
        batch_op.create_check_constraint(batch_op.f('ck_papers_file_goal_not_negative'), sa.text('goal >= 0'))
    op.create_table(
        'replaced_sheet',
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('edition', sa.Integer(), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('why', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_replaced_sheet_activity_id_activity')),
        sa.PrimaryKeyConstraint('activity_id', 'edition', name=op.f('pk_replaced_sheet')))


def downgrade() -> None:
    op.drop_table('replaced_sheet')
    with op.batch_alter_table('papers_file', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_papers_file_goal_not_negative'), type_='check')
        batch_op.drop_column('goal')
