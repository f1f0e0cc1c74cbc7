"""Ways of voting: a paper holds marks, a ballot its method, its conditions and its seed"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'

paper = sa.table('ballot_paper', sa.column('ballot_id', sa.Integer), sa.column('tag', sa.String),
                 sa.column('marks', sa.JSON))
ballot = sa.table('ballot', sa.column('id', sa.Integer), sa.column('method', sa.String), sa.column('budget', sa.Integer),
                  sa.column('seed', sa.String))
ROWS = 5000


def given(name: str, kind: sa.types.TypeEngine, value: str) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=sa.text(value))


def add(table: str, *columns: sa.Column) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            if column.server_default is not None:
                batch_op.alter_column(column.name, server_default=None, existing_type=column.type)


def rewrite(change) -> None:
    """Write the content of every paper anew, in portions: there may be a million."""
    connection = op.get_bind()
    before = (-1, '')
    written = sa.update(paper).where(paper.c.ballot_id == sa.bindparam('b'), paper.c.tag == sa.bindparam('t')).values(
        marks=sa.bindparam('m', type_=sa.JSON))
    while rows := connection.execute(
            sa.select(paper.c.ballot_id, paper.c.tag, paper.c.marks)
            .where(sa.tuple_(paper.c.ballot_id, paper.c.tag) > before)
            .order_by(paper.c.ballot_id, paper.c.tag).limit(ROWS)).all():
        connection.execute(written, [{'b': row.ballot_id, 't': row.tag, 'm': change(row.marks)} for row in rows])
        before = (rows[-1].ballot_id, rows[-1].tag)


def upgrade() -> None:
    add('ballot', given('method', sa.String(length=24), "'approval'"), given('parameters', sa.JSON(), "'{}'"),
        given('conditions', sa.JSON(), "'[]'"), given('seed', sa.String(length=32), "''"),
        given('shuffled', sa.Boolean(), 'false'), given('by_organisation', sa.Boolean(), 'false'))
    connection = op.get_bind()
    for row in connection.execute(sa.select(ballot.c.id, ballot.c.budget)).all():
        connection.execute(sa.update(ballot).where(ballot.c.id == row.id).values(
            seed=secrets.token_hex(16), method='approval' if row.budget is None else 'greedy'))
    add('ballot_option', given('group', sa.String(length=24), "''"),
        sa.Column('contribution_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_option_contribution_id'), ['contribution_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_ballot_option_contribution_id_contribution'), 'contribution',
                                    ['contribution_id'], ['id'])
    op.execute('ALTER TABLE ballot_paper RENAME COLUMN choices TO marks')
    rewrite(lambda choices: dict.fromkeys(choices, 1))


def downgrade() -> None:
    rewrite(lambda marks: sorted(code for code, mark in marks.items() if mark))
    op.execute('ALTER TABLE ballot_paper RENAME COLUMN marks TO choices')
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_ballot_option_contribution_id_contribution'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_ballot_option_contribution_id'))
        batch_op.drop_column('contribution_id')
        batch_op.drop_column('group')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        for name in ('by_organisation', 'shuffled', 'seed', 'conditions', 'parameters', 'method'):
            batch_op.drop_column(name)
