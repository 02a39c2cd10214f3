#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Writes sensor/intel/name_model_data.c: how surprising each letter is after the two before it, in
names that people make up. Learned from Debian's word list (package wamerican, SCOWL's licence),
Japanese words in romaji (below), and names made of them as companies and products make theirs.
The same words give the same file.

Usage: name_model.py [--measure] [WORDS]     (WORDS: /usr/share/dict/words)

--measure prints what names of people and of generators cost, at each length.
"""
import math
import pathlib
import random
import string
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYMBOLS = string.ascii_lowercase + "0-^"  # any digit is 0; ^ is the beginning and the end
LEVEL_BITS = 1 / 3
LEVELS = 34  # written as ']' to '~': no quote, no backslash, no question mark
SHARES = (0.75, 0.2, 0.0499, 0.0001)  # of three letters, two, one, none

# Surnames, places, trades and everyday words, by Hepburn's spelling.
ROMAJI = """
sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura hayashi
shimizu yamazaki mori abe ikeda hashimoto yamashita ishikawa nakajima maeda fujita ogawa goto okada hasegawa murakami kondo ishii saito
sakamoto endo aoki fujii nishimura fukuda ota miura fujiwara okamoto matsuda nakagawa nakano harada ono tamura takeuchi kaneko wada
nakayama ishida ueda morita hara shibata sakai kudo yokoyama miyazaki miyamoto uchida takagi ando taniguchi ohno maruyama imai takada
fujimoto takeda murata ueno sugiyama masuda sugawara hirano kojima otsuka chiba kubo matsui iwasaki sakurai kinoshita noguchi matsuo nomura
kikuchi sano onishi sugimoto arai hamada ichikawa furukawa mizuno komatsu shimada koyama nishida kawaguchi higashi kitamura
hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa niigata toyama ishikawa fukui yamanashi
nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi
fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa sapporo sendai yokohama kawasaki nagoya kobe kitakyushu hakata hakodate asahikawa
kanazawa matsuyama takamatsu himeji kurashiki hamamatsu toyohashi utsunomiya maebashi kofu matsumoto ueda naha shinjuku shibuya ikebukuro ginza
akihabara asakusa shinagawa ueno meguro setagaya nerima suginami itabashi umeda namba tennoji shinsaibashi
kabushiki kaisha yugen shoji shokai shoten kogyo kensetsu kenchiku koumuten denki denshi seisaku seisakusho tekko kinzoku kikai jidosha unyu unso
butsuryu soko insatsu shuppan shimbun hoso tsushin joho shori keisan kaikei zeirishi bengoshi gyoseishoshi shihoshoshi jimusho fudosan jutaku
hoken ginko shinyo kinko kumiai kyokai zaidan gakuen gakko daigaku koukou shogakko yochien hoikuen juku kyoiku kenkyu kenkyusho byoin iin shika
clinic yakkyoku kaigo fukushi onsen ryokan hoteru minshuku shokudo izakaya ramen soba udon sushi yakiniku tonkatsu okonomiyaki bento wagashi
sakaya shuzo cha ocha nouen noen nogyo gyogyo suisan kome yasai kudamono sakana niku hana hanaya sakura ume matsu take fuji yama kawa umi sora
hoshi tsuki hikari kaze yuki ame niji midori aoi akai shiro kuro kin gin taiyo asahi hinode mirai kibou yume kokoro egao genki tanoshii ureshii
arigato konnichiwa ohayo nihon nippon japan kansai kanto tohoku kyushu shikoku chugoku chubu hokuriku kokusai sekai chikyu shizen kankyo anzen
anshin kaitei kensaku yoyaku chumon kounyu hanbai tsuhan kakaku hikaku ranking osusume ninki saishin joho sokuho tenki unsei uranai renai kekkon
konkatsu shigoto tenshoku kyujin baito shukatsu ryoko densha basu takushi hikoki kuruma jitensha baiku chizu eki kuukou minato koen bijutsukan
hakubutsukan toshokan jinja otera matsuri hanabi manga anime eiga ongaku dorama geemu supotsu yakyu sakka tenisu gorufu ikebana sado kendo judo
karate sumo ningyo omocha fuku kutsu kaban tokei megane kesho biyou biyoin seitai shinkyu massaji daietto kenko eiyo ryori reshipi okashi pan
keeki kodomo akachan mama papa kazoku inu neko petto sumai kagu interia rifomu souji sentaku denka kaden pasokon keitai sumaho apuri netto
ouen shien taisaku kanri seibi shuri kaitori kaitai haiki recycle gomi mizu gasu denryoku energi taiyoko setsubi kouji tosou bousui
mitsubishi sumitomo mitsui toyota honda nissan matsuda hitachi toshiba fujitsu panasonic sony kyocera omron rakuten kakaku yahoo livedoor mixi
cookpad tabelog mercari zozo uniqlo muji daiso yodobashi biccamera aeon seiyu itoyokado kirin sapporo suntory meiji morinaga glico calbee
""".split()

# What stands in names beside words.
PARTS = """
app apps web net online shop store media cdn img api data cloud tech soft ware lab labs hub box host mail news blog info pro plus group corp inc
global world digital smart mobile live play game games video music photo pay bank card auto car home life health care med bio edu school job
jobs work office print doc docs file files share sync chat talk call meet track ads ad stat stats metrics analytics tag pixel push update edge
static assets content service services system systems solutions consulting partner trade market finance invest travel hotel food beauty
sport design studio creative agency marketing energy power green solar engineering
""".split()


def read_words(path):
    words = [w.strip().lower() for w in pathlib.Path(path).read_text().splitlines()]
    return sorted({w for w in words if w.isascii() and w.isalpha() and 3 <= len(w) <= 14})


def made_name(draw, english):
    """A name as companies, products and their servers have it."""
    word = lambda: draw.choice(ROMAJI) if draw.random() < 0.3 else draw.choice(english)
    kind = draw.random()
    if kind < 0.3:
        name = word() + draw.choice(PARTS)
    elif kind < 0.6:
        name = word() + word()
    elif kind < 0.7:
        name = word() + "-" + word()
    elif kind < 0.76:
        name = "".join(draw.choice("abcdefghijklmnoprstuvw") for _ in range(draw.randint(2, 3))) \
            + draw.choice(["", "-"]) + word()
    elif kind < 0.82:
        name = draw.choice("eimgyxq") + word()
    elif kind < 0.88:
        name = word()[:draw.randint(3, 6)] + word()[:draw.randint(3, 6)]
    else:
        name = word()
    if draw.random() < 0.08:
        name += str(draw.randint(1, 2030))
    return name


def names(words):
    draw = random.Random(1)
    common = [w for w in words if len(w) <= 9]
    for word in words:
        yield word, 1
    for word in ROMAJI:
        yield word, 12
    for word in PARTS:
        yield word, 12
    for _ in range(300000):
        yield made_name(draw, common), 1


def symbols_of(name):
    plain = "".join("0" if c.isdigit() else c for c in name)
    return [SYMBOLS.index(c) for c in "^^" + plain + "^" if c in SYMBOLS]


def learn(weighted):
    n = len(SYMBOLS)
    three = [0] * n ** 3
    for name, weight in weighted:
        at = symbols_of(name)
        for a, b, c in zip(at, at[1:], at[2:]):
            three[(a * n + b) * n + c] += weight
    two, one = [0] * n ** 2, [0] * n
    for i, count in enumerate(three):
        two[i % n ** 2] += count
        one[i % n] += count
    return three, two, one


def costs(counts):
    """By a, b, c: bits of c after a and b, in levels."""
    three, two, one = counts
    n = len(SYMBOLS)
    total = sum(one)
    levels = []
    for i in range(n ** 3):
        a_b, b_c, c = i // n, i % n ** 2, i % n
        after_two = sum(three[a_b * n:a_b * n + n])
        after_one = sum(two[b_c // n * n:b_c // n * n + n])
        chance = (SHARES[0] * (three[i] / after_two if after_two else 0)
                  + SHARES[1] * (two[b_c] / after_one if after_one else 0)
                  + SHARES[2] * one[c] / total + SHARES[3])
        levels.append(min(LEVELS - 1, round(-math.log2(chance) / LEVEL_BITS)))
    return levels


def cost(levels, name):
    at, n = symbols_of(name), len(SYMBOLS)
    bits = [levels[(a * n + b) * n + c] * LEVEL_BITS for a, b, c in zip(at, at[1:], at[2:])]
    return sum(bits) / len(bits)


def write(levels):
    text = "".join(chr(ord("]") + level) for level in levels)
    square = len(SYMBOLS) ** 2
    rows = ",\n".join("\n".join(f'\t"{text[i:min(i + 94, at + square)]}"' for i in range(at, at + square, 94))
                      for at in range(0, len(text), square))
    (ROOT / "sensor/intel/name_model_data.c").write_text(f"""\
#include "sensor/intel/name_model_inside.h"

/* Made by tools/name_model.py; see there from which words. */
/* clang-format off */
const char name_model_levels[NAME_MODEL_SYMBOLS][NAME_MODEL_SQUARE + 1] = {{
{rows},
}};
/* clang-format on */
""")


def generators(draw):
    consonants, vowels = "bcdfghjklmnpqrstvwxz", "aeiou"
    yield "letters", lambda n: "".join(draw.choice(string.ascii_lowercase) for _ in range(n))
    yield "hex", lambda n: "".join(draw.choice("0123456789abcdef") for _ in range(n))
    yield "base36", lambda n: "".join(draw.choice(string.ascii_lowercase + string.digits) for _ in range(n))
    yield "a-y skewed", lambda n: "".join(chr(97 + min(draw.randrange(26), draw.randrange(30))) for _ in range(n))
    yield "syllables", lambda n: "".join(draw.choice(vowels if i % 2 else consonants) for i in range(n))


def measure(levels, words):
    draw = random.Random(2)  # other draws than those it learned from
    common = [w for w in words if len(w) <= 9]
    people = {}
    for _ in range(60000):
        name = made_name(draw, common)
        people.setdefault(min(len(name), 20), []).append(cost(levels, name))
    print("length\tpeople: median\t99 %\t99.9 %\tgenerators: median (share above people's 99 %)")
    for length in range(6, 21):
        ours = sorted(people[length])
        q = lambda share: ours[min(len(ours) - 1, int(share * len(ours)))]
        told = []
        for kind, make in generators(draw):
            theirs = sorted(cost(levels, make(length)) for _ in range(500))
            above = sum(bits > q(0.99) for bits in theirs) / len(theirs)
            told.append(f"{kind} {theirs[250]:.2f} ({above:.2f})")
        print(length, f"{q(0.5):.2f}", f"{q(0.99):.2f}", f"{q(0.999):.2f}", ", ".join(told), sep="\t")


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    words = read_words(arguments[0] if arguments else "/usr/share/dict/words")
    levels = costs(learn(names(words)))
    if "--measure" in sys.argv:
        measure(levels, words)
    else:
        write(levels)


if __name__ == "__main__":
    main()
