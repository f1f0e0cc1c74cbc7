"""Notices of documents that are finished"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'

KINDS = ('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'statement',
         'outcome_proposed', 'outcome_decided', 'opened', 'results', 'plan', 'passed_on')


def one_of(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table('happening') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_happening_happeningkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_happening_happeningkind'), sa.column('kind').in_(kinds))


def upgrade() -> None:
    one_of((*KINDS, 'document'))


def downgrade() -> None:
    op.execute("DELETE FROM happening WHERE kind = 'document'")
    one_of(KINDS)
