"""A real mail system for the tests: Postfix takes the mail in, Dovecot keeps it and shows it.

Both run from configurations of their own, in a folder of their own, on loopback. Nothing leaves:
whatever is not for DOMAIN is refused. Any name of DOMAIN is a mailbox, with the one PASSWORD.
"""

import mailbox
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from tests import needs
from tests.live.ports import free_ports

DOMAIN = "palabre.test"
PASSWORD = "mot-de-passe"
REFUSED, LATER = f"refuse@{DOMAIN}", f"plus-tard@{DOMAIN}"
"""Recipients the server answers 550 and 450 to."""

PATIENCE = 60.0
"""Seconds a server may take to start on a loaded machine."""


@dataclass(frozen=True)
class MailServer:
    """Where it listens, and what arrived."""

    folder: Path
    smtp: int
    submission: int
    imap: int
    imaps: int
    host: str = "localhost"

    @property
    def certificate(self) -> Path:
        """The authority a client must trust (`SSL_CERT_FILE`)."""
        return self.folder / "certificate.pem"

    def url(self, user: str = f"expediteur@{DOMAIN}", password: str = PASSWORD) -> str:
        """The submission port as PALABRE_EMAIL_URL wants it."""
        return (
            f"smtp+starttls://{quote(user, safe='')}:{quote(password, safe='')}@{self.host}:{self.submission}"
        )

    def inbox(self, address: str) -> list[EmailMessage]:
        """The messages of a mailbox, parsed, in the order of their arrival."""
        folder = self.folder / "mail" / address.split("@")[0].lower()
        if not folder.exists():
            return []
        box = mailbox.Maildir(folder, create=False)
        found = sorted(box.keys(), key=lambda key: (float(key.split(".M")[0]), key))
        return [message_from_bytes(box.get_bytes(key), policy=policy.default) for key in found]

    def wait_for(self, address: str, count: int = 1, seconds: float = 30) -> list[EmailMessage]:
        """The messages of a mailbox once there are `count`. Raises TimeoutError with what the server said."""
        deadline = time.monotonic() + seconds
        while len(found := self.inbox(address)) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{len(found)} of {count} for {address}\n{_tail(self.folder / 'postfix.log')}"
                )
            time.sleep(0.05)
        return found

    def empty(self, address: str) -> None:
        """Forget what a mailbox holds."""
        shutil.rmtree(self.folder / "mail" / address.split("@")[0].lower(), ignore_errors=True)


@contextmanager
def running() -> Iterator[MailServer]:
    """Start both, hand them over, stop both."""
    postfix = needs.program("postfix", package="postfix")
    dovecot = needs.program("dovecot", package="dovecot-imapd")
    needs.program("openssl", package="openssl")
    if os.geteuid() != 0:
        needs.absent("Postfix starts as root only")
    version = subprocess.run([dovecot, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        needs.absent(f"this configuration is for Dovecot 2.3, not {version.split()[0]}")
    folder = Path(tempfile.mkdtemp(prefix="palabre-mail-"))
    folder.chmod(0o755)
    smtp, submission, imap, imaps, lmtp = free_ports(5)
    server = MailServer(folder, smtp, submission, imap, imaps)
    try:
        _certificate(server)
        _configure_dovecot(server, lmtp)
        _configure_postfix(server, lmtp)
        with _started_dovecot(server, dovecot), _started_postfix(server, postfix):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started_dovecot(server: MailServer, dovecot: str) -> Iterator[None]:
    log = server.folder / "dovecot.log"
    with log.open("ab") as output:
        # In the foreground, so that it is a child of ours and ends with us.
        process = subprocess.Popen(
            [dovecot, "-F", "-c", str(server.folder / "dovecot.conf")], stdout=output, stderr=output
        )
    try:
        _wait_for_port(server.imap, log, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _started_postfix(server: MailServer, postfix: str) -> Iterator[None]:
    command = [postfix, "-c", str(server.folder / "postfix")]
    log = server.folder / "postfix.log"
    done = subprocess.run([*command, "start"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + _tail(log)
    try:
        _wait_for_port(server.submission, log, None)
        yield
    finally:
        subprocess.run([*command, "stop"], capture_output=True, check=False)


def _wait_for_port(port: int, log: Path, process: subprocess.Popen[bytes] | None) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                if client.recv(10):
                    return
        except OSError:
            pass
        if time.monotonic() > deadline or (process is not None and process.poll() is not None):
            raise TimeoutError(f"nothing answers on port {port}\n{_tail(log)}")
        time.sleep(0.05)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


def _certificate(server: MailServer) -> None:
    """An authority of our own, and the servers' certificate signed by it."""
    key, authority_key = server.folder / "key.pem", server.folder / "authority.key"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run(
        [*made, "-subj", "/CN=Palabre tests", "-addext", "keyUsage=critical,keyCertSign",
         "-keyout", str(authority_key), "-out", str(server.certificate)],
        capture_output=True, check=True,
    )  # fmt: skip
    subprocess.run(
        [*made, "-subj", "/CN=localhost", "-CA", str(server.certificate), "-CAkey", str(authority_key),
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-addext", "basicConstraints=critical,CA:FALSE",
         "-keyout", str(key), "-out", str(server.folder / "server.pem")],
        capture_output=True, check=True,
    )  # fmt: skip
    key.chmod(0o600)
    authority_key.unlink()


def _configure_dovecot(server: MailServer, lmtp: int) -> None:
    folder = server.folder
    keeper = pwd.getpwnam("mail")
    (folder / "mail").mkdir()
    os.chown(folder / "mail", keeper.pw_uid, keeper.pw_gid)
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/key.pem
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%Ln
auth_failure_delay = 0
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={keeper.pw_uid} gid={keeper.pw_gid} home={folder}/mail/%Ln allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {server.imap}
  }}
  inet_listener imaps {{
    port = {server.imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  # Failed sign-ins slow the next ones down: not what these tests look at.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {folder}/dovecot/postfix {{
    mode = 0666
  }}
}}
""")


def _configure_postfix(server: MailServer, lmtp: int) -> None:
    folder = server.folder
    configuration = folder / "postfix"
    (folder / "queue").mkdir()
    configuration.mkdir()
    state = folder / "state"
    state.mkdir()
    keeper = pwd.getpwnam("postfix")
    os.chown(state, keeper.pw_uid, keeper.pw_gid)
    (configuration / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {state}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:5.7.1 this server sends nothing out
relay_transport = error:5.7.1 this server sends nothing out
disable_dns_lookups = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/dovecot/postfix
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = may
smtpd_recipient_restrictions =
  check_recipient_access inline:{{{{{REFUSED} = 550 5.1.1 no such person}}}},
  check_recipient_access inline:{{{{{LATER} = 450 4.2.1 try later}}}},
  reject_unauth_destination
smtpd_error_sleep_time = 0
""")
    submission = f"""127.0.0.1:{server.submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
"""
    services = [
        "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr", "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
        "verify unix - - n - 1 verify", "flush unix n - n 1000? 0 flush", "proxymap unix - - n - - proxymap",
        "proxywrite unix - - n - 1 proxymap", "showq unix n - n - - showq", "error unix - - n - - error",
        "retry unix - - n - - error", "lmtp unix - - n - - lmtp", "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd",
    ]  # fmt: skip
    (configuration / "master.cf").write_text(
        f"127.0.0.1:{server.smtp} inet n - n - - smtpd\n{submission}" + "\n".join(services) + "\n"
    )
