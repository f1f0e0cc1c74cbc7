"""Files of conversations that wait to be taken, texts of reservations withheld, and hearing of new statements"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'

KINDS = ('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'outcome_proposed',
         'outcome_decided', 'opened', 'results', 'plan')
WHY = ('offence', 'personal_data', 'discrimination', 'illegal', 'spam', 'off_topic')


def one_of(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_happening_happeningkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_happening_happeningkind'), sa.column('kind').in_(kinds))


def upgrade() -> None:
    op.create_table(
        'conversation_file',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('sent_by_id', sa.Integer(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('conversation_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'],
                                name=op.f('fk_conversation_file_conversation_id_conversation')),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_conversation_file_process_id_process')),
        sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_conversation_file_sent_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_file')),
        sa.UniqueConstraint('process_id', 'sha256', name=op.f('uq_conversation_file_process_id_sha256')))
    with op.batch_alter_table('conversation_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conversation_file_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conversation_file_sent_at'), ['sent_at'], unique=False)
    with op.batch_alter_table('ballot_caveat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withheld', sa.String(length=24), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_ballot_caveat_flagreason'), sa.column('withheld').in_(WHY))
    one_of((*KINDS, 'statement'))


def downgrade() -> None:
    op.execute("DELETE FROM happening WHERE kind = 'statement'")
    one_of(KINDS)
    with op.batch_alter_table('ballot_caveat', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_ballot_caveat_flagreason'), type_='check')
        batch_op.drop_column('withheld')
    op.drop_table('conversation_file')
