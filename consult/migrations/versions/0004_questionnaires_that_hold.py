"""Questionnaires: codes, conditions, matrices and all that questions can ask for."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

BEFORE = ('short_text', 'long_text', 'single_choice', 'multiple_choice', 'number', 'scale')
KINDS = ('short_text', 'long_text', 'email', 'number', 'date', 'single_choice', 'multiple_choice', 'dropdown', 'yes_no',
         'scale', 'zero_to_ten', 'matrix_single', 'matrix_multiple', 'ranking', 'points', 'municipality', 'place', 'file',
         'information')
ANSWER = ('submission_id', 'question_id', 'row_id', 'option_id', 'number', 'text')


def is_one_of(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def add(table: str, *columns: sa.Column) -> None:
    """Add columns that rows have already: what they get is said once, and not kept as what new rows get."""
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            batch_op.add_column(column)
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            if column.server_default is not None:
                batch_op.alter_column(column.name, server_default=None, existing_type=column.type)


def given(name: str, kind: sa.types.TypeEngine, value: str) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=sa.text(value))


def remake_answers(*columns: str, rows: bool) -> None:
    """Make the table of answers anew with another key, and what it held in the order of that key."""
    before = 'answer_before'
    op.drop_index('ix_answer_question', 'answer')
    op.rename_table('answer', before)
    if op.get_bind().dialect.name == 'postgresql':  # the names of constraints are those of the schema
        for name in ('pk_answer', 'fk_answer_question_id_question', 'fk_answer_submission_id_submission'):
            op.execute(f'ALTER TABLE {before} RENAME CONSTRAINT {name} TO {name}_before')
    row = [sa.Column('row_id', sa.Integer(), autoincrement=False, nullable=False)] if rows else []
    key = [name for name in ANSWER[:4] if rows or name != 'row_id']
    op.create_table('answer',
    sa.Column('submission_id', sa.String(length=32), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    *row,
    sa.Column('option_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Double(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_answer_question_id_question')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_answer_submission_id_submission')),
    sa.PrimaryKeyConstraint(*key, name=op.f('pk_answer')),
    sqlite_with_rowid=False
    )
    names = ', '.join(columns)
    op.execute(f"INSERT INTO answer ({names}) SELECT {names.replace('row_id', '0')} FROM {before} ORDER BY 1, 2")
    op.drop_table(before)
    op.create_index('ix_answer_question', 'answer',
                    ['question_id', 'row_id', 'option_id', 'number'] if rows else ['question_id', 'option_id'])


def upgrade() -> None:
    add('survey', given('may_change', sa.Boolean(), 'false'), sa.Column('close_at', sa.Integer()),
        given('definition_version', sa.Integer(), '1'))
    with op.batch_alter_table('survey') as batch_op:
        batch_op.create_check_constraint(op.f('ck_survey_closes_at_some_number'), 'close_at IS NULL OR close_at > 0')
    add('survey_section', given('shown_if', sa.JSON(), "'{}'"))
    add('submission', sa.Column('receipt_hash', sa.String(length=64)), given('definition_version', sa.Integer(), '1'),
        given('seed', sa.Integer(), '0'))
    with op.batch_alter_table('submission') as batch_op:
        batch_op.create_unique_constraint(op.f('uq_submission_receipt_hash'), ['receipt_hash'])
    questions()
    add('option', given('code', sa.String(length=40), "''"), given('other', sa.Boolean(), 'false'),
        given('alone', sa.Boolean(), 'false'), given('shown_if', sa.JSON(), "'{}'"))
    op.execute("UPDATE option SET code = 'o' || position")
    with op.batch_alter_table('option') as batch_op:
        batch_op.create_unique_constraint(op.f('uq_option_question_id_code'), ['question_id', 'code'])
    op.create_table('question_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('label', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_row_question_id_question')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_row')),
    sa.UniqueConstraint('question_id', 'code', name=op.f('uq_question_row_question_id_code')),
    sa.UniqueConstraint('question_id', 'position', name=op.f('uq_question_row_question_id_position'))
    )
    op.create_table('survey_quota',
    sa.Column('option_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('most > 0', name=op.f('ck_survey_quota_some')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_survey_quota_counted')),
    sa.ForeignKeyConstraint(['option_id'], ['option.id'], name=op.f('fk_survey_quota_option_id_option')),
    sa.PrimaryKeyConstraint('option_id', name=op.f('pk_survey_quota'))
    )
    remake_answers('submission_id', 'question_id', 'row_id', 'option_id', 'number', 'text', rows=True)


def questions() -> None:
    """Questions get a code of their own and what the new kinds need."""
    with op.batch_alter_table('question') as batch_op:
        batch_op.drop_constraint(op.f('ck_question_questionkind'), type_='check')
        batch_op.add_column(sa.Column('survey_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('code', sa.String(length=40), nullable=True))
    op.execute("UPDATE question SET code = 'q' || id, survey_id = (SELECT survey_section.survey_id FROM survey_section "
               "WHERE survey_section.id = question.section_id)")
    add('question', given('prefer_not', sa.Boolean(), 'false'), given('shown_if', sa.JSON(), "'{}'"),
        given('shuffled', sa.Boolean(), 'false'), given('unit', sa.JSON(), "'{}'"), sa.Column('earliest', sa.Date()),
        sa.Column('latest', sa.Date()), sa.Column('image', sa.String(length=64)), given('image_alt', sa.JSON(), "'{}'"))
    with op.batch_alter_table('question') as batch_op:
        batch_op.alter_column('survey_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('code', existing_type=sa.String(length=40), nullable=False)
        batch_op.create_foreign_key(op.f('fk_question_survey_id_survey'), 'survey', ['survey_id'], ['id'])
        batch_op.create_unique_constraint(op.f('uq_question_survey_id_code'), ['survey_id', 'code'])
        batch_op.create_check_constraint(op.f('ck_question_questionkind'), is_one_of(KINDS))
        batch_op.create_check_constraint(op.f('ck_question_dates_in_order'),
                                         'earliest IS NULL OR latest IS NULL OR earliest <= latest')


def downgrade() -> None:
    op.execute(f"DELETE FROM answer WHERE question_id IN (SELECT id FROM question WHERE NOT {is_one_of(BEFORE)})")
    op.execute("DELETE FROM answer WHERE option_id < 0")
    remake_answers('submission_id', 'question_id', 'option_id', 'number', 'text', rows=False)
    op.drop_table('survey_quota')
    op.drop_table('question_row')
    op.execute(f"DELETE FROM option WHERE question_id IN (SELECT id FROM question WHERE NOT {is_one_of(BEFORE)})")
    with op.batch_alter_table('option') as batch_op:
        batch_op.drop_constraint(op.f('uq_option_question_id_code'), type_='unique')
        for column in ('code', 'other', 'alone', 'shown_if'):
            batch_op.drop_column(column)
    op.execute(f"DELETE FROM question WHERE NOT {is_one_of(BEFORE)}")
    with op.batch_alter_table('question') as batch_op:
        batch_op.drop_constraint(op.f('ck_question_questionkind'), type_='check')
        batch_op.drop_constraint(op.f('ck_question_dates_in_order'), type_='check')
        batch_op.drop_constraint(op.f('uq_question_survey_id_code'), type_='unique')
        batch_op.drop_constraint(op.f('fk_question_survey_id_survey'), type_='foreignkey')
        for column in ('survey_id', 'code', 'prefer_not', 'shown_if', 'shuffled', 'unit', 'earliest', 'latest', 'image',
                       'image_alt'):
            batch_op.drop_column(column)
    with op.batch_alter_table('question') as batch_op:
        batch_op.create_check_constraint(op.f('ck_question_questionkind'), is_one_of(BEFORE))
    with op.batch_alter_table('submission') as batch_op:
        batch_op.drop_constraint(op.f('uq_submission_receipt_hash'), type_='unique')
        for column in ('receipt_hash', 'definition_version', 'seed'):
            batch_op.drop_column(column)
    with op.batch_alter_table('survey_section') as batch_op:
        batch_op.drop_column('shown_if')
    with op.batch_alter_table('survey') as batch_op:
        batch_op.drop_constraint(op.f('ck_survey_closes_at_some_number'), type_='check')
        for column in ('may_change', 'close_at', 'definition_version'):
            batch_op.drop_column(column)
