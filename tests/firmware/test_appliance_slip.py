"""test_appliance_slip.py SOURCE: the slip on the card, and the code that is used once and then taken off it."""

from appliance_box import Watching, box_with, done, expect

CODE = "ABCDE-23456-FGHIJ-KLMNO"
URL = "https://desk.example.jp/"
RIGHT = {"en": "Wired right.\\nSeen: $$ packets", "ja": "正しく接続されています。\\n確認内容：$$パケット"}
WRONG = {"en": "Something is wrong:\\n  1. Only broadcasts are seen.\\n     To change: x", "ja": "問題が見つかりました：\\n  1. 一斉送信しか見えていません。\\n     変更点：x"}
LITTLE = {"en": "Too little was seen.", "ja": "通信が少なすぎます。"}
GOOD = {"state": "ok", "reason": "Watching.", "reason_ja": "監視中です。", "courier": "ok", "mirror": "eth1", "management": "eth0", "address": "192.168.1.7"}


def doctor(box, words, code):
    lines = "".join(f'*"--lang {language}"*) printf "{text}\\n" ;;\n' for language, text in words.items())
    box.program("hinomi", f'case "$*" in\n{lines}esac\nexit {code}')


def state(box, **more):
    box.write("run/hinomi-appliance/state", "".join(f"{name}={value}\n" for name, value in {**GOOD, **more}.items()))


def wired(text, words=RIGHT, code=0, **more):
    box = box_with(text)
    box.write("etc/os-release", "IMAGE_VERSION=1.2.3\n")
    box.write("data/settings/hinomi.yaml", "\n")
    box.write("run/hinomi-appliance/roles", "mirror=eth1\nmanagement=eth0\nhow=wish\n")
    box.services("hinomi-card.service", "hinomi-doctor@ja.service", "hinomi-doctor@en.service")
    state(box, **more)
    doctor(box, words, code)
    return box


def slip(box, tries=1):
    box.run("slip", HINOMI_SLIP_FIRST="0", HINOMI_SLIP_PAUSE="0", HINOMI_SLIP_TRIES=str(tries))
    return card(box, "hinomi-result.txt")


def card(box, name):
    path = box.card / name
    return path.read_bytes().decode() if path.exists() else None


def verdicts():
    text = slip(wired("language = ja\n"))
    expect("for editors of Windows", text.startswith("\ufeff合格") and all(line.endswith("\r") for line in text.split("\n")[:-1]), text)
    expect("both languages, Japanese first", text.index("合格") < text.index("PASS") and text.index("正しく接続") < text.index("Wired right"), text)
    expect("version, ports, hardware addresses, address", all(word in text for word in ("1.2.3", "eth1 (02:00:00:00:00:02)", "eth0 (02:00:00:00:00:01) 192.168.1.7")), text)
    text = slip(wired("language = en\n"))
    expect("English first", text.startswith("\ufeffPASS") and text.index("PASS") < text.index("合格"), text)
    text = slip(wired("language = en\n", WRONG, 1))
    expect("the first line names what to do", text.startswith("\ufeffNOT YET: Only broadcasts are seen.\r\n未完了：一斉送信しか"), text)
    text = slip(wired("", LITTLE, 1))
    expect("too little was seen", text.startswith("\ufeff未完了：通信が少なすぎます。\r\nNOT YET: Too little was seen."), text)
    text = slip(wired("", state="trouble", reason="No cable.", reason_ja="ケーブルがありません。"))
    expect("what the lamp blinks for comes first", text.startswith("\ufeff未完了：ケーブルがありません。\r\nNOT YET: No cable.\r\n"), text)
    text = slip(wired("", courier="not enrolled"))
    expect("not enrolled is not done", text.startswith("\ufeff未完了：担当者への登録：まだです。"), text)
    text = slip(wired("", mirror="", state="starting", reason="Finding out.", reason_ja="調べています。"))
    expect("no mirror yet", text.startswith("\ufeff未完了：調べています。"), text)
    text = slip(wired("", state="starting", reason="The sensor is starting.", reason_ja="センサーを起動しています。"))
    expect("a sensor that does not run yet passes nothing", text.startswith("\ufeff未完了：センサーを起動しています。"), text)
    text = slip(wired("# 見本\ncolour = red\nlanguage = fr\n"))
    expect("wrong lines with their numbers, and what to write", "2行目" in text and "line 2" in text and "line 3" in text and "language = ja, or: language = en" in text, text)
    text = slip(wired("x\n" * 30))
    expect("not a page of them", text.count("line ") <= 11 and "20 more lines" in text, text)
    box = wired("", courier="enrolling")
    box.write("run/hinomi-appliance/enrolment", "no such\x1b[2J code\n")
    box.write("run/hinomi-appliance/enrolment.ja", "コードが違います。\n")
    text = slip(box)
    expect("why it is not enrolled yet", "not yet: no such[2J code" in text and "まだ終わっていません：コードが違います。" in text, text)


def again():
    box = wired("", {language: text + " 12" for language, text in WRONG.items()}, 1)
    first = slip(box)
    sample = box.card / "hinomi-result.txt"
    sample.write_text("as it was")
    doctor(box, {language: text + " 7" for language, text in WRONG.items()}, 1)
    slip(box, tries=3)
    expect("other figures are not worth a write", sample.read_text() == "as it was")
    state(box, address="192.168.1.99")
    expect("another address is", "192.168.1.99" in slip(box) and first.startswith("\ufeff未完了"))
    doctor(box, RIGHT, 0)
    expect("put right: passed", slip(box).startswith("\ufeff合格") and box.read("data/settings/passed") is not None)
    before = len(box.calls())
    slip(box)
    expect("passed: the next start does not look again", len(box.calls()) == before)
    box.setup("language = en\n")
    expect("a changed hinomi.txt is looked at again", slip(box).startswith("\ufeffPASS"))


def enrolment():
    forms = {
        "plain": f"# 火の見\ncode = {CODE}\nurl = {URL}\n".encode(),
        "Windows": f"\ufeff# 火の見\r\nCode={CODE.lower()}\r\nurl = {URL}\r\n".encode(),
        "wide": f"# 火の見\r\nＣｏｄｅ　＝　{CODE}\r\nurl = {URL}\r\n".encode(),
        "twice": f"code = {CODE}\nurl = {URL}\n  CODE = {CODE}".encode(),
        "UTF-16": f"# 火の見\r\ncode = {CODE}\r\nurl = {URL}\r\n".encode("utf-16"),
        "UTF-16 and a stray byte": f"# 火の見\r\ncode = {CODE}\r\nurl = {URL}\r\n".encode("utf-16") + b"x",
        "Shift_JIS": f"# 火の見\r\nｃｏｄｅ＝{CODE}\r\nurl = {URL}\r\n".encode("cp932"),
    }
    for what, data in forms.items():
        box = box_with(data)
        box.write("data/settings/hinomi.yaml", "\n")
        box.services("hinomi-card.service", "hinomi-enrol-once.service")
        box.program("hinomi-courier", f"mkdir -p {box.root}/var/lib/hinomi-courier; echo x >{box.root}/var/lib/hinomi-courier/enrolled.yaml; echo Enrolled as x.")
        box.run("enrol", HINOMI_ENROL_PAUSE="0")
        text = card(box, "hinomi.txt")
        expect(f"{what}: the code is gone, the rest stands", CODE.lower() not in text.lower() and "(used)" in text and URL in text and (what == "twice" or "火の見" in text), text)
        expect(f"{what}: line ends as they were", ("\r\n" in text) == (b"\r" in data) and "\r\r" not in text, text)
        expect(f"{what}: no code anywhere else", not any(CODE.encode() in path.read_bytes().upper() for path in box.root.rglob("*") if path.is_file()))
        expect(f"{what}: courier and sensor go on", [call for call in box.calls() if "--no-block" in call] == ["systemctl --no-block restart hinomi-sensor.service", "systemctl --no-block start hinomi-courier.service"], box.calls())
        box.write("data/settings/passed", "x\n")
        box.run("setup")
        expect(f"{what}: the used code is no change", box.read("data/settings/passed") is not None and box.read("data/settings/enrol.txt") is None)


def cut_before_it_is_taken_off():
    box = box_with(f"code = {CODE}\nurl = {URL}\n")
    box.write("data/settings/hinomi.yaml", "\n")
    box.write("var/lib/hinomi-courier/enrolled.yaml", "x\n")
    (box.root / "data/settings/enrol.txt").unlink()
    box.write("data/settings/for-card/code-used", "")
    box.services("hinomi-card.service")
    box.run("enrol", HINOMI_ENROL_PAUSE="0")
    expect("the power went before the code was taken off: it is at the next start", "(used)" in card(box, "hinomi.txt") and CODE not in card(box, "hinomi.txt"))
    box.write("data/settings/for-card/code-used", "")
    box.setup(f"code = {CODE.replace('A', 'B')}\nurl = {URL}\n")
    expect("but not another one that was written since", box.read("data/settings/for-card/code-used") is None)


def refused():
    box = box_with(f"code = {CODE}\nurl = {URL}\nauthority = desk.pem\n", files={"desk.pem": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"})
    box.write("data/settings/hinomi.yaml", "\n")
    box.services("hinomi-enrol-once.service")
    box.program("hinomi-courier", "echo hinomi-courier: enrol: your rangers know no such code; exit 1")
    with Watching(box, "enrol", HINOMI_ENROL_PAUSE="0") as script:
        tries = lambda: [call for call in box.calls() if call.startswith("hinomi-courier enrol")]
        expect("refused: it tries again", script.until(lambda: len(tries()) >= 3), tries())
        expect("with the certificates", f"--authority {box.root}/data/settings/authority.pem" in tries()[0], tries()[0])
        expect("why stands for the slip", box.read("run/hinomi-appliance/enrolment") == "your rangers know no such code\n")
        expect("in Japanese, too", box.read("run/hinomi-appliance/enrolment.ja").startswith("コードが違います。"))
        expect("the code stays on the card", CODE in card(box, "hinomi.txt"))
        expect("no courier without an enrolment", not [call for call in box.calls() if "start hinomi-courier" in call])
        box.write("var/lib/hinomi-courier/enrolled.yaml", "x\n")
        expect("who is enrolled already goes on meanwhile", script.until(lambda: "systemctl --no-block start hinomi-courier.service" in box.calls()))


verdicts()
again()
enrolment()
cut_before_it_is_taken_off()
refused()
done()
