#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
`hinomi intel` from a pair of keys to a set in use: what each part prints, each refusal and its exit
code; the same feeds give the same bytes whatever the folder's order, umask, locale and time zone.

Usage: test_intel.py HINOMI FEEDS
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

DONE, FAILED, USAGE = 0, 1, 2
MADE = "2026-11-22T10:00:00Z"
CAPTURE = next((pathlib.Path(__file__).resolve().parents[1] / "golden" / "listed").glob("capture.*"))
FAR = "3650"  # days: until then the tests' sets do not expire


class Office:
    def __init__(self, hinomi, folder):
        self.hinomi = hinomi
        self.folder = pathlib.Path(folder)

    def run(self, *words, want=DONE, env=None, umask=-1):
        done = subprocess.run([self.hinomi, "intel", *map(str, words)], cwd=self.folder,
                              capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, **(env or {})}, umask=umask)
        assert done.returncode == want, (words, done)
        assert done.returncode != USAGE or done.stdout == "", done
        return done

    def says(self, phrase, *words, want=FAILED):
        """A refusal: one that names what is wrong, and does nothing."""
        done = self.run(*words, want=want)
        assert phrase in done.stderr, (phrase, done)
        return done

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def build(self, out, *feeds, serial=1, want=DONE, **how):
        return self.run("build", "-o", out, "--key", "k.key", "--serial", serial, "--made", MADE,
                        "--expires", FAR, *feeds, want=want, **how)

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()


def test_keys(office):
    office.run("key", "k")
    office.run("key", "other")
    assert (office.folder / "k.key").stat().st_mode & 0o777 == 0o600
    assert office.bytes_of("k.pub").startswith(b"untrusted comment: ")
    before = office.bytes_of("k.key")
    office.says("File exists", "key", "k")
    assert office.bytes_of("k.key") == before
    os.remove(office.folder / "other.pub")
    office.says("File exists", "key", "other")
    assert not (office.folder / "other.pub").exists(), "half a pair"
    os.remove(office.folder / "other.key")
    office.run("key", "other")
    office.says("No such file", "key", "nowhere/k")
    office.says("Usage:", "key", want=USAGE)


def feeds(office):
    office.write("trails/emotet.txt", "# C2\nevil.example # seen\n198.51.100.7:4444\n/gate.php\n")
    office.write("trails/qakbot.txt", "evil.example\n203.0.113.0/24\n")
    office.write("trails/README.md", "not.a.feed.example\n")
    office.write("trails/.hidden", "hidden.example\n")
    office.write("urlhaus.csv", '# id,dateadded,url,url_status,last_online,threat,tags\n'
                 '"1","2026-11-20 08:27:07","https://drive.google.com/uc?id=1","online",'
                 '"2026-11-21","malware_download","Mozi"\n')
    office.write("top.csv", "1,popular.example\n")
    office.write("dyn.json", '{"name":"Dynamic DNS","type":"hostname","list":["duckdns.org"]}')
    office.write("names.txt", "evil.duckdns.org\npopular.example\nco.jp\n8.8.8.8\n")


def test_build_and_show(office):
    done = office.build("a.intel", "--warning", "popular=top.csv", "--warning",
                        "dynamic-dns=dyn.json", "trails", "urlhaus.csv", "names.txt")
    assert done.stdout == ("a.intel: 7 items of 12 rows; 4 refused, 0 long offline, "
                           "0 files left out\n"), done.stdout
    for place, why in (("names.txt:2", "one of the names that everybody visits: popular.example"),
                       ("names.txt:3", "a public suffix: it would blame everybody below it: co.jp"),
                       ("names.txt:4", "a public resolver, which everybody asks: 8.8.8.8"),
                       ("trails/emotet.txt:4", "so common a path without its host")):
        assert f"{place}: {why}" in done.stderr, (place, done.stderr)

    told = office.run("show", "--key", "k.pub", "a.intel").stdout
    for line in ("items      7", "serial     1", "made       2026-11-22", "from trails: 3",
                 "from urlhaus: 1", "purpose    indicators and what is known of places"):
        assert line in told, (line, told)
    assert len(told.splitlines()) <= 24, "one screen"

    told = office.run("show", "--key", "k.pub", "a.intel", "WWW.evil.example").stdout
    for line in ("listed as  name evil.example and every name below it", "family     emotet",
                 "sources    trails", "sure       60 of 100"):
        assert line in told, (line, told)
    told = office.run("show", "--key", "k.pub", "a.intel", "evil.duckdns.org").stdout
    assert "dynamic DNS: its address changes hands" in told, told
    told = office.run("show", "--key", "k.pub", "a.intel", "203.0.113.77").stdout
    assert "listed as  network 203.0.113.0 to 203.0.113.255" in told, told
    told = office.run("show", "--key", "k.pub", "a.intel", "https://drive.google.com/uc?id=1").stdout
    assert "family     Mozi" in told and "since      2026-11-20" in told, told
    for absent in ("drive.google.com", "198.51.100.7", "198.51.100.7:80", "good.example"):
        told = office.run("show", "--key", "k.pub", "a.intel", absent, want=FAILED).stdout
        assert "is not in the set" in told, told


def test_show_refuses(office):
    office.says("no name, address, URL or fingerprint", "show", "--key", "k.pub", "a.intel", "word",
                want=USAGE)
    office.says("--key PUBLIC is missing", "show", "a.intel", want=USAGE)
    office.says("SET is missing", "show", "--key", "k.pub", want=USAGE)
    office.says("too many words", "show", "--key", "k.pub", "a.intel", "b", "c", want=USAGE)
    office.says("not a public key", "show", "--key", "names.txt", "a.intel", want=USAGE)
    office.says("signed by another key", "show", "--key", "other.pub", "a.intel")
    office.run("show", "--key", "other.pub", "--key", "k.pub", "a.intel")
    key = office.bytes_of("k.pub").decode().splitlines()[1]
    office.run("show", "--key", key, "a.intel")
    office.says("No such file", "show", "--key", "k.pub", "absent.intel")
    office.says("is not an intel set", "show", "--key", "k.pub", "names.txt")
    whole = office.bytes_of("a.intel")
    for name, damaged, phrase in (
            ("cut.intel", whole[:-1], "not signed"),
            ("changed.intel", whole[:300000] + bytes([whole[300000] ^ 1]) + whole[300001:]
             if len(whole) > 300000 else whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
             "was changed after it was signed"),
            ("words.intel", whole.replace(b"serial:1 ", b"serial:9 "),
             "was changed after it was signed")):
        (office.folder / name).write_bytes(damaged)
        office.says(phrase, "show", "--key", "k.pub", name)


def test_build_refuses(office):
    office.says("-o is missing", "build", "--key", "k.key", "names.txt", want=USAGE)
    office.says("--key is missing", "build", "-o", "x.intel", "names.txt", want=USAGE)
    office.says("no feed is given", "build", "-o", "x.intel", "--key", "k.key", want=USAGE)
    office.says("no such class", "build", "-o", "x.intel", "--key", "k.key", "--warning", "x=y",
                want=USAGE)
    office.says("CLASS=LIST", "build", "-o", "x.intel", "--key", "k.key", "--warning", "x",
                want=USAGE)
    office.says("a purpose is", "build", "-o", "x.intel", "--key", "k.key", "--purpose", "x", "f",
                want=USAGE)
    office.says("not such a number", "build", "-o", "x.intel", "--key", "k.key", "--serial", "-1",
                "names.txt", want=USAGE)
    office.says("a time is", "build", "-o", "x.intel", "--key", "k.key", "--made", "yesterday",
                "names.txt", want=USAGE)
    office.says("at most 32 feeds", "build", "-o", "x.intel", "--key", "k.key",
                *["names.txt"] * 33, want=USAGE)
    office.says("not a secret key", "build", "-o", "x.intel", "--key", "k.pub", "names.txt")
    office.says("No such file", "build", "-o", "nowhere/x.intel", "--key", "k.key", "trails")
    office.write("bad.json", '[{"url":')
    office.write("nothing.txt", "co.jp\n")
    done = office.build("x.intel", "bad.json", "absent.txt", "nothing.txt", want=FAILED)
    assert "no feed gave an item: nothing is written" in done.stderr, done
    assert "bad.json: " in done.stderr and "absent.txt: No such file or directory; left out" in \
        done.stderr, done
    # One broken feed does not keep the others from the sensor …
    done = office.build("x.intel", "bad.json", "trails")
    assert "1 files left out" in done.stdout, done
    # … unless that is asked for.
    before = office.bytes_of("x.intel")
    office.says("--strict: 0 implausible rows, 1 files left out", "build", "-o", "x.intel", "--key",
                "k.key", "--strict", "bad.json", "trails")
    office.says("--strict: 3 implausible rows, 0 files left out", "build", "-o", "x.intel", "--key",
                "k.key", "--strict", "--warning", "popular=top.csv", "names.txt")
    office.build("y.intel", "--strict", "trails")
    assert office.bytes_of("x.intel") == before
    assert not list(office.folder.glob("*.intel.*")), "something was left beside a set"


def test_shrinking(office):
    office.write("many.txt", "".join(f"n{i}.example\n" for i in range(100)))
    office.write("few.txt", "".join(f"n{i}.example\n" for i in range(49)))
    office.build("many.intel", "many.txt")
    office.says("49 items, the set before had 100", "build", "-o", "z.intel", "--key", "k.key",
                "--previous", "many.intel", "few.txt")
    office.build("z.intel", "--previous", "many.intel", "--shrink", "few.txt")
    office.says("is not an intel set", "build", "-o", "z.intel", "--key", "k.key", "--previous",
                "few.txt", "many.txt")


def test_same_bytes(office):
    first = None
    names = ("a.txt", "B.txt", "\u00e4.txt", "c.txt")
    for order, umask, env in ((names, 0o022, {}), (names[::-1], 0o077, {"TZ": "Asia/Tokyo"}),
                              (names[1:] + names[:1], 0, {"LC_ALL": "C.UTF-8", "TZ": "UTC-14"}),
                              (names, 0o027, {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"})):
        shutil.rmtree(office.folder / "same", ignore_errors=True)
        for name in order:
            office.write(f"same/{name}", f"{name[0]}.example\nIT.example\n198.51.100.0/24\n")
        os.utime(office.folder / "same" / order[0], (0, 0))
        office.build("same.intel", "same", umask=umask, env=env)
        first = first or office.bytes_of("same.intel")
        assert office.bytes_of("same.intel") == first, (order, umask, env)
        assert (office.folder / "same.intel").stat().st_mode & 0o777 == 0o644


def test_diff(office):
    office.write("old/emotet.txt", "a.example\nb.example\n198.51.100.0/24\n")
    office.write("new/emotet.txt", "b.example\nc.example\n198.51.100.0/25\n")
    office.write("new/qakbot.txt", "d.example\n")
    office.build("old.intel", "old", serial=1)
    office.build("new.intel", "new", serial=2)
    told = office.run("diff", "--key", "k.pub", "old.intel", "new.intel").stdout
    assert told == ("items   4, before 3\nnew     2\n         1  emotet\n         1  qakbot\n"
                    "gone    2\n         2  emotet\n"), told
    told = office.run("diff", "--key", "k.pub", "new.intel", "old.intel").stdout
    assert told == ("items   3, before 4\nnew     2\n         2  emotet\n"
                    "gone    2\n         1  emotet\n         1  qakbot\n"), told
    told = office.run("diff", "--key", "k.pub", "old.intel", "old.intel").stdout
    assert told == "items   3, before 3\nnew     0\ngone    0\n", told
    office.says("two sets are compared", "diff", "--key", "k.pub", "old.intel", want=USAGE)
    office.says("signed by another key", "diff", "--key", "other.pub", "old.intel", "new.intel")


def test_install(office):
    folder = office.folder / "in-use"
    folder.mkdir()
    install = ("install", "--key", "k.pub")
    office.says("no set was kept", *install, "--rollback", "in-use")
    office.says("No such file", *install, "old.intel", "nowhere")
    office.says("SET and FOLDER are needed", *install, "old.intel", want=USAGE)
    office.says("SET and FOLDER are needed", *install, "--rollback", "old.intel", "in-use",
                want=USAGE)
    office.says("has no --rollback", "show", "--key", "k.pub", "--rollback", "old.intel", want=USAGE)
    office.says("signed by another key", "install", "--key", "other.pub", "old.intel", "in-use")
    assert not list(folder.iterdir()), "a refused set left something"

    assert "serial 1" in office.run(*install, "old.intel", "in-use").stdout
    assert sorted(path.name for path in folder.iterdir()) == ["current.intel"]
    assert "in use already" in office.run(*install, "old.intel", "in-use").stdout
    assert "serial 2" in office.run(*install, "new.intel", "in-use").stdout
    assert office.bytes_of("in-use/current.intel") == office.bytes_of("new.intel")
    assert office.bytes_of("in-use/previous.intel") == office.bytes_of("old.intel")
    office.says("serial 1 is not newer than 2, which is in use; --rollback", *install, "old.intel",
                "in-use")
    office.build("twin.intel", "old", serial=2)
    office.says("serial 2 is not newer than 2", *install, "twin.intel", "in-use")

    assert "rolled back to serial 1" in office.run(*install, "--rollback", "in-use").stdout
    assert office.bytes_of("in-use/current.intel") == office.bytes_of("old.intel")
    office.says("is in use already", *install, "--rollback", "in-use")
    office.run(*install, "new.intel", "in-use")
    assert office.bytes_of("in-use/previous.intel") == office.bytes_of("old.intel")

    # A damaged one in use is replaced, and not kept in place of a good one.
    (folder / "current.intel").write_bytes(b"damaged")
    office.run(*install, "new.intel", "in-use")
    assert office.bytes_of("in-use/previous.intel") == office.bytes_of("old.intel")
    (folder / "previous.intel").write_bytes(b"damaged")
    office.says("is not an intel set", *install, "--rollback", "in-use")
    office.run("build", "-o", "expired.intel", "--key", "k.key", "--serial", 9, "--made",
               "2020-01-01T00:00:00Z", "--expires", 1, "old")
    office.says("it has expired", *install, "expired.intel", "in-use")
    assert "expired: sensors say so" in office.run("show", "--key", "k.pub", "expired.intel").stdout
    office.write("common.csv", "item,offices\nwww.google.com,41\n")
    office.build("common.intel", "--purpose", "prevalence", "common.csv", serial=10)
    office.says("need a folder each", *install, "common.intel", "in-use")
    assert office.bytes_of("in-use/current.intel") == office.bytes_of("new.intel")
    assert sorted(path.name for path in folder.iterdir()) == ["current.intel", "previous.intel"]


def test_change_of_keys(office):
    """While a maker goes from one key to the next, sets of either are taken, and of nobody else."""
    k, other = office.bytes_of("k.pub"), office.bytes_of("other.pub")
    (office.folder / "keys.pub").write_bytes(b"# ours\n\n" + other + k)
    (office.folder / "my keys.pub").write_bytes(k)
    bare = k.splitlines()[1].decode()
    for keys in ("keys.pub", "other.pub k.pub", " k.pub  other.pub ", f"other.pub {bare}", "my keys.pub", bare):
        office.run("show", "--key", keys, "old.intel")
    office.run("show", "--key", "other.pub", "--key", "k.pub", "old.intel")
    (office.folder / "rotation").mkdir()
    office.run("install", "--key", "keys.pub", "old.intel", "rotation")
    office.run("key", "third")
    office.says("signed by another key", "show", "--key", "other.pub third.pub", "old.intel")
    (office.folder / "half.pub").write_bytes(k + other[:-20])
    office.says("half.pub: not a public key", "show", "--key", "half.pub", "old.intel", want=USAGE)
    office.says("missing.pub: No such file", "show", "--key", "k.pub missing.pub", "old.intel", want=USAGE)
    office.write("none.pub", "# nothing\n")
    office.says("no public key is in it", "show", "--key", "none.pub", "old.intel", want=USAGE)
    office.says("no public key is named", "show", "--key", " ", "old.intel", want=USAGE)
    office.says("more than 8 keys", "show", "--key", "k.pub " * 9, "old.intel", want=USAGE)
    sensor = [office.hinomi, "read", "--quiet", "--set", "intel.folder=rotation", CAPTURE]
    for key, takes in (("intel.key=third.pub keys.pub", True), ("intel.key=third.pub other.pub", False)):
        done = subprocess.run([*sensor, "--set", key], cwd=office.folder, capture_output=True, text=True, timeout=120,
                              check=False)
        assert ("signed by another key" not in done.stderr) == takes == (done.stderr == ""), (key, done)


def test_prevalence(office):
    told = office.run("show", "--key", "k.pub", "common.intel").stdout
    assert "what is common among offices" in told, told
    told = office.run("show", "--key", "k.pub", "common.intel", "www.google.com").stdout
    assert "offices    41" in told, told
    office.says("--warning says nothing", "build", "-o", "x.intel", "--key", "k.key", "--purpose",
                "prevalence", "--warning", "popular=top.csv", "common.csv", want=USAGE)


def test_real_feeds(office, feeds):
    """As they were published, where they lie beside the project."""
    if not (feeds / "maltrail").is_dir():
        print("real feeds: skipped, they are not beside the project")
        return
    lists = feeds / "warninglists"
    done = office.build("real.intel", "--warning", f"popular={lists}/tranco10k.json", "--warning",
                        f"dynamic-dns={lists}/dynamic-dns.json", feeds / "maltrail",
                        feeds / "feodotracker.rules", feeds / "sslblacklist_tls_cert.rules",
                        feeds / "ja3_fingerprints.rules", feeds / "threatfox-ips.txt")
    assert "0 files left out" in done.stdout, done.stdout
    told = office.run("show", "--key", "k.pub", "real.intel").stdout
    for line in ("from feodotracker: 1325", "from sslblacklist_tls_cert: 3678",
                 "from ja3_fingerprints: 98", "from tranco10k: 10000"):
        assert line in told, (line, told)
    for item, family in (("3.139.102.85:443", "TrickBot"),
                         ("b08a4939fb88f375a2757eaddc47b1fb8b554439", "Shylock"),
                         ("9f62c4f26b90d3d757bea609e82f2eaf", "Tofsee"),
                         ("213.152.161.99:47390", "")):
        told = office.run("show", "--key", "k.pub", "real.intel", item).stdout
        assert f"family     {family}" in told, (item, told)


def sure(office, item):
    told = office.run("show", "--key", "k.pub", "trails.intel", item).stdout
    return {line.split()[0]: line.split(None, 1)[1].strip() for line in told.splitlines()}


def test_maltrail(office):
    """As a folder and as one table: the same of each."""
    office.write("static/malware/emotet.txt", "bot.example\n/ddgqprb4fbn/fgtryh45c.txt\n/ritgzoe8/\n")
    office.write("static/suspicious/pua.txt", "pua.example\n")
    office.write("static/suspicious/dynamic_domain.txt", "someone.example\n")
    office.write("static/mass_scanner.txt", "198.51.100.9\n/panel/admin.php\n")
    office.write("trails.csv", 'bot.example,emotet (malware),(static)\n'
                 '/ddgqprb4fbn/fgtryh45c.txt,emotet (malware),(static)\n'
                 '/ritgzoe8/,emotet (malware),(static)\npua.example,pua (suspicious),(static)\n'
                 'someone.example,dynamic domain (suspicious),(static)\n'
                 '198.51.100.9,mass scanner,(static)\n'
                 '"/panel/admin.php",mass scanner,(static)\n')
    (office.folder / "static/loop").symlink_to("..")
    for feed in ("static", "trails.csv"):
        done = office.build("trails.intel", feed)
        assert "5 items of 7 rows; 2 refused" in done.stdout, done
        for line in ("1 rows refused: of a sort that honest people use too",
                     "1 rows refused: so common a path without its host could be anybody's"):
            assert line in done.stderr, (line, done.stderr)
        for item, family, percent in (("bot.example", "emotet", 60), ("pua.example", "pua", 30),
                                      ("/ddgqprb4fbn/fgtryh45c.txt", "emotet", 60),
                                      ("/ritgzoe8", "emotet", 30),
                                      ("198.51.100.9", "mass", 24)):
            told = sure(office, item)
            assert told["sure"].startswith(f"{percent} of"), (feed, item, told)
            assert told["family"].startswith(family), (feed, item, told)


def test_help(office):
    told = office.run("--help").stdout
    for part in ("build", "key", "show", "diff", "install"):
        assert f"hinomi intel {part} " in told, told
        if part != "key":
            assert office.run(part, "--help").stdout.startswith(f"Usage: hinomi intel {part} ")
    office.says("no command 'frobnicate'; 'hinomi intel --help'", "frobnicate", want=USAGE)
    office.run(want=USAGE)


def main():
    with tempfile.TemporaryDirectory(prefix="hinomi-intel-") as folder:
        office = Office(pathlib.Path(sys.argv[1]).resolve(), folder)
        test_keys(office)
        feeds(office)
        for test in (test_build_and_show, test_show_refuses, test_build_refuses, test_shrinking,
                     test_same_bytes, test_diff, test_install, test_change_of_keys, test_prevalence,
                     test_maltrail, test_help):
            test(office)
        test_real_feeds(office, pathlib.Path(sys.argv[2]).resolve())
    print("hinomi intel: all as it should be")


main()
