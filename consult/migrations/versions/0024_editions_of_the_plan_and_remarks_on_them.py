"""Editions of the plan that never change, and remarks on their passages"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'

REFUSAL = 'an edition of the plan is never changed'
STATES = ('draft', 'in_consultation', 'proposed', 'adopted')
ROLES = ('moderator', 'facilitator', 'plan_office', 'steering', 'administrator', 'guarantor', 'desk_operator',
         'platform_admin', 'observer')


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)


def upgrade():
    op.create_table(
        'plan_edition', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=False), sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(20), nullable=False), sa.Column('kind', one_of('planstate', *STATES), nullable=False),
        sa.Column('act', sa.String(80), nullable=False), sa.Column('body', sa.String(160), nullable=False),
        sa.Column('dated', sa.Date(), nullable=False), sa.Column('content', sa.Text(), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_by', one_of('role', *ROLES), nullable=True),
        sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_edition_plan_id_plan')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_edition')),
        sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_plan_edition_plan_id_number')))
    op.create_table(
        'remark', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('edition_id', sa.Integer(), nullable=False), sa.Column('paragraph', sa.Integer(), nullable=False),
        sa.Column('cited', sa.String(20), nullable=False), sa.Column('whole', sa.Boolean(), nullable=False),
        sa.Column('quote', sa.Text(), nullable=False), sa.Column('prefix', sa.String(80), nullable=False),
        sa.Column('suffix', sa.String(80), nullable=False), sa.Column('starts_at', sa.Integer(), nullable=False),
        sa.Column('ends_at', sa.Integer(), nullable=False),
        sa.Column('wish', one_of('wish', 'remark', 'replace', 'insert', 'delete'), nullable=False),
        sa.Column('wording', sa.Text(), nullable=False), sa.Column('body', sa.Text(), nullable=False),
        sa.Column('body_html', sa.Text(), nullable=False),
        sa.CheckConstraint('starts_at >= 0 AND starts_at < ends_at', name=op.f('ck_remark_some_words')),
        sa.CheckConstraint("(wish IN ('replace', 'insert')) = (length(wording) > 0)", name=op.f('ck_remark_says_how')),
        sa.ForeignKeyConstraint(['edition_id'], ['plan_edition.id'], name=op.f('fk_remark_edition_id_plan_edition')),
        sa.ForeignKeyConstraint(['id'], ['contribution.id'], name=op.f('fk_remark_id_contribution')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_remark')))
    op.create_index('ix_remark_edition_paragraph', 'remark', ['edition_id', 'paragraph'], unique=False)
    op.create_table(
        'remark_place', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('remark_id', sa.Integer(), nullable=False), sa.Column('edition_id', sa.Integer(), nullable=False),
        sa.Column('how', one_of('placing', 'same', 'found', 'by_hand', 'orphan'), nullable=False),
        sa.Column('paragraph', sa.Integer(), nullable=True), sa.Column('cited', sa.String(20), nullable=False),
        sa.Column('starts_at', sa.Integer(), nullable=True), sa.Column('ends_at', sa.Integer(), nullable=True),
        sa.Column('likeness', sa.Integer(), nullable=True),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('placed_by_id', sa.Integer(), nullable=True),
        sa.Column('placed_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(paragraph IS NULL) = (how = 'orphan')", name=op.f('ck_remark_place_somewhere')),
        sa.CheckConstraint("(how = 'by_hand') = (placed_at IS NOT NULL)", name=op.f('ck_remark_place_placed_at_a_time')),
        sa.ForeignKeyConstraint(['remark_id'], ['remark.id'], name=op.f('fk_remark_place_remark_id_remark')),
        sa.ForeignKeyConstraint(['edition_id'], ['plan_edition.id'],
                                name=op.f('fk_remark_place_edition_id_plan_edition')),
        sa.ForeignKeyConstraint(['placed_by_id'], ['person.id'], name=op.f('fk_remark_place_placed_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_remark_place')),
        sa.UniqueConstraint('remark_id', 'edition_id', name=op.f('uq_remark_place_remark_id_edition_id')))
    with op.batch_alter_table('remark_place') as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_place_edition_id'), ['edition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_remark_place_placed_by_id'), ['placed_by_id'], unique=False)
    refuse_changes()


def refuse_changes():
    """The database itself refuses to change or remove an edition."""
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('UPDATE', 'DELETE'):
            op.execute(f"""CREATE TRIGGER plan_edition_no_{act.lower()} BEFORE {act} ON plan_edition
                BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""")
        return
    op.execute(f"""CREATE FUNCTION plan_edition_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""")
    op.execute("""CREATE TRIGGER plan_edition_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_edition
        FOR EACH STATEMENT EXECUTE FUNCTION plan_edition_refuse()""")


def downgrade():
    op.drop_table('remark_place')
    op.drop_table('remark')
    op.drop_table('plan_edition')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION plan_edition_refuse()')
