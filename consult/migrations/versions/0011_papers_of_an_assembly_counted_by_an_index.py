"""The papers of an assembly are counted by an index of their own: its screen asks for them again and again"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    with op.batch_alter_table('ballot_paper', schema=None) as batch_op:
        batch_op.create_index('ix_ballot_paper_assembly', ['channel', 'ballot_id'], unique=False,
                              sqlite_where=sa.text("channel = 'assembly'"),
                              postgresql_where=sa.text("channel = 'assembly'"))


def downgrade() -> None:
    with op.batch_alter_table('ballot_paper', schema=None) as batch_op:
        batch_op.drop_index('ix_ballot_paper_assembly', sqlite_where=sa.text("channel = 'assembly'"),
                            postgresql_where=sa.text("channel = 'assembly'"))
