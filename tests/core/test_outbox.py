"""What must leave the house by mail leaves it, once, whatever the mail server does: tried against real servers."""

import asyncio
import email
import email.policy
import socket
import ssl
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from consult.core import clock, jobs, outbox
from consult.core.db import db
from consult.core.outbox import MessageState, OutboxMessage
from tests.conftest import settings_for

CERTIFICATE = Path(__file__).with_name("mail_server.pem")
"""Of `localhost`, signed by itself, made for these tests; its key guards nothing."""
MINUTE = timedelta(minutes=1)


class MailServer:
    """A mail server on a port of its own, which does what it is told."""

    def __init__(self, scheme="smtp"):
        self.scheme, self.received, self.answer, self.refused, self.hangs = scheme, [], "250 OK", set(), 0.0
        self.credentials = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = None

    def start(self):
        options = {"auth_require_tls": False, "authenticator": self._authenticate}
        if self.scheme != "smtp":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            options |= ({"ssl_context": context} if self.scheme == "smtps"
                        else {"tls_context": context, "require_starttls": True})
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    def _authenticate(self, _server, _session, _envelope, mechanism, data):
        if mechanism not in ("PLAIN", "LOGIN"):
            return AuthResult(success=False, handled=False)
        self.credentials.append((data.login, data.password))
        return AuthResult(success=data.password == b"segreta@1")

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.hangs)
        if self.answer.startswith("250"):
            self.received.append((envelope.rcpt_tos, email.message_from_bytes(
                envelope.content, policy=email.policy.default)))
        return self.answer


@pytest.fixture
def server(request):
    running = MailServer(getattr(request, "param", "smtp"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def settings(database_url, tmp_path, server):
    return settings_for(tmp_path, database_url, mail_url=f"{server.scheme}://127.0.0.1:{server.port}",
                        mail_sender="Unione di prova <piano@unione.example.org>")


@pytest.fixture
def letters(app, make):
    """Write a message, as an act of the site would."""
    make.authority()

    def write(key="k1", to="carla@example.org", language="it"):
        outbox.post(to, "account_known", key=key, language=language)
        db.session.commit()

    return write


def message(key="k1"):
    db.session.expire_all()
    return db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key == key)).one()


def send():
    db.session.commit()
    outbox.send_due()


def test_a_message_reaches_the_server_whole(letters, server):
    letters()
    send()
    (recipients, mail), = server.received
    assert recipients == ["carla@example.org"]
    assert mail["Subject"] == "Hai già un account"
    assert mail["From"] == "Unione di prova <piano@unione.example.org>"
    assert mail["To"] == "carla@example.org"
    assert mail["Message-ID"] == "<k1@unione.example.org>"
    assert mail["Content-Language"] == "it"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime - clock.now() < MINUTE
    assert mail.get_content_type() == "text/plain"
    assert "L’indirizzo ha già un account confermato" in mail.get_content()
    assert "http://localhost:8000/accedi" in mail.get_content()


def test_a_sent_message_is_noted_and_its_text_dropped(letters, server):
    letters()
    send()
    send()
    assert len(server.received) == 1
    sent = message()
    assert (sent.state, sent.attempts, sent.text, sent.last_error) == (MessageState.SENT, 1, "", "")
    assert sent.sent_at <= clock.now()


def test_an_act_that_is_not_kept_sends_nothing(app, make, server):
    make.authority()
    db.session.commit()
    outbox.post("carla@example.org", "account_known", key="k1")
    db.session.rollback()
    send()
    assert server.received == []


def test_the_same_key_is_one_message(letters, server):
    letters()
    letters(to="altra@example.org")
    send()
    assert [recipients for recipients, _mail in server.received] == [["carla@example.org"]]


def test_nobody_without_an_address_is_written_to(letters, server):
    letters(to=None)
    send()
    assert server.received == []


def test_a_request_that_writes_a_message_has_it_sent_by_the_queue(browser, make, app, server):
    make.authority()
    browser().submit("/password-dimenticata", {"email": "nessuno@example.org"})
    assert server.received == []
    assert jobs.queue(app).run_waiting() >= 1
    assert [recipients for recipients, _mail in server.received] == [["nessuno@example.org"]]


def test_a_server_that_refuses_for_now_is_tried_again_and_again_ever_later(letters, server):
    letters()
    server.answer = "451 try again later"
    start = clock.now()
    waits = []
    for _ in range(12):
        with clock.at(message().not_before + timedelta(seconds=1)):
            before = clock.now()
            send()
            waits.append(round((message().not_before - before) / MINUTE))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert "451" in message().last_error
    assert server.received == []
    server.answer = "250 OK"
    with clock.at(start + timedelta(hours=60)):
        send()
        send()
    assert len(server.received) == 1
    assert message().state is MessageState.SENT


def test_before_its_time_nothing_is_tried_again(letters, server):
    letters()
    server.answer = "451 try again later"
    send()
    server.answer = "250 OK"
    send()
    assert (server.received, message().attempts) == ([], 1)


def test_a_server_that_is_away_is_tried_again(letters, server):
    server.stop()
    letters()
    send()
    assert message().state is MessageState.DUE
    assert "ConnectionRefused" in message().last_error
    server.start()
    with clock.at(clock.now() + 2 * MINUTE):
        send()
    assert len(server.received) == 1


def test_after_three_days_it_is_given_up_and_shows_why(letters, server):
    letters()
    server.refused.add("carla@example.org")
    with clock.at(clock.now() + timedelta(hours=71)):
        send()
        assert message().state is MessageState.DUE
    with clock.at(clock.now() + timedelta(hours=80)):
        send()
    given_up = message()
    assert given_up.state is MessageState.FAILED
    assert "550" in given_up.last_error
    with clock.at(clock.now() + timedelta(hours=200)):
        server.refused.clear()
        send()
    assert server.received == []


def test_one_refused_address_does_not_hold_the_others_up(letters, server):
    server.refused.add("prima@example.org")
    letters("k1", "prima@example.org")
    letters("k2", "seconda@example.org")
    send()
    assert [recipients for recipients, _mail in server.received] == [["seconda@example.org"]]


def test_a_value_that_no_header_can_hold_stops_nothing_and_nobody_else(letters, server):
    letters("k1", "prima@example.org\r\nBcc: altri@example.org")
    letters("k2", "seconda@example.org")
    letters("k3", "josé@example.org")
    send()
    sent = [recipients for recipients, _mail in server.received]
    assert ["seconda@example.org"] in sent
    assert not any("altri@example.org" in recipients for recipients in sent)
    assert message().state is MessageState.DUE
    assert message().last_error


def test_a_worker_that_dies_after_sending_causes_one_duplicate_with_the_same_name(letters, server):
    letters()
    claimed = outbox._claim()
    outbox._send(claimed, outbox.config.current())  # and here it dies
    send()
    assert len(server.received) == 1
    with clock.at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        send()
    first, second = (mail["Message-ID"] for _recipients, mail in server.received)
    assert first == second
    assert message().state is MessageState.SENT


def test_two_workers_send_every_message_once(letters, server, app):
    for number in range(12):
        letters(f"k{number}", f"persona{number}@example.org")

    def work():
        with app.app_context():
            outbox.send_due()
            db.session.remove()

    db.session.remove()
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(recipients[0] for recipients, _mail in server.received) == sorted(
        f"persona{number}@example.org" for number in range(12))


def test_while_a_server_hangs_others_can_write(letters, server, app, make):
    letters()
    server.hangs = 3.0

    def work():
        with app.app_context():
            outbox.send_due()
            db.session.remove()

    db.session.remove()
    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.7)
    assert worker.is_alive()
    make.person()
    db.session.commit()
    assert worker.is_alive()  # whoever writes did not wait for the mail server
    worker.join()
    assert len(server.received) == 1


def test_what_was_sent_long_ago_is_forgotten(letters, server):
    letters()
    send()
    assert outbox.forget(before=clock.now() - timedelta(days=1), most=9) == 0
    assert message()
    assert outbox.forget(before=clock.now() + timedelta(days=1), most=9) == 1
    assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == 0


@pytest.mark.parametrize("server", ["smtps", "smtp+starttls"], indirect=True)
def test_over_tls_a_server_must_be_one_that_is_trusted(letters, server, monkeypatch):
    letters()
    send()
    assert server.received == []
    assert "CERTIFICATE_VERIFY_FAILED" in message().last_error
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with clock.at(clock.now() + 2 * MINUTE):
        send()
    assert len(server.received) == 1


class TestWithAName:
    """A server that wants to know who sends."""

    @pytest.fixture
    def settings(self, database_url, tmp_path, server):
        return settings_for(tmp_path, database_url, mail_url=f"smtp://piano%40unione:segreta%401@127.0.0.1:{server.port}")

    def test_name_and_password_are_given_as_meant(self, letters, server):
        letters()
        send()
        assert server.credentials == [(b"piano@unione", b"segreta@1")]
        assert len(server.received) == 1


class TestWithoutAServer:
    """An installation that has none, as the demonstration."""

    @pytest.fixture
    def settings(self, database_url, tmp_path):
        return settings_for(tmp_path, database_url)

    def test_messages_are_kept_as_files_for_their_owner_only(self, letters, tmp_path):
        letters()
        send()
        kept, = (tmp_path / "mail").iterdir()
        mail = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
        assert mail["Subject"] == "Hai già un account"
        assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
        assert message().state is MessageState.SENT
