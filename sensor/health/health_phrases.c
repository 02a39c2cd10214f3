#include "sensor/health/health_phrases.h"

#include <stddef.h>

#define MIRROR_BOTH_EN                                                                       \
	"In the switch's mirror (SPAN) settings choose \"both\" (receive and transmit) for " \
	"the source port, which is the port to the router."
#define MIRROR_BOTH_JA                                                                                                          \
	"スイッチのミラーリング設定で、ルーターにつながるポートをミラー元に選び、方向を" \
	"「送信・受信の両方（both）」にしてください。"
#define LAN_SIDE_EN                                                                          \
	"Move the sensor to the office's side: connect the router's LAN port to the mirror " \
	"switch, and mirror that switch port."
#define LAN_SIDE_JA                                                                                                       \
	"センサーを社内側へ移してください。ルーターのLANポートをミラー対応スイッチに" \
	"つなぎ、そのスイッチのポートをミラー元にします。"

static const struct health_phrases phrases[HEALTH_CODES] = {
	[HEALTH_INTERFACE_MISSING] = {
		{
			"There is no network interface %I on this machine.",
			"この機器にネットワークインターフェース%Iがありません。",
		},
		{
			"Plug the network adapter in, or put the name that 'ip link' shows "
			"into capture.interfaces.",
			"ネットワークアダプターを接続するか、'ip link'で表示される名前を"
			"capture.interfacesに設定してください。",
		},
	},
	[HEALTH_INTERFACE_DOWN] = {
		{
			"The network interface %I has no link, so nothing of the office is "
			"seen.",
			"ネットワークインターフェース%Iがリンクダウンしており、社内の通信がま"
			"ったく見えていません。",
		},
		{
			"Check the cable and the switch port at its other end; then 'ip link "
			"set %I up'.",
			"LANケーブルと接続先のスイッチのポートを確認し、'ip link set %I up'を"
			"実行してください。",
		},
	},
	[HEALTH_STORE_READ_ONLY] = {
		{
			"The sensor cannot write to its store: what it finds now is lost when "
			"it restarts.",
			"センサーが保存先に書き込めません。今見つけた内容は再起動すると失われ"
			"ます。",
		},
		{
			"Check the SD card or disk (it may be worn out), and that the folder "
			"of store.folder is writable for the sensor's user.",
			"SDカードやディスクの故障がないか、store.folderのフォルダーにセンサー"
			"の利用者が書き込めるかを確認してください。",
		},
	},
	[HEALTH_STORE_FULL] = {
		{
			"The disk that the sensor keeps its findings on is full.",
			"センサーが検知内容を保存するディスクに空きがありません。",
		},
		{
			"Make room on the disk that holds store.folder.",
			"store.folderのあるディスクの空き容量を増やしてください。",
		},
	},
	[HEALTH_NO_PACKETS] = {
		{
			"Not one packet arrived on %I in %1 seconds.",
			"%Iに%1秒間、1つもパケットが届いていません。",
		},
		{
			"Check that the cable is in the mirror's destination port, and that "
			"mirroring is switched on in the switch.",
			"ケーブルがミラー先のポートに差さっているか、スイッチのミラーリングが"
			"有効になっているかを確認してください。",
		},
	},
	[HEALTH_ONLY_BROADCAST] = {
		{
			"Only broadcasts are seen (%0 of them, and %1 other packets): this is "
			"an ordinary switch port, no mirror of the office's traffic.",
			"一斉送信（ブロードキャスト）しか見えていません（%0件、それ以外は%1件"
			"）。ミラーポートではなく、通常のスイッチのポートにつながっています。",
		},
		{
			"Switch mirroring on: the source is the port to the router, in both "
			"directions, the destination is the sensor's port.",
			"スイッチのミラーリングを有効にし、ミラー元はルーターにつながるポート"
			"（送信・受信の両方）、ミラー先はセンサーのポートにしてください。",
		},
	},
	[HEALTH_ONE_DIRECTION] = {
		{
			"Of %1 of the conversations only one side is seen.",
			"通信の%1で、片方向しか見えていません。",
		},
		{ MIRROR_BOTH_EN, MIRROR_BOTH_JA },
	},
	[HEALTH_PPPOE_SIDE] = {
		{
			"The sensor stands between the router and the line (PPPoE): it cannot "
			"tell which device in the office does what.",
			"センサーがルーターと回線（PPPoE）の間にあるため、社内のどの機器の通信"
			"か分かりません。",
		},
		{ LAN_SIDE_EN, LAN_SIDE_JA },
	},
	[HEALTH_CARRIER_TUNNEL] = {
		{
			"The sensor stands between the router and the line (IPv4 travels "
			"inside IPv6 there, as with DS-Lite, MAP-E or v6 Plus): it cannot "
			"tell which device in the office does what.",
			"センサーがルーターと回線の間（DS-Lite、MAP-E、v6プラスなど、IPv4が"
			"IPv6の中を通る区間）にあるため、社内のどの機器の通信か分かりません。",
		},
		{ LAN_SIDE_EN, LAN_SIDE_JA },
	},
	[HEALTH_AFTER_NAT] = {
		{
			"Nearly all traffic (%0) is that of one address, and it has come "
			"through a router: the sensor stands on the internet's side of a "
			"router and cannot see the devices behind it.",
			"ほぼすべての通信（%0）がルーターを通った後の1つのアドレスのものです。"
			"センサーがルーターのインターネット側にあるため、その内側の機器が見え"
			"ません。",
		},
		{ LAN_SIDE_EN, LAN_SIDE_JA },
	},
	[HEALTH_MISSING_VLAN] = {
		{
			"Of VLAN %0 only broadcasts are seen (%1), while other VLANs are seen "
			"in full: its conversations do not reach the sensor.",
			"VLAN %0は一斉送信（%1件）しか見えていません。ほかのVLANは見えているた"
			"め、このVLANの通信だけがセンサーに届いていません。",
		},
		{
			"Add VLAN %0, or the port that carries it, to the sources of the "
			"switch's mirror, in both directions.",
			"スイッチのミラー元に、VLAN %0（またはそのVLANが通るポート）を送信・受"
			"信の両方で追加してください。",
		},
	},
	[HEALTH_DROPS] = {
		{
			"This machine was too slow for %1 of the packets on %I: %0 were "
			"dropped.",
			"処理が追いつかず、%Iのパケットの%1（%0件）を取りこぼしました。",
		},
		{
			"Set capture.buffer higher (for instance 64M); if that does not help, "
			"mirror fewer ports or use a faster machine.",
			"capture.bufferを大きく（例：64M）してください。改善しなければ、ミラー"
			"元のポートを減らすか、より速い機器をお使いください。",
		},
	},
	[HEALTH_CARD_TOO_SLOW] = {
		{
			"The network card of %I lost %1 of the packets (%0).",
			"%Iのネットワークカードがパケットの%1（%0件）を取りこぼしました。",
		},
		{
			"Use a faster network card (not on USB 2), or mirror fewer ports.",
			"より速いネットワークカード（USB 2.0以外）に替えるか、ミラー元のポート"
			"を減らしてください。",
		},
	},
	[HEALTH_SHED] = {
		{
			"This machine was too slow to look into %1 of the packets (%0); they "
			"were only counted.",
			"処理が追いつかず、パケットの%1（%0件）は数えただけで、中身を調べられ"
			"ませんでした。",
		},
		{
			"Mirror fewer ports or use a faster machine.",
			"ミラー元のポートを減らすか、より速い機器をお使いください。",
		},
	},
	[HEALTH_DUPLICATES] = {
		{
			"%1 of the packets arrive twice: several ports that the same packets "
			"pass are mirrored.",
			"パケットの%1が二重に届いています。同じ通信が通る複数のポートがミラー"
			"元になっています。",
		},
		{
			"Leave only the port to the router as the mirror's source, in both "
			"directions; or choose \"receive\" alone for all ports.",
			"ミラー元をルーターにつながるポートだけ（送信・受信の両方）にするか、"
			"全ポートをミラー元にする場合は方向を「受信のみ」にしてください。",
		},
	},
	[HEALTH_OFFLOADS] = {
		{
			"Packets of up to %0 bytes were recorded, longer than a cable "
			"carries: they were joined while being received, and their numbers "
			"and sizes are not those on the wire.",
			"ケーブルを流れるはずのない長さ（最大%0バイト）のパケットが記録されて"
			"います。受信時に連結されたもので、実際の件数や大きさとは異なります。",
		},
		{
			"ethtool -K %I gro off lro off gso off tso off",
			"ethtool -K %I gro off lro off gso off tso off",
		},
	},
	[HEALTH_CLOCK_UNSYNCHRONISED] = {
		{
			"The clock of this machine is not synchronised, so times in cases and "
			"reports may be wrong.",
			"この機器の時計が時刻サーバーと同期していないため、記録や報告の時刻が"
			"正しくない可能性があります。",
		},
		{
			"Let the sensor reach a time server on the internet (NTP, UDP port 123). "
			"Where time synchronisation is off: 'timedatectl set-ntp true'.",
			"センサーがインターネットの時刻サーバー（NTP、UDPポート123）に接続できる"
			"ようにしてください。時刻同期が無効の場合は'timedatectl set-ntp true'で有"
			"効にします。",
		},
	},
	[HEALTH_CLOCK_STEP] = {
		{
			"The clock of this machine was set by %0 seconds while the sensor ran.",
			"センサーの動作中に、この機器の時計が%0秒変更されました。",
		},
		{
			"Do not set the clock by hand: let the sensor reach a time server on the "
			"internet (NTP, UDP port 123).",
			"時計を手動で変更せず、センサーがインターネットの時刻サーバー（NTP、UDP"
			"ポート123）に接続できるようにしてください。",
		},
	},
	[HEALTH_GAP] = {
		{
			"The sensor was not running from %F to %U: nothing is known of that "
			"time.",
			"%Fから%Uまでセンサーが動作しておらず、その間の通信は記録されていませ"
			"ん。",
		},
		{
			"Check the sensor's power supply; 'journalctl -u hinomi-sensor' says "
			"why it stopped.",
			"センサーの電源を確認してください。停止した理由は'journalctl -u "
			"hinomi-sensor'で分かります。",
		},
	},
	[HEALTH_NO_DNS] = {
		{
			"Devices called %0 web servers, but no name lookup (DNS) was seen: "
			"either it takes a way that is not mirrored, or all of it is "
			"encrypted.",
			"%0か所のウェブサーバーへの接続が見えていますが、名前の問い合わせ（DNS"
			"）が見えていません。ミラーされていない経路を通っているか、すべて暗号"
			"化されています。",
		},
		{
			"If the office has a DNS server of its own, add its switch port to "
			"the mirror's sources.",
			"社内にDNSサーバーがある場合は、そのスイッチのポートもミラー元に追加し"
			"てください。",
		},
	},
	[HEALTH_NO_DHCP] = {
		{
			"No device was seen to ask for an address (DHCP) for a day: either "
			"all have fixed addresses, or that part of the network is not "
			"mirrored.",
			"1日以上、アドレスの割り当て（DHCP）が見えていません。すべて固定アドレ"
			"スか、その通信がミラーされていません。",
		},
		{
			"If devices do get their addresses by DHCP, mirror the port of the "
			"router or server that gives them.",
			"DHCPをお使いの場合は、アドレスを割り当てるルーターやサーバーのポート"
			"をミラー元に追加してください。",
		},
	},
	[HEALTH_TAGS_ONE_WAY] = {
		{
			"VLAN tags are seen in one direction only. Nothing is lost by that, "
			"but VLANs cannot be told apart with certainty.",
			"VLANタグが片方向にしか付いていません。通信は見えていますが、VLANを確"
			"実には区別できません。",
		},
		{
			"If the switch offers it, set the mirror port to pass frames with "
			"their tags (\"encapsulation replicate\", or tagged) in both "
			"directions.",
			"スイッチに設定があれば、ミラーポートで両方向ともタグ付きのまま（"
			"encapsulation replicateなど）送るようにしてください。",
		},
	},
	[HEALTH_OWN_TRAFFIC] = {
		{
			"This sensor's own traffic (%0 packets) is seen on %I.",
			"このセンサー自身の通信（%0件）が%Iで見えています。",
		},
		{
			"Give %I no address, and use another port for the sensor's own "
			"connection; or take that port out of the mirror's sources.",
			"%IにはIPアドレスを設定せず、センサー自身の通信には別のポートを使うか"
			"、そのポートをミラー元から外してください。",
		},
	},
};

static const struct health_phrases of_clients[HEALTH_CODES] = {
	[HEALTH_ONE_DIRECTION] = {
		{
			"Only what the devices send is seen; the answers to it are missing "
			"(in %1 of the conversations).",
			"機器から送られる通信だけが見え、応答が見えていません（通信の%1）。",
		},
		{ MIRROR_BOTH_EN, MIRROR_BOTH_JA },
	},
	[HEALTH_CARD_TOO_SLOW] = {
		{
			"The link of %I runs at %0 Mbit/s: what the mirrored ports carry "
			"beyond that is thrown away by the switch, unseen.",
			"%Iのリンク速度が%0Mbit/sのため、ミラー元の通信量がそれを超えた分はス"
			"イッチで捨てられ、見えません。",
		},
		{
			"Use a port, cable (Cat 5e or better) and network card for 1 Gbit/s.",
			"1Gbit/sに対応したポート、ケーブル（Cat 5e以上）、ネットワークカードを"
			"お使いください。",
		},
	},
	[HEALTH_OFFLOADS] = {
		{
			"The network card or kernel may join packets on %I before they are "
			"counted: numbers and sizes are then not those on the wire.",
			"%Iでは、受信したパケットが数える前に連結されることがあり、件数や大き"
			"さが実際と異なる場合があります。",
		},
		{
			"ethtool -K %I gro off lro off gso off tso off",
			"ethtool -K %I gro off lro off gso off tso off",
		},
	},
};

static const struct health_phrases of_servers[HEALTH_CODES] = {
	[HEALTH_ONE_DIRECTION] = {
		{
			"Only the answers to the devices are seen; what they send is missing "
			"(in %1 of the conversations).",
			"機器への応答だけが見え、機器から送られる通信が見えていません（通信の"
			"%1）。",
		},
		{ MIRROR_BOTH_EN, MIRROR_BOTH_JA },
	},
};

static const struct health_phrases gone = {
	{
		"What was found before the sensor's restart has not been found again.",
		"センサーの再起動前に見つかった問題は、その後見られなくなりました。",
	},
	{
		"There is nothing to do.",
		"対応は必要ありません。",
	},
};

const struct health_phrases *health_phrases_of(const struct health_finding *finding)
{
	const struct health_phrases *found = NULL;

	if (finding->story == HEALTH_STORY_GONE)
		return &gone;
	if (health_code_is_of_files(finding->code))
		return health_dated_phrases_of(finding);
	if (finding->story == HEALTH_STORY_CLIENTS)
		found = &of_clients[finding->code];
	else if (finding->story == HEALTH_STORY_SERVERS)
		found = &of_servers[finding->code];
	return found && found->sentence[LANGUAGE_EN] ? found : &phrases[finding->code];
}
