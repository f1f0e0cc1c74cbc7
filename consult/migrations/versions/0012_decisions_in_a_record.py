"""Decisions of moderators stand in a record, whatever they are about; what they have in hand"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'

ACTS = ('approve', 'keep', 'hide', 'restore', 'revise', 'redact', 'uncover', 'move', 'duplicate', 'split', 'lock',
        'unlock', 'snooze', 'escalate', 'warn', 'suspend', 'lift', 'confirm', 'overturn', 'agree', 'disagree', 'undo')
ACTS_BEFORE = ('approve', 'keep', 'hide', 'restore')
ORIGINS = ('held', 'flagged', 'grave', 'screened', 'appealed', 'escalated', 'sampled', 'own')
ROLES = ('moderator', 'facilitator', 'plan_office', 'steering', 'administrator', 'guarantor', 'desk_operator',
         'platform_admin', 'observer')
REASONS_BEFORE = ('offence', 'personal_data', 'discrimination', 'illegal', 'spam', 'off_topic', 'propaganda',
                  'duplicate')
START = '0' * 64
REFUSAL = 'a decision is never changed'
HELD = sa.text('ended_at IS NULL')
BATCHED = sa.text("batch <> ''")


def one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade():
    before = op.get_bind().execute(sa.text(
        'SELECT d.*, c.kind, c.activity_id, p.process_id FROM decision d JOIN contribution c ON c.id = d.contribution_id'
        ' JOIN activity a ON a.id = c.activity_id JOIN phase p ON p.id = a.phase_id ORDER BY d.id').columns(
        decided_at=sa.DateTime(timezone=True))).mappings().all()
    op.drop_table('decision')
    claim()
    decision()
    op.create_table('decision_head', sa.Column('id', sa.Integer(), nullable=False),
                    sa.Column('size', sa.Integer(), nullable=False), sa.Column('digest', sa.String(64), nullable=False),
                    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_head')))
    op.create_table('aside', sa.Column('subject', sa.String(40), nullable=False),
                    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
                    sa.Column('passed_on_at', sa.DateTime(timezone=True), nullable=True),
                    sa.Column('decision_id', sa.Integer(), nullable=False),
                    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_aside_decision_id_decision')),
                    sa.PrimaryKeyConstraint('subject', name=op.f('pk_aside')))
    enter(before)
    counts(ACTS)
    with op.batch_alter_table('outbox_message') as batch_op:
        batch_op.add_column(sa.Column('batch', sa.String(40), server_default='', nullable=False))
        batch_op.create_index('ix_outbox_message_batch', ['batch'], unique=False, sqlite_where=BATCHED,
                              postgresql_where=BATCHED)
    refuse_changes()


def claim():
    op.create_table('claim', sa.Column('id', sa.Integer(), nullable=False),
                    sa.Column('subject', sa.String(40), nullable=False),
                    sa.Column('person_id', sa.Integer(), nullable=False),
                    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
                    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
                    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
                    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_claim_person_id_person')),
                    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim')))
    with op.batch_alter_table('claim') as batch_op:
        batch_op.create_index('ix_claim_person', ['person_id', 'taken_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_claim_subject'), ['subject'], unique=False)
        batch_op.create_index('uq_claim_held', ['subject'], unique=True, sqlite_where=HELD, postgresql_where=HELD)


def decision():
    op.create_table(
        'decision', sa.Column('id', sa.Integer(), nullable=False), sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(40), nullable=False), sa.Column('kind', sa.String(16), nullable=False),
        sa.Column('contribution_id', sa.Integer(), nullable=True), sa.Column('process_id', sa.Integer(), nullable=True),
        sa.Column('activity_id', sa.Integer(), nullable=True), sa.Column('moderator_id', sa.Integer(), nullable=False),
        sa.Column('role', one_of('role', *ROLES), nullable=False), sa.Column('act', one_of('act', *ACTS), nullable=False),
        sa.Column('reason', sa.String(24), nullable=True), sa.Column('rule_version', sa.String(24), nullable=False),
        sa.Column('note', sa.String(1000), nullable=False), sa.Column('origin', one_of('origin', *ORIGINS), nullable=False),
        sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('version_seen', sa.Integer(), nullable=False), sa.Column('snapshot', sa.String(64), nullable=False),
        sa.Column('details', sa.JSON(), nullable=False), sa.Column('claim_id', sa.Integer(), nullable=True),
        sa.Column('undoes_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('previous', sa.String(64), nullable=False), sa.Column('digest', sa.String(64), nullable=False),
        sa.CheckConstraint("act <> 'hide' OR reason IS NOT NULL", name=op.f('ck_decision_hiding_has_a_reason')),
        sa.CheckConstraint("act <> 'undo' OR undoes_id IS NOT NULL", name=op.f('ck_decision_undoing_undoes')),
        *(sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_decision_{column}_{table}'))
          for column, table in (('contribution_id', 'contribution'), ('process_id', 'process'),
                                ('activity_id', 'activity'), ('moderator_id', 'person'), ('claim_id', 'claim'),
                                ('undoes_id', 'decision'))),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
        *(sa.UniqueConstraint(column, name=op.f(f'uq_decision_{column}')) for column in ('number', 'undoes_id', 'digest')))
    with op.batch_alter_table('decision') as batch_op:
        batch_op.create_index('ix_decision_contribution', ['contribution_id', 'id'], unique=False)
        batch_op.create_index('ix_decision_decided_at', ['decided_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_moderator_id'), ['moderator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_process_id'), ['process_id'], unique=False)
        batch_op.create_index('ix_decision_subject', ['subject', 'id'], unique=False)


def enter(before):
    """The decisions so far, in their order, each with the digest of the one before it."""
    names = ('number', 'subject', 'kind', 'contribution_id', 'process_id', 'activity_id', 'moderator_id', 'role', 'act',
             'reason', 'rule_version', 'note', 'origin', 'waiting_since', 'version_seen', 'snapshot', 'details',
             'claim_id', 'undoes_id', 'decided_at', 'previous')
    previous, rows = START, []
    for number, old in enumerate(before, 1):
        at = old['decided_at'].replace(tzinfo=old['decided_at'].tzinfo or UTC).astimezone(UTC)
        row = {**dict.fromkeys(names), 'number': number, 'subject': f"contribution:{old['contribution_id']}",
               **{name: old[name] for name in ('kind', 'contribution_id', 'process_id', 'activity_id', 'moderator_id',
                                               'act', 'reason', 'note', 'version_seen')},
               'role': 'moderator', 'rule_version': '1' if old['reason'] else '', 'origin': 'own', 'snapshot': '',
               'details': {}, 'decided_at': at, 'previous': previous}
        plain = {name: '' if value is None else value for name, value in row.items()}
        plain['decided_at'] = at.isoformat(timespec='microseconds')
        whole = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(',', ':')).encode()
        previous = hashlib.sha256(whole).hexdigest()
        rows.append({'id': old['id'], **row, 'details': '{}', 'digest': previous})
    bind = op.get_bind()
    table = sa.table('decision', *(sa.column(name, sa.DateTime(timezone=True) if name == 'decided_at' else None)
                                   for name in ('id', *names, 'digest') if name != 'details'),
                     sa.column('details', sa.JSON))
    for row in rows:
        bind.execute(sa.insert(table).values(**{**row, 'details': {}}))
    if rows and bind.dialect.name == 'postgresql':
        op.execute("SELECT setval(pg_get_serial_sequence('decision', 'id'), (SELECT max(id) FROM decision))")
    if rows:
        bind.execute(sa.text('INSERT INTO decision_head (id, size, digest) VALUES (1, :size, :digest)'),
                     {'size': len(rows), 'digest': previous})


def counts(acts):
    bind = op.get_bind()
    rows = bind.execute(sa.text('SELECT act, reason, count FROM decision_count')).all()
    op.drop_table('decision_count')
    op.create_table('decision_count', sa.Column('act', one_of('act', *acts), nullable=False),
                    sa.Column('reason', sa.String(24), nullable=False), sa.Column('count', sa.Integer(), nullable=False),
                    sa.PrimaryKeyConstraint('act', 'reason', name=op.f('pk_decision_count')))
    for act, reason, count in rows:
        if act in acts:
            bind.execute(sa.text('INSERT INTO decision_count (act, reason, count) VALUES (:act, :reason, :count)'),
                         {'act': act, 'reason': reason, 'count': count})


def refuse_changes():
    """The database itself refuses to change or remove a decision."""
    if op.get_bind().dialect.name == 'sqlite':
        for act in ('UPDATE', 'DELETE'):
            op.execute(f"""CREATE TRIGGER decision_no_{act.lower()} BEFORE {act} ON decision
                BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""")
        return
    op.execute(f"""CREATE FUNCTION decision_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""")
    op.execute("""CREATE TRIGGER decision_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
        FOR EACH STATEMENT EXECUTE FUNCTION decision_refuse()""")


def downgrade():
    bind = op.get_bind()
    rows = bind.execute(sa.text('SELECT * FROM decision ORDER BY id').columns(
        decided_at=sa.DateTime(timezone=True))).mappings().all()
    with op.batch_alter_table('outbox_message') as batch_op:
        batch_op.drop_index('ix_outbox_message_batch')
        batch_op.drop_column('batch')
    for table in ('aside', 'decision_head', 'decision', 'claim'):
        op.drop_table(table)
    if bind.dialect.name == 'postgresql':
        op.execute('DROP FUNCTION decision_refuse()')
    counts(ACTS_BEFORE)
    op.create_table(
        'decision', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contribution_id', sa.Integer(), nullable=False), sa.Column('moderator_id', sa.Integer(), nullable=False),
        sa.Column('act', one_of('act', *ACTS_BEFORE), nullable=False),
        sa.Column('reason', one_of('reason', *REASONS_BEFORE), nullable=True),
        sa.Column('note', sa.String(1000), nullable=False), sa.Column('version_seen', sa.Integer(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act <> 'hide' OR reason IS NOT NULL", name=op.f('ck_decision_hiding_has_a_reason')),
        sa.ForeignKeyConstraint(['contribution_id'], ['contribution.id'],
                                name=op.f('fk_decision_contribution_id_contribution')),
        sa.ForeignKeyConstraint(['moderator_id'], ['person.id'], name=op.f('fk_decision_moderator_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')))
    with op.batch_alter_table('decision') as batch_op:
        batch_op.create_index('ix_decision_contribution', ['contribution_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_moderator_id'), ['moderator_id'], unique=False)
    table = sa.table('decision', *(sa.column(name) for name in ('id', 'contribution_id', 'moderator_id', 'act', 'reason',
                                                                'note', 'version_seen', 'decided_at')))
    for row in rows:
        if row['contribution_id'] and row['act'] in ACTS_BEFORE and (row['reason'] or '') in ('', *REASONS_BEFORE):
            bind.execute(sa.insert(table).values(**{name: row[name] for name in table.c.keys()}))
