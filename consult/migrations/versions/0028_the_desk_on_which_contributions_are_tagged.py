"""The desk on which contributions are tagged"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade():
    op.create_table(
        'sorting_tag', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False), sa.Column('code', sa.String(12), nullable=False),
        sa.Column('key', sa.String(120), nullable=False), sa.Column('name', sa.JSON(), nullable=False),
        sa.Column('definition', sa.JSON(), nullable=False), sa.Column('example', sa.String(600), nullable=False),
        sa.Column('parent_id', sa.Integer(), nullable=True), sa.Column('retired', sa.Boolean(), nullable=False),
        sa.Column('merged_into_id', sa.Integer(), nullable=True), sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('merged_into_id IS NULL OR merged_into_id <> id',
                           name=op.f('ck_sorting_tag_not_into_itself')),
        sa.CheckConstraint('parent_id IS NULL OR parent_id <> id', name=op.f('ck_sorting_tag_not_under_itself')),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_sorting_tag_process_id_process')),
        sa.ForeignKeyConstraint(['parent_id'], ['sorting_tag.id'], name=op.f('fk_sorting_tag_parent_id_sorting_tag')),
        sa.ForeignKeyConstraint(['merged_into_id'], ['sorting_tag.id'],
                                name=op.f('fk_sorting_tag_merged_into_id_sorting_tag')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sorting_tag')),
        sa.UniqueConstraint('process_id', 'key', name=op.f('uq_sorting_tag_process_id_key')),
        sa.UniqueConstraint('process_id', 'code', name=op.f('uq_sorting_tag_process_id_code')))
    op.create_index(op.f('ix_sorting_tag_parent_id'), 'sorting_tag', ['parent_id'])
    op.create_index(op.f('ix_sorting_tag_merged_into_id'), 'sorting_tag', ['merged_into_id'])
    op.create_table(
        'sorting_tag_change', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('tag_id', sa.Integer(), nullable=False),
        sa.Column('act', one_of('tagact', 'added', 'changed', 'retired', 'resumed', 'merged'), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False), sa.Column('person_id', sa.Integer(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tag_id'], ['sorting_tag.id'],
                                name=op.f('fk_sorting_tag_change_tag_id_sorting_tag')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sorting_tag_change_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sorting_tag_change')))
    op.create_index(op.f('ix_sorting_tag_change_tag_id'), 'sorting_tag_change', ['tag_id'])
    op.create_index(op.f('ix_sorting_tag_change_person_id'), 'sorting_tag_change', ['person_id'])
    op.create_table(
        'sorting_reader', sa.Column('process_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('seat', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('person_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('seat > 0', name=op.f('ck_sorting_reader_numbered_from_one')),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_sorting_reader_process_id_process')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sorting_reader_person_id_person')),
        sa.PrimaryKeyConstraint('process_id', 'seat', name=op.f('pk_sorting_reader')),
        sa.UniqueConstraint('process_id', 'person_id', name=op.f('uq_sorting_reader_process_id_person_id')))
    op.create_index(op.f('ix_sorting_reader_person_id'), 'sorting_reader', ['person_id'])
    op.create_table(
        'sorting_reading', sa.Column('contribution_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('seat', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('text_version', sa.Integer(), nullable=False), sa.Column('agreed', sa.Boolean(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False), sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('seat >= 0', name=op.f('ck_sorting_reading_known_seat')),
        sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], ondelete='CASCADE',
                                name=op.f('fk_sorting_reading_contribution_id_contribution')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'],
                                name=op.f('fk_sorting_reading_decided_by_id_person')),
        sa.PrimaryKeyConstraint('contribution_id', 'seat', name=op.f('pk_sorting_reading')))
    op.create_index(op.f('ix_sorting_reading_decided_by_id'), 'sorting_reading', ['decided_by_id'])
    op.create_table(
        'sorting_tag_found', sa.Column('contribution_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('seat', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('tag_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(['contribution_id', 'seat'],
                                ['sorting_reading.contribution_id', 'sorting_reading.seat'], ondelete='CASCADE',
                                name=op.f('fk_sorting_tag_found_contribution_id_seat_sorting_reading')),
        sa.ForeignKeyConstraint(['tag_id'], ['sorting_tag.id'], name=op.f('fk_sorting_tag_found_tag_id_sorting_tag')),
        sa.PrimaryKeyConstraint('contribution_id', 'seat', 'tag_id', name=op.f('pk_sorting_tag_found')))
    op.create_index('ix_sorting_tag_found_tag', 'sorting_tag_found', ['tag_id', 'seat'])
    op.create_table(
        'sorting_look', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('process_id', sa.Integer(), nullable=False), sa.Column('wanted', sa.Integer(), nullable=False),
        sa.Column('state', one_of('lookstate', 'waiting', 'running', 'ready', 'failed'), nullable=False),
        sa.Column('progress', sa.Integer(), nullable=False), sa.Column('topics', sa.JSON(), nullable=False),
        sa.Column('texts', sa.Integer(), nullable=False), sa.Column('asked_by_id', sa.Integer(), nullable=True),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['process_id'], ['process.id'], name=op.f('fk_sorting_look_process_id_process')),
        sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_sorting_look_asked_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sorting_look')))
    op.create_index(op.f('ix_sorting_look_process_id'), 'sorting_look', ['process_id'])
    op.create_index(op.f('ix_sorting_look_asked_by_id'), 'sorting_look', ['asked_by_id'])
    op.create_table(
        'sorting_looked_at', sa.Column('look_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('contribution_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('topic', sa.Integer(), nullable=True), sa.Column('share', sa.Double(), nullable=False),
        sa.Column('near_id', sa.Integer(), nullable=True), sa.Column('likeness', sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(['look_id'], ['sorting_look.id'], ondelete='CASCADE',
                                name=op.f('fk_sorting_looked_at_look_id_sorting_look')),
        sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'], ondelete='CASCADE',
                                name=op.f('fk_sorting_looked_at_contribution_id_contribution')),
        sa.PrimaryKeyConstraint('look_id', 'contribution_id', name=op.f('pk_sorting_looked_at')))
    op.create_index(op.f('ix_sorting_looked_at_contribution_id'), 'sorting_looked_at', ['contribution_id'])
    op.create_index('ix_sorting_looked_at_topic', 'sorting_looked_at', ['look_id', 'topic', 'share'])
    op.create_index('ix_sorting_looked_at_near', 'sorting_looked_at', ['look_id', 'near_id'])


def downgrade():
    for name in ('looked_at', 'look', 'tag_found', 'reading', 'reader', 'tag_change', 'tag'):
        op.drop_table(f'sorting_{name}')
