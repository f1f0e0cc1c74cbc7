"""Rules of a percorso, in versions"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade():
    op.create_table(
        'rule_list', sa.Column('id', sa.Integer(), nullable=False), sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False), sa.Column('rules', sa.JSON(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_rule_list_process_id_process')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_list')),
        sa.UniqueConstraint('process_id', 'number', name=op.f('uq_rule_list_process_id_number')))


def downgrade():
    op.drop_table('rule_list')
