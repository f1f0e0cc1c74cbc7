"""Minutes are sources of the plan, and a link may end in a commitment of the pact"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'

SOURCES = ('contribution_id', 'result_sheet_id', 'indicator_id')
TARGETS = ('section_id', 'action_id')


def only_one(names: tuple[str, ...]) -> str:
    return ' + '.join(f'(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)' for name in names) + ' = 1'


NEW_PAIRS = (*(('minutes_id', target) for target in TARGETS),
             *((source, 'commitment_id') for source in (*SOURCES, 'minutes_id', 'carried_action_id')))


def upgrade() -> None:
    with op.batch_alter_table('trace_link') as batch_op:
        for name in ('one_source', 'one_target'):
            batch_op.drop_constraint(batch_op.f(f'ck_trace_link_{name}'), type_='check')
        for column, table in (('minutes_id', 'minutes'), ('carried_action_id', 'action'),
                              ('commitment_id', 'commitment')):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f'fk_trace_link_{column}_{table}'), table, [column], ['id'],
                                        ondelete='CASCADE')
        batch_op.create_index(batch_op.f('ix_trace_link_commitment_id'), ['commitment_id'], unique=False)
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_one_source'),
                                         only_one((*SOURCES, 'minutes_id', 'carried_action_id')))
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_one_target'),
                                         only_one((*TARGETS, 'commitment_id')))
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_carried_by_a_commitment'),
                                         'carried_action_id IS NULL OR commitment_id IS NOT NULL')
        for source, target in NEW_PAIRS:
            batch_op.create_unique_constraint(batch_op.f(f'uq_trace_link_{source}_{target}'), [source, target])


def downgrade() -> None:
    op.execute('DELETE FROM trace_link WHERE minutes_id IS NOT NULL OR commitment_id IS NOT NULL')
    with op.batch_alter_table('trace_link') as batch_op:
        for source, target in NEW_PAIRS:
            batch_op.drop_constraint(batch_op.f(f'uq_trace_link_{source}_{target}'), type_='unique')
        for name in ('carried_by_a_commitment', 'one_target', 'one_source'):
            batch_op.drop_constraint(batch_op.f(f'ck_trace_link_{name}'), type_='check')
        batch_op.drop_index(batch_op.f('ix_trace_link_commitment_id'))
        for column, table in (('commitment_id', 'commitment'), ('carried_action_id', 'action'),
                              ('minutes_id', 'minutes')):
            batch_op.drop_constraint(batch_op.f(f'fk_trace_link_{column}_{table}'), type_='foreignkey')
            batch_op.drop_column(column)
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_one_source'), only_one(SOURCES))
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_one_target'),
                                         '(section_id IS NULL) <> (action_id IS NULL)')
