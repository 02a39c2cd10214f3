# SPDX-License-Identifier: Apache-2.0
"""
The internet that an office of a whole day talks to. Most names are reserved ones, so no list of
known services excuses them; some are of services that everybody uses, behind the same addresses.
"""

_WEB = """
www.portal-news.example img.portal-news.example static.cdn-a.example static.cdn-b.example
search.finder.example ads.broker-one.example pixel.tracker-two.example fonts.types.example
bank.business-bank.example tax.e-filing.example rail.timetable.example parcel.carrier.example
shop.office-goods.example video.streamhub.example seg1.streamhub.example music.tunes.example
crm.cloudsales.example api.cloudsales.example sheets.officecloud.example drive.officecloud.example
sync.filebox.example notify.filebox.example backup.vaultline.example hooks.automation.example
api.chatroom.example files.chatroom.example push.phonecloud.example gw.phonecloud.example
telemetry.osvendor2.example stats.editorial-app.example crash.reports-app.example
av-update.shield.example av-cloud.shield.example rmm.helpdesk-vendor.example
license.cad-tool.example update.cad-tool.example supplies.printmaker.example
meter.printmaker.example fw.routermaker.example cloud.cameramaker.example
upload.cameramaker.example api.thermo-home.example meter.solar-roof.example
tv.panelmaker.example pay.card-terminal.example clock.timecard.example
api.payroll.example fax.netfax.example sip.phoneline.example stun.phoneline.example
meet.roomcall.example turn.roomcall.example deb.mirror.example pypi.mirror.example
git.codeplace.example registry.codeplace.example dict.kana-input.example
weather.widget.example rates.currency.example feeds.blogroll.example captive.phonecloud.example
status.customer-one.example www.customer-two.example shop.customer-three.example
doh.resolver-x.example dav.groupware.example cal.groupware.example
www.msftconnecttest.com ctldl.windowsupdate.com v10.events.data.microsoft.com
outlook.office365.com teams.microsoft.com login.microsoftonline.com www.google.com
www.gstatic.com update.googleapis.com clients4.google.com captive.apple.com gateway.icloud.com
slack.com edgeapi.slack.com client.dropbox.com ocsp.digicert.com dns.google firefox.settings.services.mozilla.com
officenas.duckdns.org api.telegram.org api.ipify.org www.duckdns.org
"""
# Reached in other ways than by web.
_OTHER = """
mqtt.smart-plug.example mqtt.thermo-home.example push.im-app.example imap.mailco.example
smtp.mailco.example pop.mailco.example ftp.webspace.example ssh.hosting.example
vpn.head-office.example acct.ledger-soft.example relay.helpdesk-vendor.example
time.appliance.example ntp.nict.jp time.windows.com mtalk.google.com
sensor.agri-box.example voice.phoneline.example sftp.edi-partner.example
db.cloud-db.example
"""


def _places(names, network, first):
    return {name: (f"{network}{first + number}", "")
            for number, name in enumerate(names.split())}


# Every third site is reached by IPv6 too, and by it first.
WEB = {name: (pair[0], f"2001:db8:51::{number + 256:x}" if number % 3 == 0 else "")
       for number, (name, pair) in enumerate(_places(_WEB, "198.51.100.", 100).items())}
OTHER = _places(_OTHER, "203.0.113.", 100)
SITES = {**WEB}
ADDRESSES = [pair[0] for pair in OTHER.values()] + ["192.0.2.200", "192.0.2.201", "192.0.2.202"]
# Asked for without a name: an appliance with an address of its maker's inside.
BARE = "192.0.2.200"
BARE_TIME = "192.0.2.201"
PEER = "192.0.2.202"
DNS = [f"host-record={name},{pair[0]},300" for name, pair in OTHER.items()] + [
    "mx-host=office.example,smtp.mailco.example,10",
    "txt-record=office.example,v=spf1 include:mailco.example -all",
    "srv-host=_sip._udp.phoneline.example,sip.phoneline.example,5060",
    "local=/com/", "local=/net/", "local=/org/", "local=/jp/", "local=/arpa/", "local=/io/"]
