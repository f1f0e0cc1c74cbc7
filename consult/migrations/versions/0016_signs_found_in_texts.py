"""Signs found in texts, and what the office sets of them"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'

WAITS = sa.text('settled_at IS NULL')


def upgrade():
    op.create_table(
        'screening_settings', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('modes', sa.JSON(), nullable=False),
        sa.Column('insults', sa.JSON(), nullable=False), sa.Column('of_people', sa.JSON(), nullable=False),
        sa.Column('contacts', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_screening_settings')))
    op.create_table(
        'finding', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contribution_id', sa.Integer(), nullable=False), sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('signal', sa.Enum('personal', 'insult', 'links', 'double', 'burst', 'capitals', 'changed',
                                    name='signal', native_enum=False, length=24, create_constraint=True),
                  nullable=False),
        sa.Column('mode', sa.Enum('off', 'hint', 'hold', name='mode', native_enum=False, length=24,
                                  create_constraint=True), nullable=False),
        sa.Column('what', sa.String(16), nullable=False), sa.Column('field', sa.String(24), nullable=False),
        sa.Column('begins', sa.Integer(), nullable=False), sa.Column('ends', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'],
                                name=op.f('fk_finding_contribution_id_contribution')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_finding')))
    with op.batch_alter_table('finding') as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_contribution_id'), ['contribution_id'], unique=False)
        batch_op.create_index('ix_finding_waiting', ['contribution_id', 'found_at'], unique=False, sqlite_where=WAITS,
                              postgresql_where=WAITS)


def downgrade():
    op.drop_table('finding')
    op.drop_table('screening_settings')
