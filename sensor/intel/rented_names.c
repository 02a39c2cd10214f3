#include "sensor/intel/rented_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct rented {
	const char *suffix;
	enum rented_kind kind;
};

/* A table, several to a line; sorted as bytes, which a test holds. */
/* clang-format off */
#define D(name) { name, RENTED_DYNAMIC_DNS },
#define N(name) { name, RENTED_TUNNEL },
#define H(name) { name, RENTED_HOSTING },
#define T(name) { name, RENTED_TRANSFER },
#define P(name) { name, RENTED_PASTE },
#define A(name) { name, RENTED_ADDRESS_LOOKUP },
#define S(name) { name, RENTED_SHORTENER },

/* What their makers tell the public; nothing here was learned from a capture. */
static const struct rented rented[] = {
	H("000webhost.com") H("000webhostapp.com") D("001www.com") D("0am.jp") P("0bin.net")
	D("0g0.jp") D("0j0.jp") S("0rz.tw") D("0t0.jp") T("0x0.st") H("16mb.com") D("1dumb.com")
	H("1free.ws") S("1url.com") D("2288.org") H("22web.net") H("22web.org") D("25u.com")
	A("2ip.io") A("2ip.ru") A("2ip.ua") D("2waky.com") D("3-a.net") D("3322.org") H("3dn.ru")
	D("3utilities.com") H("42web.io") D("4dq.com") D("4mydomain.com") D("4pu.com")
	T("4shared.com") H("4t.com") D("51vip.biz") H("5gbfree.com") D("6600.org") H("6te.net")
	D("7766.org") D("8800.org") D("8866.org") H("890m.com") H("96.lt") D("9966.org") S("9qr.de")
	D("access.ly") D("accesscam.org") D("acmetoy.com") S("adf.ly") D("afraid.org")
	D("almostmy.com") H("altervista.org") H("ameblo.jp") H("amplifyapp.com") H("angelfire.com")
	T("anonfile.com") T("anonfiles.com") T("anonfilesnew.com") T("anontransfer.com")
	T("anonymfile.com") A("api.bigdatacloud.net") A("api.ipify.org") T("api.telegram.org")
	H("appspot.com") D("asuscomm.com") H("at.ua") D("ath.cx") H("atwebpages.com")
	D("authorizeddns.net") D("authorizeddns.org") D("authorizeddns.us") H("awardspace.com")
	H("awardspace.net") T("axfc.net") H("azurestaticapps.net") H("azurewebsites.net")
	H("backblazeb2.com") D("barrel-of-knowledge.info") T("bashupload.com") T("bayfiles.com")
	S("bc.vc") N("beeceptor.com") H("beep.com") H("beget.ru") H("beget.tech") H("besaba.com")
	D("bigmoney.biz") S("bit.do") S("bit.ly") H("bitbucket.io") T("bitsend.jp") H("biz.nf")
	S("bl.ink") H("blob.core.windows.net") D("blogdns.com") D("blogdns.net") D("blogdns.org")
	H("blogspot.com") D("blogsyte.com") N("bore.digital") N("bore.pub") D("bounceme.net")
	P("bpaste.net") H("bravehost.com") H("bravesites.com") S("buff.ly") H("bugs3.com")
	D("bumbleshrimp.com") N("burpcollaborator.net") D("buyshouses.net") H("byethost.com")
	H("byethost10.com") H("byethost11.com") H("byethost12.com") H("byethost13.com")
	H("byethost14.com") H("byethost15.com") H("byethost16.com") H("byethost17.com")
	H("byethost18.com") H("byethost22.com") H("byethost3.com") H("byethost31.com")
	H("byethost4.com") H("byethost5.com") H("byethost6.com") H("byethost7.com")
	H("byethost8.com") H("byethost9.com") D("camdvr.org") D("camera-ddns.com")
	N("canarytokens.com") H("carrd.co") D("casacam.net") T("catbox.moe") T("cdn.discordapp.com")
	N("ceye.io") N("cfargotunnel.com") A("checkip.amazonaws.com") A("checkip.dyndns.com")
	A("checkip.dyndns.org") D("chickenkiller.com") A("cip.cc") D("ciscofreak.com") P("cl1p.net")
	H("clan.su") P("clbin.com") S("clck.ru") D("cleansite.biz") D("cleansite.info")
	D("cleansite.us") H("cloudapp.azure.com") H("cloudapp.net") H("co.nf") T("cockfile.com")
	H("cocolog-nifty.com") D("compress.to") H("comuf.com") H("comule.com") H("comze.com")
	P("controlc.com") H("coolpage.biz") H("coreserver.jp") D("crabdance.com") A("curlmyip.com")
	A("curlmyip.net") S("cutt.ly") H("cyclic.app") D("damnserver.com") T("datadeliver.net")
	D("ddns.info") D("ddns.jp") D("ddns.me.uk") D("ddns.mobi") D("ddns.ms") D("ddns.name")
	D("ddns.net") D("ddns.us") D("ddnsfree.com") D("ddnsgeek.com") D("ddnslive.com")
	H("deno.dev") H("deta.dev") N("devtunnels.ms") D("dhcp.biz") D("diskstation.me")
	D("ditchyourip.com") D("dlinkddns.com") D("dns-dns.com") D("dns-stuff.com") D("dns.army")
	D("dns.navy") D("dns04.com") D("dns05.com") D("dns1.us") D("dns2.us") D("dnsalias.com")
	D("dnsalias.net") D("dnsalias.org") D("dnsd.info") D("dnsdynamic.com") D("dnsdynamic.net")
	D("dnset.com") D("dnsiskinky.com") N("dnslog.cn") D("dnsrd.com") H("do.am")
	D("doesntexist.com") D("doesntexist.org") D("dontexist.com") D("dontexist.net")
	D("dontexist.org") T("dosya.co") P("dpaste.com") P("dpaste.org") T("dropmefiles.com")
	D("dscloud.biz") D("dscloud.me") D("dscloud.mobi") D("dsmtp.com") D("dsmynas.com")
	D("dsmynas.net") D("dsmynas.org") D("dtdns.com") D("dtdns.net") D("duckdns.org")
	D("dumb1.com") D("dvrdns.org") D("dynalias.com") D("dynalias.net") D("dynalias.org")
	D("dynamic-dns.net") D("dynamicdns.biz") D("dynamicdns.co.uk") D("dynamicdns.me.uk")
	D("dynamicdns.org.uk") D("dyndns.biz") D("dyndns.info") D("dyndns.org") D("dyndns.pro")
	D("dyndns.tv") D("dyndns.ws") D("dynns.com") D("dynssl.com") D("dynu.net") D("dynv6.net")
	T("easyupload.io") D("edns.biz") D("eicp.net") H("elementfx.com") D("endofinternet.net")
	D("endofinternet.org") T("envs.sh") H("epizy.com") D("esmtp.biz") H("esy.es") A("eth0.me")
	H("eu5.org") H("exofire.net") N("expose.dev") A("extreme-ip-lookup.com") D("ezua.com")
	H("ezyro.com") D("f3322.net") D("f3322.org") D("familyds.com") D("familyds.net")
	D("familyds.org") D("faqserv.com") D("fartit.com") H("fc2.com") H("fc2web.com") T("file.io")
	T("file.pizza") T("filebin.net") T("filedropper.com") T("filemail.com") T("filepizza.com")
	T("files.fm") T("filesend.to") T("filetransfer.io") H("firebaseapp.com")
	T("firestorage.com") T("firestorage.jp") D("firewall-gateway.com") D("firewall-gateway.de")
	D("firewall-gateway.net") H("fly.dev") H("framer.app") H("framer.website") H("free.nf")
	D("freeddns.com") D("freeddns.org") D("freedynamicdns.net") D("freedynamicdns.org")
	A("freegeoip.app") A("freegeoip.live") A("freegeoip.net") H("freehostia.com")
	H("freehosting.com") H("freehostingeu.com") H("freesite.host") D("freetcp.com")
	H("freewebhostingarea.com") D("freewww.biz") D("freewww.info") P("friendpaste.com")
	T("fromsmash.com") D("ftp1.biz") D("ftpaccess.cc") D("ftpserver.biz") D("game-host.org")
	D("game-server.cc") D("geekgalaxy.com") H("geocities.ws") A("geoip.maxmind.com")
	A("geoip.nekudo.com") A("geojs.io") A("geoplugin.com") A("geoplugin.net")
	H("getenjoyment.net") D("gettrials.com") T("getuploader.com") P("ghostbin.co")
	P("ghostbin.com") D("gicp.net") T("gigafile.nu") D("giize.com") P("gist.github.com")
	P("gist.githubusercontent.com") H("github.io") H("gitlab.io") D("gleeze.com") H("glitch.me")
	A("globalip.me") H("godaddysites.com") T("gofile.io") D("golffan.us") S("goo.su")
	D("got-game.org") D("gotdns.ch") D("gotdns.com") D("gotdns.org") D("gr8domain.biz")
	D("gr8name.biz") A("grabify.link") H("great-site.net") H("had.su") P("hastebin.com")
	H("hatenablog.com") H("hatenadiary.com") H("herobo.com") H("herokuapp.com")
	P("heypasteit.com") T("hightail.com") H("hol.es") H("holdbit.ru") D("homedns.org")
	D("homeftp.net") D("homeftp.org") D("homeip.net") D("homelinux.com") D("homelinux.net")
	D("homelinux.org") D("homesecuritymac.com") D("homesecuritypc.com") D("homeunix.com")
	D("homeunix.net") D("homeunix.org") N("hookbin.com") D("hopto.org") H("host22.com")
	H("hostei.com") H("hostey.com") H("hostfree.pw") H("hostia.ru") H("hostland.ru")
	H("hostoi.com") H("hostzi.com") P("hpaste.org") H("html-5.me") D("https443.net")
	D("https443.org") D("i-portal.jp") D("i234.me") H("iblogger.org") A("icanhazip.com")
	A("ident.me") P("ideone.com") D("ieserver.net") A("ifconfig.co") A("ifconfig.io")
	A("ifconfig.me") D("ignorelist.com") H("ihostfull.com") D("iicp.net") D("imwork.net")
	A("inet-ip.info") H("infinityfreeapp.com") N("interact.sh") D("iownyour.biz")
	D("iownyour.org") A("ip-adress.com") A("ip-api.com") A("ip-lookup.net") A("ip-score.com")
	A("ip.3322.net") A("ip.anysrc.net") A("ip.cn") A("ip.me") A("ip.sb") A("ip.tyk.nu")
	A("ip2location.io") A("ipaddress.com") A("ipapi.co") A("ipapi.com") A("ipconf.me")
	A("ipdata.co") A("ipecho.net") A("ipgeolocation.io") A("ipgrab.io") A("ipify.org")
	A("ipinfo.io") A("iplocation.com") A("iplocation.net") A("iplogger.co") A("iplogger.com")
	A("iplogger.org") A("ipstack.com") A("ipv6-test.com") A("ipwho.is") A("ipwhois.app")
	A("ipwhois.io") D("is-a-geek.com") D("is-a-geek.net") D("is-a-geek.org") D("is-gone.com")
	S("is.gd") D("isasecret.com") D("itemdb.com") D("itsaol.com") S("ity.im") P("ix.io")
	S("j.mp") D("jetos.com") H("jimdo.com") H("jimdofree.com") H("jino.ru") D("jkub.com")
	N("joinmc.link") D("jumpingcrab.com") D("jungleheart.com") T("justbeamit.com")
	D("justdied.com") P("justpaste.it") D("keenetic.link") D("keenetic.name") D("keenetic.pro")
	T("keep.sh") H("kesug.com") D("kicks-ass.net") D("kicks-ass.org") D("kmdns.net")
	H("koyeb.app") D("kozow.com") T("krakenfiles.com") S("kutt.it") A("l2.io")
	T("letsupload.io") D("lflink.com") D("lflinkup.com") D("lflinkup.net") D("lflinkup.org")
	N("lhr.life") N("lhr.pro") N("lhr.rocks") S("lihi.cc") D("linkpc.net") S("linktr.ee")
	H("liveblog365.com") H("livejournal.com") N("loca.lt") N("localhost.run")
	N("localtonet.com") N("localtunnel.me") N("localxpose.io") N("loclx.io") D("loginto.me")
	D("longmusic.com") D("loseyourip.com") H("lovestoblog.com") H("mcdir.me") H("mcdir.ru")
	T("mediafire.com") H("medianewsonline.com") D("mefound.com") T("mega.co.nz") T("mega.io")
	T("mega.nz") D("merseine.nu") H("meximas.com") D("mine.nu") D("misecure.com") D("mooo.com")
	H("moy.su") D("mrbasic.com") D("mrbonus.com") D("mrface.com") D("mrslove.com")
	D("my-firewall.org") A("my-ip.io") H("my-online.store") D("my.to") H("my1.ru")
	D("myactivedirectory.com") H("myartsonline.com") D("mycloudnas.com") D("mydad.info")
	D("myddns.com") D("myddns.rocks") D("mydns.bz") D("mydns.jp") D("mydns.tw") D("mydns.vc")
	D("myds.me") A("myexternalip.com") D("myfirewall.org") D("myftp.biz") D("myftp.info")
	D("myftp.name") D("myftp.org") H("mygamesonline.org") A("myip.com") A("myip.dk")
	A("myip.dnsomatic.com") A("myip.opendns.com") A("myip.ru") D("myiphost.com") H("myjino.ru")
	D("mylftv.com") D("mymom.info") D("mynatapp.cc") D("mynetav.com") D("mynetav.net")
	D("mynetav.org") D("mynetgear.com") D("mynumber.org") D("mypi.co") D("mypicture.info")
	D("mypop3.net") D("mypop3.org") H("mypressonline.com") D("myqnapcloud.com")
	D("mysecondarydns.com") D("mysecuritycamera.com") D("mysecuritycamera.net")
	D("mysecuritycamera.org") H("mystrikingly.com") D("myvnc.com") H("mywebcommunity.org")
	D("mywire.org") D("myz.info") H("narod.ru") H("narod2.ru") D("nat123.net") D("natapp.cc")
	D("natappfree.cc") H("neocities.org") D("net-freaks.com") H("net16.net") H("net23.net")
	H("net46.net") H("netai.net") H("netangels.ru") D("netcraze.link") H("netlify.app")
	H("netne.net") N("ngrok-free.app") N("ngrok-free.dev") N("ngrok.app") N("ngrok.com")
	N("ngrok.dev") N("ngrok.io") H("ninja-web.net") D("no-ip.biz") D("no-ip.info")
	D("no-ip.org") H("noads.biz") D("noip.me") P("nopaste.ml") P("nopaste.net") P("notes.io")
	D("now-dns.net") D("now-dns.org") D("now-dns.top") D("now-ip.net") D("now-ip.org")
	H("now.sh") D("ns01.biz") D("ns01.info") D("ns01.us") D("ns02.biz") D("ns02.info")
	D("ns02.us") D("ns1.name") D("ns2.name") D("ns3.name") D("nsupdate.info") N("oast.fun")
	N("oast.live") N("oast.me") N("oast.online") N("oast.pro") N("oast.site") N("oastify.com")
	D("ocry.com") D("office-on-the.net") D("onedumb.com") S("onl.bz") S("onl.la") S("onl.tw")
	H("onlinewebshop.net") D("onmypc.biz") D("onmypc.info") D("onmypc.net") D("onmypc.org")
	D("onmypc.us") H("onrender.com") D("onthewifi.com") D("ooguy.com") D("oray.net")
	D("organiccrap.com") H("orgfree.com") T("oshi.at") D("otzo.com") S("ouo.io") S("ouo.press")
	D("ourhobby.com") S("ow.ly") P("p.ip.fi") N("packetriot.net") N("pagekite.me")
	N("pagekite.net") H("pages.dev") P("paste.debian.net") P("paste.ee") P("paste.fo")
	P("paste.gg") P("paste.org") P("paste.rs") P("paste2.org") P("pastebin.com")
	P("pastebin.fi") P("pastebin.pl") P("pasted.co") P("pasteio.com") P("pastelink.net")
	P("pastetext.net") P("pastie.org") D("pcanywhere.net") H("pcriot.com") H("pe.hu")
	H("php0h.com") N("pinggy.io") N("pinggy.link") N("pinggy.online") N("pipedream.net")
	T("pixeldrain.com") N("playit.gg") N("ply.gg") S("po.st") D("podzone.net") D("podzone.org")
	D("point2this.com") T("pomf.cat") T("pomf.lain.la") D("port25.biz") N("portmap.host")
	N("portmap.io") S("ppt.cc") P("privatebin.info") P("privatebin.net")
	D("privatizehealthinsurance.net") T("privatlab.com") H("profreehost.com") D("proxydns.com")
	S("pse.is") D("publicvm.com") D("pubyun.com") T("put.re") A("pv.sohu.com")
	H("pythonanywhere.com") S("q.gs") T("qaz.im") D("qhigh.com") D("qicp.vip") D("qpoe.com")
	S("qr.ae") T("qu.ax") D("quicksytes.com") H("r2.dev") T("racaty.net") H("railway.app")
	T("rapidgator.net") P("raw.githubusercontent.com") S("rb.gy") A("reallyfreegeoip.org")
	D("rebatesrule.net") S("rebrand.ly") D("redirectme.net") D("remotewd.com") P("rentry.co")
	P("rentry.org") H("repl.co") H("replit.app") H("replit.dev") N("requestbin.net")
	N("requestcatcher.com") N("requestrepo.com") S("reurl.cc") H("rf.gd") H("ru.com") S("s.id")
	S("s2r.co") H("scienceontheweb.net") D("scrapping.cc") H("script.google.com")
	D("securitytactics.com") A("seeip.org") H("seesaa.net") D("selfhost.bz") D("selfhost.de")
	D("selfhost.eu") D("selfip.biz") D("selfip.com") D("selfip.info") D("selfip.net")
	D("selfip.org") D("sellclassics.com") T("send-anywhere.com") T("send.cm")
	T("sendanywhere.com") T("sendgb.com") T("sendit.cloud") D("sendsmtp.com") T("sendspace.com")
	D("servebeer.com") D("serveblog.net") D("servecounterstrike.com") D("serveexchange.com")
	D("serveftp.com") D("serveftp.org") D("servegame.com") D("servegame.org")
	D("servehalflife.com") D("servehttp.com") D("servehumour.com") D("serveirc.com")
	D("serveminecraft.net") D("servemp3.com") N("serveo.net") N("serveousercontent.com")
	D("servep2p.com") D("servepics.com") D("servequake.com") D("servesarcasm.com")
	D("serveuser.com") D("serveusers.com") D("sexidude.com") D("sexxxy.biz") D("shacknet.nu")
	N("sharedwithexpose.com") S("short.io") S("shorte.st") S("shorturl.at") A("showip.net")
	A("showmyip.com") S("shrtco.de") T("sicp.me") H("site40.net") H("site50.net")
	H("site88.net") H("sites.google.com") D("sixth.biz") P("slexy.org") A("smart-ip.net")
	T("smash.com") P("snippet.host") S("soo.gd") D("spdns.de") D("spdns.eu") D("spdns.org")
	H("sportsontheweb.net") P("sprunge.us") D("squirly.info") D("ssl443.org") H("starfree.jp")
	H("stars.ne.jp") D("strangled.net") H("strikingly.com") D("stufftoread.com") H("surge.sh")
	H("swtest.ru") D("synology.me") D("sytes.net") S("t.ly") N("telebit.cloud") N("telebit.io")
	P("telegra.ph") P("teletype.in") T("temp.sh") P("termbin.com") A("test-ipv6.com")
	P("textbin.net") P("textuploader.com") D("theworkpc.com") P("throwbin.io") D("thruhere.net")
	H("timeweb.ru") S("tiny.cc") S("tiny.one") S("tinyurl.com") T("tmpfiles.org") H("tmweb.ru")
	A("tnedi.me") P("tny.cz") S("tny.im") D("toh.info") H("totalh.net") D("toythieves.com")
	D("tplinkdns.com") S("tr.im") A("trackip.net") T("transfer.sh") T("transfernow.net")
	D("trickip.net") D("trickip.org") H("tripod.com") N("trycloudflare.com") T("ttm.sh")
	H("tumblr.com") N("tunnelto.dev") T("turbobit.net") D("twilightparadox.com") S("u.to")
	H("ucoz.ae") H("ucoz.com") H("ucoz.de") H("ucoz.kz") H("ucoz.net") H("ucoz.org")
	H("ucoz.ru") H("ucoz.ua") H("ueuo.com") D("ufcfan.org") T("ufile.io") T("uguu.se")
	H("uhostfull.com") D("uicp.net") D("uk.to") H("unaux.com") H("uni.cc")
	D("unusualperson.com") T("upload.ee") T("uploader.jp") T("uploadfiles.eu")
	T("uploadfiles.io") T("uploadhaven.com") S("ur0.cc") S("urlshortener.site") S("urlz.fr")
	D("us.to") S("ux.nu") S("v.gd") D("v6.army") D("v6.navy") D("v6.rocks") H("vercel.app")
	D("vicp.cc") D("vicp.net") D("vizvaz.com") S("vk.cc") H("w4f.it") T("we.tl") H("web.app")
	H("webatu.com") H("webflow.io") N("webhook.site") D("webhop.me") H("webnode.com")
	H("webnode.page") D("webredirect.org") H("webs.com") H("weebly.com") T("wetransfer.com")
	A("whatismyip.akamai.com") A("whatismyip.com") A("whatismyip.net") A("whatismyip.org")
	A("whatismyipaddress.com") A("whatsmyip.org") D("wicp.net") D("wifizone.org")
	D("wikaba.com") H("wixsite.com") H("workers.dev") D("workisboring.com") T("workupload.com")
	D("worse-than.tv") P("write.as") A("wtfismyip.com") H("wuaze.com") D("www1.biz")
	D("wwwhost.biz") D("wwwhost.us") S("x.gd") T("x0.at") H("x10.bz") H("x10.mx")
	H("x10host.com") D("x24hr.com") H("xdomain.jp") T("xgf.nu") D("xicp.cn") D("xicp.net")
	H("xp3.biz") H("xrea.com") D("xxuz.com") D("xxxy.biz") D("xxxy.info") D("ydns.eu")
	D("ygto.com") H("yolasite.com") D("youdontcare.com") S("yourls.org") D("yourtrap.com")
	D("zapto.org") P("zerobin.net") D("zicp.vip") T("zippyshare.com") N("zrok.io") D("zyns.com")
	H("zyro.com") H("zyrosite.com") H("zz.vc") D("zzux.com")
};
/* clang-format on */

static int compare(const void *host, const void *row)
{
	return strcmp(host, ((const struct rented *)row)->suffix);
}

/* Names that a provider of dynamic DNS keeps for himself: there a router tells its new address. */
static bool is_providers_own(const char *host, const struct rented *zone)
{
	static const char *const own[] = { "api.", "dynupdate.", "ipv4.",    "ipv6.", "members.",
					   "nic.", "update.",    "updates.", "www." };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		size_t length = strlen(own[i]);

		if (strncmp(host, own[i], length) == 0 && strcmp(host + length, zone->suffix) == 0)
			return true;
	}
	return false;
}

enum rented_kind rented_name(const char *host)
{
	const struct rented *found = NULL;
	const char *at = host;

	/* The longest suffix first: the nearer owner is told. A top-level label is never in it. */
	for (const char *dot = strchr(at, '.'); dot && !found; dot = strchr(at, '.')) {
		found = bsearch(at, rented, sizeof(rented) / sizeof(rented[0]), sizeof(rented[0]),
				compare);
		at = dot + 1;
	}
	if (!found || (found->kind == RENTED_DYNAMIC_DNS && is_providers_own(host, found)))
		return RENTED_NONE;
	return found->kind;
}

bool rented_is(const char *host, unsigned kinds)
{
	return (kinds >> rented_name(host) & 1) != 0;
}

size_t rented_names_count(void)
{
	return sizeof(rented) / sizeof(rented[0]);
}

const char *rented_names_at(size_t i)
{
	return rented[i].suffix;
}

const char *rented_kind_text(enum rented_kind kind)
{
	static const char *const texts[RENTED_KINDS] = {
		[RENTED_NONE] = "none",
		[RENTED_DYNAMIC_DNS] = "dynamic DNS",
		[RENTED_TUNNEL] = "tunnel to a private machine",
		[RENTED_HOSTING] = "free hosting",
		[RENTED_TRANSFER] = "file transfer",
		[RENTED_PASTE] = "paste site",
		[RENTED_ADDRESS_LOOKUP] = "own address lookup",
		[RENTED_SHORTENER] = "link shortener",
	};

	return texts[kind];
}
