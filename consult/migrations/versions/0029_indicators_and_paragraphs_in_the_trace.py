"""Indicators are sources of the plan, and a link may name a paragraph"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'

TWO = '(contribution_id IS NULL) <> (result_sheet_id IS NULL)'
ONE_OF_THREE = ' + '.join(f'(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)'
                          for name in ('contribution_id', 'result_sheet_id', 'indicator_id')) + ' = 1'


def upgrade():
    with op.batch_alter_table('trace_link') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_trace_link_one_source'), type_='check')
        batch_op.add_column(sa.Column('indicator_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('paragraph_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_trace_link_indicator_id_indicator'), 'indicator',
                                    ['indicator_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_trace_link_paragraph_id_paragraph'), 'paragraph',
                                    ['paragraph_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(batch_op.f('ix_trace_link_paragraph_id'), ['paragraph_id'], unique=False)
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_one_source'), ONE_OF_THREE)
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_paragraph_of_a_section'),
                                         'paragraph_id IS NULL OR section_id IS NOT NULL')
        for target in ('section_id', 'action_id'):
            batch_op.create_unique_constraint(batch_op.f(f'uq_trace_link_indicator_id_{target}'),
                                              ['indicator_id', target])


def downgrade():
    op.execute('DELETE FROM trace_link WHERE indicator_id IS NOT NULL')
    with op.batch_alter_table('trace_link') as batch_op:
        for target in ('section_id', 'action_id'):
            batch_op.drop_constraint(batch_op.f(f'uq_trace_link_indicator_id_{target}'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_trace_link_paragraph_of_a_section'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_trace_link_one_source'), type_='check')
        batch_op.drop_index(batch_op.f('ix_trace_link_paragraph_id'))
        batch_op.drop_constraint(batch_op.f('fk_trace_link_paragraph_id_paragraph'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_trace_link_indicator_id_indicator'), type_='foreignkey')
        batch_op.drop_column('paragraph_id')
        batch_op.drop_column('indicator_id')
        batch_op.create_check_constraint(batch_op.f('ck_trace_link_one_source'), TWO)
