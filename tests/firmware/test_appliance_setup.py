"""test_appliance_setup.py SOURCE: what people write into hinomi.txt, and what the box makes of it. In a folder, without a box."""

import os

from appliance_box import box_with, done, expect, lib

CODE = "ABCDE-23456-FGHIJ-KLMNO"
URL = "https://desk.example.jp/"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN+/t6Awj8zqpYniVRgitoVnZVeGSbtkUGba6Vk8R4OT someone@office"


def understood():
    plain = f"code = {CODE}\nurl = {URL}\nlanguage = en\n"
    wide = str.maketrans({chr(at): chr(at + 0xFEE0) for at in range(0x21, 0x7F) if chr(at) not in "()!\"$%'*;<>[]^`{|}~\\"} | {" ": "　"})
    forms = {
        "as it should be": plain,
        "line ends of Windows": plain.replace("\n", "\r\n"),
        "a byte order mark": "\ufeff" + plain,
        "no blanks": plain.replace(" = ", "="),
        "many blanks": plain.replace(" = ", "  \t=   ").replace("\n", "  \n"),
        "no end of the last line": plain.rstrip("\n"),
        "capitals": plain.replace("code", "CODE").replace("url", "Url"),
        "wide letters": f"code = {CODE}\nurl = {URL}\nlanguage = en\n".translate(wide),
        "a code in small letters": plain.replace(CODE, CODE.lower()),
        "comments and empty lines": "# 見本\n\n" + plain.replace("\n", "\n# あ\n\n"),
        "UTF-16": ("# 火の見《見本》\n" + plain).replace("\n", "\r\n").encode("utf-16"),
        "Shift_JIS": ("# 火の見　表示\n" + plain.translate(wide)).replace("\n", "\r\n").encode("cp932"),
    }
    for what, text in forms.items():
        box = box_with(text)
        expect(f"{what}: code and address", box.read("data/settings/enrol.txt") == f"code = {CODE}\nurl = {URL}\n", (box.read("data/settings/enrol.txt"), box.complaints()))
        expect(f"{what}: language", box.wishes().get("language") == "en" and "code" not in box.wishes(), box.wishes())
        expect(f"{what}: nothing to complain of", box.complaints() == [], box.complaints())


def wrong_lines():
    box = box_with(f"code {CODE}\nurl = http://desk.example.jp/\nlanguage = fr\ncolour = red\nmirror = eth1\n")
    expect("each wrong line is told by its number", box.complaints() == [("1", "no-equals"), ("2", "wrong-value"), ("3", "wrong-value"), ("4", "unknown-word")], box.complaints())
    expect("the others hold", box.wishes() == {"mirror": "eth1"}, box.wishes())
    expect("no half enrolment", box.read("data/settings/enrol.txt") is None)
    box = box_with(f"code = {CODE}\n")
    expect("a code without an address is told", ("0", "no-url") in box.complaints(), box.complaints())
    box = box_with("authority = desk.pem\n")
    expect("a certificate that is not there is told", ("0", "no-authority") in box.complaints(), box.complaints())
    box = box_with("authority = desk.pem\n", files={"desk.pem": "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"})
    expect("what is no certificate is told", box.complaints() == [("0", "no-certificate")] and box.read("data/settings/authority.pem") is None, box.complaints())
    box = box_with("address = 192.168.1.256/24\ngateway = 1.2.3\ndns = 192.168.1.1\naddress = 10.0.0.1/33\n")
    expect("no address that cannot be", box.wishes() == {"dns": "192.168.1.1"} and len(box.complaints()) == 3, box.wishes())
    expect("the sample as it comes is no fault", box_with((lib.parent / "card/hinomi.txt").read_bytes()).complaints() == [])


def hostile():
    values = ["$(touch /tmp/hinomi-was-here)", "`id`", "eth0; reboot", "eth0\\nDHCP=yes", "../../etc/passwd", "eth1' \"x", "a" * 5000, "-rf", "eth0 eth1", "*", "%i", "eth1\x0bx"]
    for key in ("code", "url", "language", "mirror", "management", "address", "gateway", "dns", "authority", "time_server", "name", "ssh_key", "updates"):
        box = box_with("".join(f"{key} = {value}\n" for value in values))
        allowed = {"name": "a" * 63}
        expect(f"{key}: nothing hostile is taken", not box.wishes() or box.wishes().get(key) == allowed.get(key), box.wishes())
    expect("nothing was run", not os.path.exists("/tmp/hinomi-was-here"))
    for what, data in {"NULs": b"code\0 = \0" + CODE.encode() + b"\nlanguage = en\n", "noise": os.urandom(65536), "a megabyte": b"mirror = eth1\n" * 80000,
                       "nothing": b"", "one long line": b"x" * 200000, "UTF-16": "language = en\r\n".encode("utf-16")}.items():
        box = box_with(data)
        expect(f"{what}: the box goes on", box.read("data/settings/applied") is not None and len(box.complaints()) <= 501)


def again():
    padded = "ecdsa-sha2-nistp256 " + "A" * 139 + "="
    expect("a key may end in =", box_with(f"ssh_key = {padded}\n").read("data/ssh/authorized_keys") == padded + "\n")
    certificate = "-----BEGIN CERTIFICATE-----\r\nMIIB\r\n-----END CERTIFICATE-----\r\n"
    box = box_with("Authority = desk.pem\r\n", files={"desk.pem": "hello\r\n" + certificate + "-----BEGIN PRIVATE KEY-----\r\n"})
    kept = certificate.replace("\r", "")
    expect("of a certificate's file the certificates alone", box.read("data/settings/authority.pem") == kept, box.read("data/settings/authority.pem"))
    (box.card / "desk.pem").unlink()
    box.setup("authority = desk.pem\nlanguage = en\n")
    expect("they stay when the file is gone", box.read("data/settings/authority.pem") == kept and box.complaints() == [], box.complaints())
    box.setup("language = en\n")
    expect("and go when nobody asks for them", box.read("data/settings/authority.pem") is None)
    box = box_with(f"code = {CODE}\nurl = {URL}\n")
    box.setup(f"code =\nurl = {URL}\n")
    expect("a code that is taken back is not used", box.read("data/settings/enrol.txt") is None)
    box = box_with(f"code = {CODE}\nurl = {URL}\nssh_key = {KEY}\nname = office-2f\n")
    expect("the key is laid down", box.read("data/ssh/authorized_keys") == KEY + "\n")
    expect("SSH is asked for", box.read("run/hinomi-appliance/ssh") is not None)
    expect("the name", box.read("etc/hostname") == "office-2f\n")
    (box.root / "data/settings/enrol.txt").unlink()
    box.write("data/settings/passed", "x\n")
    box.run("setup")
    expect("the same text is not applied again", box.read("data/settings/enrol.txt") is None and box.read("data/settings/passed") is not None)
    (box.root / "run/hinomi-appliance/ssh").unlink()
    box.setup("language = ja\n")
    expect("a key that is gone lets nobody in", box.read("data/ssh/authorized_keys") is None and box.read("run/hinomi-appliance/ssh") is None)
    key = box.root / "data/ssh/host_ed25519"
    key.write_text("")
    box.run("host-key")
    made = key.read_text()
    expect("a host key that was cut off by a power cut is made anew", "PRIVATE KEY" in made and key.stat().st_mode & 0o077 == 0, made[:40])
    box.run("host-key")
    expect("a whole one stays", key.read_text() == made and sorted(path.name for path in key.parent.iterdir()) == ["host_ed25519", "host_ed25519.pub"])
    (box.card / "hinomi.txt").unlink()
    box.run("setup")
    expect("without the text the settings stay", box.wishes() == {"language": "ja"}, box.wishes())


understood()
wrong_lines()
hostile()
again()
done()
