"""The log of a ballot can only be added to: the database itself refuses to change what is in it"""

from alembic import op

revision = '0008'
down_revision = '0007'

TABLES = ('ledger_entry', 'ledger_block', 'ledger_checkpoint')
REFUSAL = 'what is in the log of a ballot is never changed'


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    if not sqlite:
        op.execute(f"""CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""")
    for table in TABLES:
        if sqlite:
            for act in ('UPDATE', 'DELETE'):
                op.execute(f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""")
        else:
            op.execute(f"""CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""")
            op.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER')


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in TABLES:
        if sqlite:
            for act in ('update', 'delete'):
                op.execute(f'DROP TRIGGER {table}_no_{act}')
        else:
            op.execute(f'DROP TRIGGER {table}_only_added ON {table}')
            op.execute(f'GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER')
    if not sqlite:
        op.execute('DROP FUNCTION ledger_refuse()')
