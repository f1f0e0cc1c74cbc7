"""Quotes of answers lie before the moderators"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'

STATES = ('draft', 'pending', 'published', 'hidden', 'withdrawn')
KEY = ('submission_id', 'question_id', 'row_id', 'option_id')
AS_BEFORE = {'sqlite_with_rowid': False}


def upgrade():
    with op.batch_alter_table('answer_quote', table_kwargs=AS_BEFORE) as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column(
            'standing', sa.Enum(*STATES, name='state', native_enum=False, length=24, create_constraint=True),
            server_default='published', nullable=False))
        batch_op.add_column(sa.Column('chosen_on', sa.DateTime(timezone=True), nullable=True))
    give_numbers()
    with op.batch_alter_table('answer_quote', table_kwargs=AS_BEFORE) as batch_op:
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('chosen_on', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_answer_quote_number'), ['number'])


def give_numbers():
    """Those that are there are public: they get a number by which they can be called, and a day."""
    bind = op.get_bind()
    quote = sa.table('answer_quote', *(sa.column(name) for name in (*KEY, 'number')),
                     sa.column('chosen_on', sa.DateTime(timezone=True)))
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for row in bind.execute(sa.select(*(quote.c[name] for name in KEY))).all():
        bind.execute(sa.update(quote).where(*(quote.c[name] == value for name, value in zip(KEY, row, strict=True)))
                     .values(number=secrets.randbelow(10 ** 9 - 1) + 1, chosen_on=today))


def downgrade():
    with op.batch_alter_table('answer_quote', table_kwargs=AS_BEFORE) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_answer_quote_number'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_answer_quote_state'), type_='check')
        batch_op.drop_column('chosen_on')
        batch_op.drop_column('standing')
        batch_op.drop_column('number')
