"""The document with which a percorso ends, its passages, and what was found harmless in it"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'

REFUSAL = 'a passage of the document is never changed'
FIXED = ('docpp_passage', 'docpp_harmless')
STAGES = ('draft', 'checked', 'sent', 'returned', 'validated', 'delivered', 'noted')
ACTS = ('check', 'reopen', 'send', 'return', 'validate', 'deliver', 'report', 'note')
PARTS = ('object', 'bodies', 'path', 'proposals', 'after', 'resolution')


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)


def key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f'{target}.id'], name=op.f(f'fk_{table}_{column}_{target}'))


def upgrade():
    op.create_table(
        'docpp', sa.Column('id', sa.Integer(), nullable=False), sa.Column('process_id', sa.Integer(), nullable=False),
        sa.Column('stage', one_of('stage', *STAGES), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), key('docpp', 'process_id', 'process'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_docpp')),
        sa.UniqueConstraint('process_id', name=op.f('uq_docpp_process_id')))
    op.create_table(
        'docpp_part', sa.Column('document_id', sa.Integer(), nullable=False),
        sa.Column('part', one_of('part', *PARTS), nullable=False), sa.Column('texts', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False), sa.Column('edited_by_id', sa.Integer(), nullable=True),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        key('docpp_part', 'document_id', 'docpp'), key('docpp_part', 'edited_by_id', 'person'),
        sa.PrimaryKeyConstraint('document_id', 'part', name=op.f('pk_docpp_part')))
    op.create_table(
        'docpp_passage', sa.Column('document_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False), sa.Column('act', one_of('act', *ACTS), nullable=False),
        sa.Column('dated', sa.Date(), nullable=False), sa.Column('protocol', sa.String(80), nullable=False),
        sa.Column('resolution', sa.String(80), nullable=False), sa.Column('body', sa.String(160), nullable=False),
        sa.Column('note', sa.Text(), nullable=False), sa.Column('content', sa.Text(), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('number >= 1', name=op.f('ck_docpp_passage_counted_from_one')),
        sa.CheckConstraint("act <> 'send' OR length(trim(protocol)) > 0",
                           name=op.f('ck_docpp_passage_sent_under_a_number')),
        sa.CheckConstraint("act <> 'return' OR length(trim(note)) >= 20",
                           name=op.f('ck_docpp_passage_returned_with_remarks')),
        sa.CheckConstraint("act <> 'note' OR (length(trim(resolution)) > 0 AND length(trim(body)) > 0)",
                           name=op.f('ck_docpp_passage_noted_by_somebody')),
        key('docpp_passage', 'document_id', 'docpp'), key('docpp_passage', 'made_by_id', 'person'),
        sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_docpp_passage')))
    op.create_table(
        'docpp_harmless', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('document_id', sa.Integer(), nullable=False), sa.Column('place', sa.String(60), nullable=False),
        sa.Column('sort', sa.String(16), nullable=False), sa.Column('words', sa.String(200), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False), sa.Column('harmless', sa.Boolean(), nullable=False),
        sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('marked_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('length(trim(reason)) >= 20', name=op.f('ck_docpp_harmless_says_why')),
        key('docpp_harmless', 'document_id', 'docpp'), key('docpp_harmless', 'marked_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_docpp_harmless')))
    with op.batch_alter_table('docpp_harmless') as batch_op:
        batch_op.create_index(batch_op.f('ix_docpp_harmless_document_id'), ['document_id'], unique=False)
    refuse_changes()


def refuse_changes():
    """The database itself refuses to change or remove a passage or a mark."""
    if op.get_bind().dialect.name == 'sqlite':
        for table in FIXED:
            for act in ('UPDATE', 'DELETE'):
                op.execute(f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""")
        return
    op.execute(f"""CREATE FUNCTION docpp_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""")
    for table in FIXED:
        op.execute(f"""CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION docpp_refuse()""")


def downgrade():
    for table in ('docpp_harmless', 'docpp_passage', 'docpp_part', 'docpp'):
        op.drop_table(table)
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION docpp_refuse()')
