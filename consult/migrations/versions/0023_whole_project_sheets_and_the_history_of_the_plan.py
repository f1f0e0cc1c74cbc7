"""Whole project sheets of actions, and every text that a part of the plan has had"""

import json

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'

TEXTS = ('need', 'risks')
LINES = {'referent': 160, 'dup': 120, 'pnrr': 120, 'fesr': 120, 'cup': 15}
OLD = {'funding': 300, 'indicator': 200, 'baseline': 60, 'target': 60}
PARTS = ('section', 'objective', 'action')


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)


def upgrade():
    with op.batch_alter_table('action') as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), server_default='', nullable=False))
        for name, length in LINES.items():
            batch_op.add_column(sa.Column(name, sa.String(length), server_default='', nullable=False))
    sheets()
    take_over()
    with op.batch_alter_table('action') as batch_op:
        for name in OLD:
            batch_op.drop_column(name)
        for name in (*TEXTS, *LINES):
            batch_op.alter_column(name, server_default=None)
    history()
    drafts()
    begin_history()


def sheets():
    op.create_table(
        'action_municipality', sa.Column('action_id', sa.Integer(), nullable=False),
        sa.Column('municipality_id', sa.Integer(), nullable=False),
        of_action('action_municipality'),
        sa.ForeignKeyConstraint(['municipality_id'], ['municipality.id'],
                                name=op.f('fk_action_municipality_municipality_id_municipality')),
        sa.PrimaryKeyConstraint('action_id', 'municipality_id', name=op.f('pk_action_municipality')))
    row('action_funding', sa.Column('source', sa.String(300), nullable=False),
        sa.Column('amount', sa.Integer(), nullable=True), sa.Column('granted', sa.Boolean(), nullable=False),
        sa.CheckConstraint('amount IS NULL OR amount >= 0', name=op.f('ck_action_funding_amount_not_negative')))
    row('action_milestone', sa.Column('title', sa.String(200), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True), sa.Column('reached_on', sa.Date(), nullable=True))
    row('action_measure', sa.Column('kind', one_of('measured', 'output', 'result'), nullable=False),
        sa.Column('title', sa.String(200), nullable=False), sa.Column('baseline', sa.String(60), nullable=False),
        sa.Column('target', sa.String(60), nullable=False),
        sa.Column('frequency', one_of('frequency', 'quarterly', 'half_yearly', 'yearly', 'at_the_end'),
                  nullable=False),
        sa.Column('indicator_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], ondelete='SET NULL',
                                name=op.f('fk_action_measure_indicator_id_indicator')))


def of_action(name):
    return sa.ForeignKeyConstraint(['action_id'], ['action.id'], ondelete='CASCADE',
                                   name=op.f(f'fk_{name}_action_id_action'))


def row(name, *columns):
    op.create_table(name, sa.Column('id', sa.Integer(), nullable=False),
                    sa.Column('action_id', sa.Integer(), nullable=False), *columns, of_action(name),
                    sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')))
    with op.batch_alter_table(name) as batch_op:
        batch_op.create_index(batch_op.f(f'ix_{name}_action_id'), ['action_id'], unique=False)


def take_over():
    """What was told of money and of an indicator in one line becomes a row."""
    op.execute("INSERT INTO action_funding (action_id, source, granted) "
               "SELECT id, funding, FALSE FROM action WHERE funding <> ''")
    op.execute("INSERT INTO action_measure (action_id, kind, title, baseline, target, frequency) "
               "SELECT id, 'output', indicator, baseline, target, 'yearly' FROM action "
               "WHERE indicator <> '' OR baseline <> '' OR target <> ''")


def history():
    op.create_table(
        'plan_revision', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('part', one_of('part', *PARTS), nullable=False), sa.Column('part_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False), sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=True), sa.Column('role', sa.String(24), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('restored_from', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_revision_plan_id_plan')),
        sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_plan_revision_made_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_revision')),
        sa.UniqueConstraint('part', 'part_id', 'number', name=op.f('uq_plan_revision_part_part_id_number')))
    with op.batch_alter_table('plan_revision') as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_revision_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_revision_made_by_id'), ['made_by_id'], unique=False)


def drafts():
    op.create_table(
        'plan_draft', sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('ref', sa.String(12), nullable=False), sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('fields', sa.JSON(), nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_plan_draft_person_id_person')),
        sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_draft_plan_id_plan')),
        sa.PrimaryKeyConstraint('person_id', 'ref', name=op.f('pk_plan_draft')))
    with op.batch_alter_table('plan_draft') as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_draft_plan_id'), ['plan_id'], unique=False)


def begin_history():
    """The text that each part has now is the first that is kept of it."""
    bind = op.get_bind()
    now = bind.scalar(sa.select(sa.func.max(sa.literal_column('updated_at'))).select_from(sa.table('plan')))
    found = [('section', row, {'title': row.title, 'body': row.body}) for row in bind.execute(sa.text(
        'SELECT id, plan_id, version, title, body FROM section'))]
    found += [('objective', row, {name: getattr(row, name) for name in ('code', 'title', 'description', 'target')})
              for row in bind.execute(sa.text(
                  'SELECT o.id, plan.id AS plan_id, o.version, o.code, o.title, o.description, o.target '
                  'FROM objective o JOIN axis ON axis.id = o.axis_id JOIN plan ON plan.process_id = axis.process_id'))]
    found += [('action', row, sheet(bind, row)) for row in bind.execute(sa.text(
        'SELECT a.*, plan.id AS plan_id FROM action a JOIN objective o ON o.id = a.objective_id '
        'JOIN axis ON axis.id = o.axis_id JOIN plan ON plan.process_id = axis.process_id'))]
    kept = sa.table('plan_revision', *(sa.column(name) for name in (
        'plan_id', 'part', 'part_id', 'number', 'role')), sa.column('content', sa.JSON()), sa.column('made_at'))
    for part, one, content in found:
        bind.execute(kept.insert().values(plan_id=one.plan_id, part=part, part_id=one.id, number=one.version,
                                          role='', content=content, made_at=now))


def sheet(bind, one):
    names = ('code', 'title', 'description', 'lead', 'partners', 'cost', 'state', *TEXTS, *LINES)
    rows = {name: [dict(row._mapping) for row in bind.execute(
        sa.text(f'SELECT {columns} FROM {table} WHERE action_id = :id ORDER BY id'), {'id': one.id})]
        for name, table, columns in (
            ('fundings', 'action_funding', 'source, amount, granted'),
            ('measures', 'action_measure', 'kind, title, baseline, target, frequency, indicator_id'))}
    for funding in rows['fundings']:
        funding['granted'] = bool(funding['granted'])
    days = {name: str(day) if (day := getattr(one, name)) else None for name in ('starts_on', 'ends_on')}
    content = {**{name: getattr(one, name) for name in names}, **days, **rows, 'milestones': [], 'municipalities': []}
    return json.loads(json.dumps(content))


def downgrade():
    op.drop_table('plan_draft')
    op.drop_table('plan_revision')
    with op.batch_alter_table('action') as batch_op:
        for name, length in OLD.items():
            batch_op.add_column(sa.Column(name, sa.String(length), server_default='', nullable=False))
    op.execute("UPDATE action SET funding = COALESCE((SELECT substr(source, 1, 300) FROM action_funding f "
               "WHERE f.action_id = action.id ORDER BY f.id LIMIT 1), '')")
    for old, new in (('indicator', 'title'), ('baseline', 'baseline'), ('target', 'target')):
        op.execute(f"UPDATE action SET {old} = COALESCE((SELECT {new} FROM action_measure m "  # noqa: S608
                   "WHERE m.action_id = action.id ORDER BY m.id LIMIT 1), '')")
    for name in ('action_municipality', 'action_funding', 'action_milestone', 'action_measure'):
        op.drop_table(name)
    with op.batch_alter_table('action') as batch_op:
        for name in OLD:
            batch_op.alter_column(name, server_default=None)
        for name in (*TEXTS, *LINES):
            batch_op.drop_column(name)
