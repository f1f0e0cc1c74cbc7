"""Proposals split by moderators, notices of what is passed on, and why a suspension was not confirmed"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0019'

KINDS = ('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'statement',
         'outcome_proposed', 'outcome_decided', 'opened', 'results', 'plan')


def one_of(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table('happening') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_happening_happeningkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_happening_happeningkind'), sa.column('kind').in_(kinds))


def upgrade() -> None:
    with op.batch_alter_table('derivation') as batch_op:
        batch_op.add_column(sa.Column('moderated', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('tell_from', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_derivation_tell_from'), ['tell_from'], unique=False)
    with op.batch_alter_table('happening') as batch_op:
        batch_op.add_column(sa.Column('matter', sa.String(40), nullable=True))
    one_of((*KINDS, 'passed_on'))
    with op.batch_alter_table('suspension') as batch_op:
        batch_op.add_column(sa.Column('dismissal', sa.String(1000), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('suspension') as batch_op:
        batch_op.drop_column('dismissal')
    op.execute("DELETE FROM happening WHERE kind = 'passed_on'")
    one_of(KINDS)
    with op.batch_alter_table('happening') as batch_op:
        batch_op.drop_column('matter')
    with op.batch_alter_table('derivation') as batch_op:
        batch_op.drop_index(batch_op.f('ix_derivation_tell_from'))
        batch_op.drop_column('tell_from')
        batch_op.drop_column('moderated')
