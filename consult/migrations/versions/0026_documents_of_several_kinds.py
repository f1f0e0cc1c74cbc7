"""Documents of several kinds"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'

BEFORE = ('docx', 'odt', 'pdf', 'html', 'md')
SINCE = (*BEFORE, 'epub', 'json', 'zip')
STATES = ('waiting', 'running', 'ready', 'failed')
KEPT = 'id, format, language, state, progress, step, file_name, size, sha256, error, asked_by_id, asked_at, finished_at'


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def columns(formats):
    return (
        sa.Column('format', one_of('documentformat', *formats), nullable=False),
        sa.Column('language', sa.String(2), nullable=False),
        sa.Column('state', one_of('documentstate', *STATES), nullable=False),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('step', sa.String(80), nullable=False),
        sa.Column('file_name', sa.String(160), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('error', sa.String(300), nullable=False),
        sa.Column('asked_by_id', sa.Integer(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    )


def upgrade():
    op.create_table(
        'made_document', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False), sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('subject', sa.String(40), nullable=False),
        sa.Column('names', one_of('names', 'organisations', 'shown'), nullable=False), *columns(SINCE),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_made_document_process_id_process')),
        sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_made_document_asked_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_made_document')))
    op.create_index('ix_made_document_subject', 'made_document', ['process_id', 'kind', 'subject'])
    op.execute(f"INSERT INTO made_document (process_id, kind, subject, names, {KEPT}) "
               f"SELECT plan.process_id, 'plan', 'plan:' || plan.id, 'organisations', {of('plan_document')} "
               "FROM plan_document JOIN plan ON plan.id = plan_document.plan_id")
    op.drop_table('plan_document')
    count_on('made_document')


def of(table):
    return ', '.join(f'{table}.{name}' for name in KEPT.split(', '))


def count_on(table):
    """PostgreSQL does not see that numbers were given by hand."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def downgrade():
    op.create_table(
        'plan_document', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=False), *columns(BEFORE),
        sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_document_plan_id_plan')),
        sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_plan_document_asked_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_document')))
    op.create_index(op.f('ix_plan_document_plan_id'), 'plan_document', ['plan_id'])
    formats = ', '.join(f"'{form}'" for form in BEFORE)
    op.execute(f"INSERT INTO plan_document (plan_id, {KEPT}) SELECT plan.id, {of('made_document')} FROM made_document "
               "JOIN plan ON made_document.subject = 'plan:' || plan.id "
               f"WHERE made_document.kind = 'plan' AND made_document.format IN ({formats})")
    op.drop_table('made_document')
    count_on('plan_document')
