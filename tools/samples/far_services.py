# SPDX-License-Identifier: Apache-2.0
"""
What lets people, and intruders, work across the office's border: private tunnels, encrypted name
lookups, SSH, remote support. The servers stand in the internet of the box unless said otherwise.
"""
import pathlib
import shutil

import services
import sites

VPN_PORT, VPN_FAR_END, VPN_NEAR_END = 1194, "10.99.1.1", "10.99.1.2"
DNS_OVER_TLS_PORT = 853


def open_vpn(office, address, name, where="internet"):
    """An OpenVPN server on that address, with a certificate of the box's authority."""
    sites.make_certificate(office.folder, name)
    office.start(where, "openvpn", "--dev", "tun-vpn", "--dev-type", "tun", "--proto", "udp", "--local", address,
                 "--port", str(VPN_PORT), "--tls-server", "--dh", "none", *_keys(office, name),
                 "--ifconfig", VPN_FAR_END, VPN_NEAR_END, "--verb", "3")


def use_vpn(office, host, server, name, pings):
    """Connects to it, and pings the far end once a second."""
    sites.make_certificate(office.folder, f"{host}.{name}")
    office.start(host, "openvpn", "--dev", "tun0", "--proto", "udp", "--remote", server,
                 "--port", str(VPN_PORT), "--nobind", "--tls-client", *_keys(office, f"{host}.{name}"),
                 "--ifconfig", VPN_NEAR_END, VPN_FAR_END, "--verb", "3")
    office.rest(6)
    office.run(host, "ping", "-q", "-c", str(pings), VPN_FAR_END, seconds=pings + 20)


def _keys(office, name):
    certificate, key = services.certificate(office.folder, name)
    return ["--ca", str(office.folder / "tls/ca.pem"), "--cert", str(certificate), "--key", str(key)]


def open_lookups(office, address, records):
    """A resolver that can be asked over TLS, too."""
    path = office.folder / "lookups.conf"
    path.write_text("\n".join([f"listen-address={address}", "bind-interfaces", "no-resolv", "no-hosts",
                               "user=root", "keep-in-foreground",
                               f"pid-file={office.folder}/lookups.pid",
                               *(f"host-record={record}" for record in records), ""]))
    office.start("internet", "dnsmasq", f"--conf-file={path}")
    encrypt_lookups(office, address)


def encrypt_lookups(office, address, where="internet"):
    """socat takes the TLS off; the resolver of that address answers what is left."""
    files = office.own_certificate("lookups", "/CN=resolver")
    office.start(where, "socat", f"OPENSSL-LISTEN:{DNS_OVER_TLS_PORT},bind={address},fork,reuseaddr,"
                 f"cert={files[0]},key={files[1]},verify=0", f"TCP:{address}:53")


def look_up_hidden(office, host, server, name):
    office.run(host, "kdig", "+tls", "+retry=0", f"@{server}", name, "A")


def open_far_ssh(office, address, port):
    """Lets in who has the key `ssh_user`, as root."""
    folder = office.folder
    sites.run_quietly("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "ssh_user")
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    path = folder / "sshd-far.conf"
    path.write_text(f"HostKey {folder}/ssh_key\nUsePAM no\nPasswordAuthentication no\n"
                    f"PermitRootLogin yes\nStrictModes no\nAuthorizedKeysFile {folder}/ssh_user.pub\n"
                    f"ListenAddress {address}\nPort {port}\n")
    office.start("internet", shutil.which("sshd"), "-D", "-o", "PidFile=none", "-f", str(path))


def hold_ssh(office, host, server, port, seconds):
    """A login without a command that hands back a port: what is behind it reaches into the office."""
    client = office.start(host, "ssh", "-N", "-F", "none", "-i", str(office.folder / "ssh_user"),
                          "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                          "-R", "2222:127.0.0.1:22", "-p", str(port), f"root@{server}")
    office.rest(seconds)
    client.terminate()


def open_support(office, address):
    """A support program's relay: lines over TLS. The maker's protocol is not spoken, only its names."""
    files = office.own_certificate("relay", "/CN=Relay")
    services.start_python(office, "internet", "line_server", address, 443, *files)


def support(office, host, name, messages):
    """Somebody looks at the screen: much goes out, little comes in."""
    office.once(host, "line", name, 443, 0.5, messages, 600, 120, "any", seconds=messages)


def start_pages(office, host, port):
    """A device's own pages."""
    office.start(host, "python3", "-m", "http.server", "--directory", str(office.folder / "pages"), str(port))
