"""The pact and its commitments, and notices of how far they are"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'

KINDS = ('proposed', 'commented', 'replied', 'mentioned', 'answered', 'changed', 'amended', 'topic', 'statement',
         'outcome_proposed', 'outcome_decided', 'opened', 'results', 'plan', 'passed_on', 'document')
ONE_PARTY = ("(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN municipality_id IS NULL THEN 0 ELSE 1 "
             "END) + (CASE WHEN written_name = '' THEN 0 ELSE 1 END) = 1")
TABLES = ('progress_report', 'commitment_partner', 'commitment_milestone', 'commitment', 'signature',
          'pact_consultation', 'signatory', 'clause', 'pact')


def one_of(kinds):
    with op.batch_alter_table('happening') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_happening_happeningkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_happening_happeningkind'), sa.column('kind').in_(kinds))


def enum(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def number(name, *, null=False):
    return sa.Column(name, sa.Integer(), nullable=null)


def text(name, length=None):
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def day(name, *, null=True):
    return sa.Column(name, sa.Date(), nullable=null)


def at(name):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def key(table, column, target, **more):
    return sa.ForeignKeyConstraint([column], [f'{target}.id'], name=op.f(f'fk_{table}_{column}_{target}'), **more)


def primary(table, *columns):
    return sa.PrimaryKeyConstraint(*(columns or ('id',)), name=op.f(f'pk_{table}'))


def unique(table, *columns):
    return sa.UniqueConstraint(*columns, name=op.f(f'uq_{table}_{"_".join(columns)}'))


def check(table, name, rule):
    return sa.CheckConstraint(rule, name=op.f(f'ck_{table}_{name}'))


def index(table, *columns):
    op.create_index(op.f(f'ix_{table}_{"_".join(columns)}'), table, list(columns))


def upgrade():
    op.create_table(
        'pact', number('id'), number('process_id'), text('slug', 80), text('title', 160), text('premise'),
        number('years'),
        sa.Column('state', enum('pactstate', 'draft', 'in_negotiation', 'open_for_signature', 'in_force', 'concluded'),
                  nullable=False),
        text('act', 200), day('in_force_since'), number('version'), at('updated_at'),
        check('pact', 'in_force_since_a_day', "in_force_since IS NOT NULL OR state NOT IN ('in_force', 'concluded')"),
        check('pact', 'lasts_a_year', 'years >= 1'),
        key('pact', 'process_id', 'process'), primary('pact'), unique('pact', 'process_id'), unique('pact', 'slug'))
    op.create_table(
        'clause', number('id'), number('pact_id'), number('position'), text('title', 200), text('body'),
        key('clause', 'pact_id', 'pact'), primary('clause'))
    index('clause', 'pact_id')
    op.create_table(
        'signatory', number('id'), number('pact_id'), number('position'), number('organisation_id', null=True),
        number('municipality_id', null=True), text('written_name', 160), text('signer_title', 120),
        sa.Column('state', enum('signatorystate', 'invited', 'willing', 'negotiating', 'signed', 'withdrawn'),
                  nullable=False),
        number('version'), check('signatory', 'one_party', ONE_PARTY),
        key('signatory', 'pact_id', 'pact'), key('signatory', 'organisation_id', 'organisation'),
        key('signatory', 'municipality_id', 'municipality'), primary('signatory'),
        unique('signatory', 'pact_id', 'organisation_id'), unique('signatory', 'pact_id', 'municipality_id'))
    index('signatory', 'organisation_id')
    op.create_table(
        'pact_consultation', number('id'), number('pact_id'), key('pact_consultation', 'id', 'activity'),
        key('pact_consultation', 'pact_id', 'pact'), primary('pact_consultation'))
    signatures()
    commitments()
    reports()
    one_of((*KINDS, 'progress'))


def signatures():
    op.create_table(
        'signature', number('id'), number('signatory_id'),
        sa.Column('kind', enum('signaturekind', 'digital_pdf', 'digital_p7m', 'on_paper'), nullable=False),
        day('signed_on', null=False), text('token', 32), text('name', 120), text('mimetype', 80), number('size'),
        text('sha256', 64),
        sa.Column('verdict', enum('verdict', 'valid', 'invalid', 'not_verified'), nullable=False),
        day('verified_on'), text('verified_by', 160), text('report_token', 32), text('report_name', 120),
        text('report_mimetype', 80), sa.Column('file_public', sa.Boolean(), nullable=False),
        number('recorded_by_id'), at('recorded_at'), number('version'),
        check('signature', 'not_empty', 'size > 0'),
        check('signature', 'verified_on_a_day', "(verdict = 'not_verified') = (verified_on IS NULL)"),
        check('signature', 'verified_after_signing', 'verified_on IS NULL OR verified_on >= signed_on'),
        check('signature', 'whole_report', "(report_token = '') = (report_name = '')"),
        key('signature', 'signatory_id', 'signatory'), key('signature', 'recorded_by_id', 'person'),
        primary('signature'), unique('signature', 'token'))
    index('signature', 'signatory_id')
    index('signature', 'recorded_by_id')


def commitments():
    op.create_table(
        'commitment', number('id'), number('pact_id'), text('code', 12), number('position'), text('title', 240),
        text('body'), number('signatory_id', null=True), text('resources', 500), number('cost', null=True),
        day('due_on'), text('measure', 240), number('indicator_id', null=True),
        sa.Column('baseline', sa.Double(), nullable=True), sa.Column('target', sa.Double(), nullable=True),
        text('unit', 60),
        sa.Column('state', enum('commitmentstate', 'draft', 'negotiating', 'agreed', 'under_way', 'kept', 'not_kept',
                                'withdrawn'), nullable=False),
        number('thread_id', null=True), number('version'),
        check('commitment', 'cost_not_negative', 'cost IS NULL OR cost >= 0'),
        key('commitment', 'pact_id', 'pact'), key('commitment', 'signatory_id', 'signatory'),
        key('commitment', 'indicator_id', 'indicator', ondelete='SET NULL'), key('commitment', 'thread_id', 'thread'),
        primary('commitment'), unique('commitment', 'pact_id', 'code'), unique('commitment', 'thread_id'))
    index('commitment', 'signatory_id')
    op.create_table(
        'commitment_milestone', number('id'), number('commitment_id'), text('title', 200), day('due_on'),
        day('reached_on'), key('commitment_milestone', 'commitment_id', 'commitment', ondelete='CASCADE'),
        primary('commitment_milestone'))
    index('commitment_milestone', 'commitment_id')
    op.create_table(
        'commitment_partner', number('commitment_id'), number('signatory_id'),
        key('commitment_partner', 'commitment_id', 'commitment', ondelete='CASCADE'),
        key('commitment_partner', 'signatory_id', 'signatory'),
        primary('commitment_partner', 'commitment_id', 'signatory_id'))


def reports():
    op.create_table(
        'progress_report', number('id'), number('commitment_id'), day('on', null=False),
        sa.Column('value', sa.Double(), nullable=True),
        sa.Column('standing', enum('progress', 'on_time', 'late', 'at_risk', 'done', 'stopped'), nullable=False),
        text('text'), number('corrects_id', null=True), number('organisation_id', null=True), number('written_by_id'),
        at('created_at'),
        check('progress_report', 'corrects_another', 'corrects_id IS NULL OR corrects_id <> id'),
        check('progress_report', 'says_something', 'length(trim(text)) > 0'),
        key('progress_report', 'commitment_id', 'commitment'),
        key('progress_report', 'corrects_id', 'progress_report'), key('progress_report', 'written_by_id', 'person'),
        key('progress_report', 'organisation_id', 'organisation'),
        primary('progress_report'), unique('progress_report', 'corrects_id'))
    op.create_index('ix_progress_report_of', 'progress_report', ['commitment_id', 'on', 'id'])
    index('progress_report', 'written_by_id')


def downgrade():
    op.execute("DELETE FROM happening WHERE kind = 'progress'")
    one_of(KINDS)
    for table in TABLES:
        op.drop_table(table)
