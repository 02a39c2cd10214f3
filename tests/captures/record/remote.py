# SPDX-License-Identifier: Apache-2.0
"""Shells and screens: SSH, Telnet, VNC, RDP."""
import pathlib
import shutil

from wire import PASSWORD, SERVER, recording

SSH_OPTIONS = ("-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
               "-o", "LogLevel=ERROR")


def sshd(wire, address):
    """A server at `address`; the path of a key that anna may log in with."""
    folder = wire.folder
    for name in ("host", "anna", "wrong"):
        wire.run("srv", "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f",
                 f"{folder}/{name}.key")
    authorized = wire.file("authorized", (folder / "anna.key.pub").read_bytes())
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    conf = wire.file("sshd.conf", f"""ListenAddress {address}
HostKey {folder}/host.key
PidFile {folder}/sshd.pid
UsePAM no
StrictModes no
AuthorizedKeysFile {authorized}
MaxAuthTries 3
""")
    # sshd starts itself anew for each session and so needs its full path.
    wire.server(shutil.which("sshd"), "-D", "-f", conf)
    return f"{folder}/anna.key"


def ssh(wire, *words, **options):
    wire.client(*words, "anna@srv.office.example", "true", **options)


@recording("ssh-logins", "openssh-server openssh-client sshpass",
           "SSH: wrong passwords, right password, right and wrong key, a command")
def ssh_logins(wire):
    key = sshd(wire, SERVER)
    by_password = ("ssh", *SSH_OPTIONS, "-o", "PubkeyAuthentication=no")
    ssh(wire, "sshpass", "-p", "not-it", *by_password, expect=(5, 255))
    ssh(wire, "sshpass", "-p", PASSWORD, *by_password)
    ssh(wire, "ssh", *SSH_OPTIONS, "-i", key)
    ssh(wire, "ssh", *SSH_OPTIONS, "-o", "BatchMode=yes", "-i", f"{wire.folder}/wrong.key",
        expect=(255,))


@recording("telnet", "inetutils-telnetd telnet socat busybox",
           "Telnet: options, a wrong password, a login")
def telnet(wire):
    # Debian's own login would tell which machine this is.
    login = wire.file("login", "#!/bin/sh\nexec busybox login\n")
    pathlib.Path(login).chmod(0o755)
    wire.server("socat", f"TCP-LISTEN:23,bind={SERVER},fork,reuseaddr", f"EXEC:telnetd -h -E {login}")
    for password in ("not-it", PASSWORD):
        wire.client("sh", "-c", f"(sleep 2; printf 'anna\\r\\n'; sleep 1; printf '{password}\\r\\n'; "
                    f"sleep 4; printf 'exit\\r\\n'; sleep 1) | telnet {SERVER}", expect=(0, 1))


@recording("vnc", "tigervnc-standalone-server tigervnc-tools tigervnc-viewer vncsnapshot xvfb",
           "VNC (RFB 3.3 and 3.8): password refused, password accepted")
def vnc(wire):
    folder = wire.folder
    for name, password in (("right", PASSWORD), ("wrong", "not-it")):
        wire.run("srv", "sh", "-c", f"printf '%s\\n' {password} | tigervncpasswd -f > {folder}/{name}")
    wire.server("Xtigervnc", ":77", "-interface", SERVER, "-rfbport", "5900", "-geometry", "64x64",
                "-depth", "24", "-SecurityTypes", "VncAuth", "-PasswordFile", f"{folder}/right",
                "-nolisten", "unix", wait=3)
    screen(wire)
    for name in ("wrong", "right"):
        wire.client("timeout", "5", "vncsnapshot", "-quiet", "-passwd", f"{folder}/{name}",
                    f"{SERVER}:0", f"{folder}/screen.jpg", expect=(0, 1, 124))
        wire.client("timeout", "3", "env", "DISPLAY=:78", f"HOME={folder}", "xtigervncviewer",
                    "-PasswordFile", f"{folder}/{name}", "-SecurityTypes", "VncAuth", "-AlertOnFatalError=0",
                    "-ReconnectOnError=0", SERVER, expect=(0, 1, 124))


def screen(wire):
    """Programs of pc-1 that need a screen have this one."""
    wire.start("pc-1", "Xvfb", ":78", "-screen", "0", "640x480x16", "-nolisten", "unix")
    wire.rest(2)


@recording("rdp", "xrdp freerdp2-x11 xvfb",
           "RDP: cookie, negotiation to TLS and to plain RDP security")
def rdp(wire):
    folder = wire.folder
    wire.run("srv", "xrdp-keygen", "xrdp", f"{folder}/rsakeys.ini")
    wire.run("srv", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj",
             "/CN=srv.office.example", "-keyout", f"{folder}/rdp.key", "-out", f"{folder}/rdp.pem")
    conf = wire.file("xrdp.ini", f"""[Globals]
port=tcp://{SERVER}:3389
security_layer=negotiate
crypt_level=high
certificate={folder}/rdp.pem
key_file={folder}/rdp.key
ssl_protocols=TLSv1.2
max_bpp=16
rsakeys_ini={folder}/rsakeys.ini
[Logging]
LogFile={folder}/xrdp.log
EnableSyslog=false
[Xvnc]
name=none
lib=libvnc.so
ip=127.0.0.1
port=-1
""")
    wire.server("xrdp", "--nodaemon", "--config", conf, wait=2)
    screen(wire)
    for security in ("tls", "rdp"):
        wire.client("timeout", "4", "env", "DISPLAY=:78", "xfreerdp", f"/v:{SERVER}", "/u:anna",
                    f"/p:{PASSWORD}", "/cert:ignore", f"/sec:{security}", "/w:200", "/h:200",
                    "/bpp:8", expect=(0, 1, 124, 131, 132, 133, 134, 147))
