"""Why a commitment or a signatory was withdrawn, following one commitment, and putting it to the vote"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'

KINDS = ('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'statement',
         'outcome_proposed', 'outcome_decided', 'opened', 'results', 'plan', 'passed_on', 'document', 'progress',
         'convened', 'cancelled', 'circulated', 'minutes')
STATES = ('agreed', 'under_way', 'kept', 'not_kept', 'withdrawn')
FOLLOWED = ('process_id', 'activity_id', 'contribution_id')
REASONED = ('commitment', 'signatory')


def only_one(names: tuple[str, ...]) -> str:
    return ' + '.join(f'(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)' for name in names) + ' = 1'


def heard(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table('happening') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_happening_happeningkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_happening_happeningkind'), sa.column('kind').in_(kinds))


def upgrade() -> None:
    for table in REASONED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('withdrawn_reason', sa.String(1000), server_default='', nullable=False))
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column('withdrawn_reason', server_default=None)
    for table in ('follow', 'happening'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('commitment_id', sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f'fk_{table}_commitment_id_commitment'), 'commitment',
                                        ['commitment_id'], ['id'])
            batch_op.create_index(batch_op.f(f'ix_{table}_commitment_id'), ['commitment_id'], unique=False)
    with op.batch_alter_table('follow') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_follow_one_thing'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_follow_one_thing'), only_one((*FOLLOWED, 'commitment_id')))
        batch_op.create_unique_constraint(batch_op.f('uq_follow_person_id_commitment_id'),
                                          ['person_id', 'commitment_id'])
    with op.batch_alter_table('ballot_option') as batch_op:
        batch_op.add_column(sa.Column('commitment_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_ballot_option_commitment_id_commitment'), 'commitment',
                                    ['commitment_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_ballot_option_commitment_id'), ['commitment_id'], unique=False)
        batch_op.create_check_constraint(batch_op.f('ck_ballot_option_of_one_thing'),
                                         'contribution_id IS NULL OR commitment_id IS NULL')
    heard((*KINDS, *STATES))
    op.execute("UPDATE happening SET commitment_id = CAST(substr(matter, 12) AS INTEGER), matter = NULL "
               "WHERE kind = 'progress'")


def downgrade() -> None:
    op.execute("UPDATE happening SET matter = 'commitment:' || commitment_id WHERE kind = 'progress'")
    op.execute(sa.text('DELETE FROM happening WHERE kind IN :kinds').bindparams(
        sa.bindparam('kinds', STATES, expanding=True)))
    heard(KINDS)
    with op.batch_alter_table('ballot_option') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_ballot_option_of_one_thing'), type_='check')
    op.execute('DELETE FROM follow WHERE commitment_id IS NOT NULL')
    with op.batch_alter_table('follow') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_follow_person_id_commitment_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_follow_one_thing'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_follow_one_thing'), only_one(FOLLOWED))
    for table in ('ballot_option', 'happening', 'follow'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(batch_op.f(f'ix_{table}_commitment_id'))
            batch_op.drop_constraint(batch_op.f(f'fk_{table}_commitment_id_commitment'), type_='foreignkey')
            batch_op.drop_column('commitment_id')
    for table in REASONED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('withdrawn_reason')
