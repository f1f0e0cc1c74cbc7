"""Descriptions of organisations and attachments lie before the moderators, and can be reported"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'

STANDINGS = ('pending', 'published', 'hidden', 'withdrawn')
STATES = ('draft', *STANDINGS)
ORIGINS = ('held', 'flagged', 'grave', 'screened', 'appealed', 'escalated', 'sampled', 'new', 'own')
UNREAD = sa.text("standing IN ('pending', 'published') AND looked_at IS NULL")
REFUSAL = 'a decision is never changed'


def upgrade():
    with op.batch_alter_table('flag') as batch_op:
        batch_op.alter_column('contribution_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('subject', sa.String(40), nullable=True))
        batch_op.create_unique_constraint(op.f('uq_flag_subject_person_id'), ['subject', 'person_id'])
        batch_op.create_check_constraint(op.f('ck_flag_one_thing'), '(contribution_id IS NULL) <> (subject IS NULL)')
    with op.batch_alter_table('attachment') as batch_op:
        batch_op.add_column(sa.Column(
            'moderated', sa.Enum(*STATES, name='state', native_enum=False, length=24, create_constraint=True),
            server_default='published', nullable=False))
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.add_column('authority', sa.Column('reads_descriptions_first', sa.Boolean(), server_default=sa.true(),
                                         nullable=False))
    description()
    take_over()
    with op.batch_alter_table('organisation') as batch_op:
        batch_op.drop_column('new_description')
    widen_origins()


def description():
    op.create_table(
        'description', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False), sa.Column('writer_id', sa.Integer(), nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('standing', sa.Enum(*STANDINGS, name='standing', native_enum=False, length=24,
                                      create_constraint=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('replaced_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'],
                                name=op.f('fk_description_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['writer_id'], ['person.id'], name=op.f('fk_description_writer_id_person')),
        sa.ForeignKeyConstraint(['replaced_by_id'], ['description.id'],
                                name=op.f('fk_description_replaced_by_id_description')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_description')))
    with op.batch_alter_table('description') as batch_op:
        batch_op.create_index(batch_op.f('ix_description_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_description_writer_id'), ['writer_id'], unique=False)
        batch_op.create_index('ix_description_unread', ['created_at', 'id'], unique=False, sqlite_where=UNREAD,
                              postgresql_where=UNREAD)


def take_over():
    """What is public was read by the plan office; what waited for it waits for the moderators."""
    op.execute("""INSERT INTO description (organisation_id, text, standing, version, created_at, looked_at)
        SELECT id, description, 'published', 1, created_at, verified_at FROM organisation
        WHERE verified_at IS NOT NULL AND description <> ''""")
    op.execute("""INSERT INTO description (organisation_id, text, standing, version, created_at)
        SELECT id, new_description, 'pending', 1, CURRENT_TIMESTAMP FROM organisation
        WHERE verified_at IS NOT NULL AND new_description <> ''""")


def widen_origins():
    """One reason more to lie before the moderators; on SQLite the table is made anew, and its refusals with it."""
    allowed = ', '.join(f"'{origin}'" for origin in ORIGINS)
    with op.batch_alter_table('decision') as batch_op:
        batch_op.drop_constraint(op.f('ck_decision_origin'), type_='check')
        batch_op.create_check_constraint(op.f('ck_decision_origin'), f'origin IN ({allowed})')
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('UPDATE', 'DELETE'):
            op.execute(f"""CREATE TRIGGER decision_no_{act.lower()} BEFORE {act} ON decision
                BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""")


def downgrade():
    """The record of decisions keeps what it may hold: it is only added to."""
    op.add_column('organisation', sa.Column('new_description', sa.Text(), nullable=True))
    op.execute("""UPDATE organisation SET new_description = (SELECT max(text) FROM description
        WHERE organisation_id = organisation.id AND standing = 'pending')""")
    op.drop_table('description')
    with op.batch_alter_table('authority') as batch_op:
        batch_op.drop_column('reads_descriptions_first')
    with op.batch_alter_table('attachment') as batch_op:
        batch_op.drop_constraint(op.f('ck_attachment_state'), type_='check')
        batch_op.drop_column('moderated')
        batch_op.drop_column('version')
    op.execute('DELETE FROM flag WHERE contribution_id IS NULL')
    with op.batch_alter_table('flag') as batch_op:
        batch_op.drop_constraint(op.f('ck_flag_one_thing'), type_='check')
        batch_op.drop_constraint(op.f('uq_flag_subject_person_id'), type_='unique')
        batch_op.drop_column('subject')
        batch_op.alter_column('contribution_id', existing_type=sa.Integer(), nullable=False)
