#include "sensor/detect/address_lookup.h"
#include "sensor/detect/beacon.h"
#include "sensor/detect/clear_password.h"
#include "sensor/detect/contact_before.h"
#include "sensor/detect/directory_theft.h"
#include "sensor/detect/dns_tunnel.h"
#include "sensor/detect/download.h"
#include "sensor/detect/exploit.h"
#include "sensor/detect/failing_names.h"
#include "sensor/detect/fast_flux.h"
#include "sensor/detect/foreign_resolver.h"
#include "sensor/detect/handover.h"
#include "sensor/detect/hidden_mining.h"
#include "sensor/detect/http_fan.h"
#include "sensor/detect/icmp_tunnel.h"
#include "sensor/detect/lan_integrity.h"
#include "sensor/detect/lateral_fanout.h"
#include "sensor/detect/listed.h"
#include "sensor/detect/listed_said.h"
#include "sensor/detect/logins.h"
#include "sensor/detect/logon_bypass.h"
#include "sensor/detect/long_session.h"
#include "sensor/detect/machine_names.h"
#include "sensor/detect/mail_bot.h"
#include "sensor/detect/mining.h"
#include "sensor/detect/name_poisoning.h"
#include "sensor/detect/odd_http.h"
#include "sensor/detect/odd_tls.h"
#include "sensor/detect/old_smb.h"
#include "sensor/detect/old_system.h"
#include "sensor/detect/out_of_class.h"
#include "sensor/detect/partner_contact.h"
#include "sensor/detect/policy_use.h"
#include "sensor/detect/presence.h"
#include "sensor/detect/raw_channel.h"
#include "sensor/detect/rebinding.h"
#include "sensor/detect/reconnect.h"
#include "sensor/detect/remote_execution.h"
#include "sensor/detect/reverse_shell.h"
#include "sensor/detect/rogue_router.h"
#include "sensor/detect/scan.h"
#include "sensor/detect/strobe.h"
#include "sensor/detect/ticket_theft.h"
#include "sensor/detect/tor.h"
#include "sensor/detect/volume.h"
#include "sensor/detect/web_attack.h"
#include "sensor/detect/wide_beacon.h"
#include "sensor/detect/worm.h"

/* Every detector. Signals of one observation come in this order. */
/* One a line, so that others can be added beside it. */
/* clang-format off */
const struct detector *const detectors[] = {
	&detector_listed,
	&detector_listed_said,
	&detector_beacon,
	&detector_dns_tunnel,
	&detector_scan,
	&detector_odd_http,
	&detector_http_fan,
	&detector_download,
	&detector_odd_tls,
	&detector_address_lookup,
	&detector_failing_names,
	&detector_machine_names,
	&detector_foreign_resolver,
	&detector_fast_flux,
	&detector_rebinding,
	&detector_raw_channel,
	&detector_reverse_shell,
	&detector_reconnect,
	&detector_long_session,
	&detector_icmp_tunnel,
	&detector_remote_execution,
	&detector_directory_theft,
	&detector_ticket_theft,
	&detector_logon_bypass,
	&detector_exploit,
	&detector_web_attack,
	&detector_lateral_fanout,
	&detector_worm,
	&detector_name_poisoning,
	&detector_lan_integrity,
	&detector_rogue_router,
	&detector_mining,
	&detector_tor,
	&detector_policy_use,
	&detector_old_system,
	&detector_old_smb,
	&detector_clear_password,
	&detector_presence,
	&detector_out_of_class,
	&detector_logins,
	&detector_handover,
	&detector_volume,
	&detector_mail_bot,
	&detector_partner_contact,
	&detector_wide_beacon,
	&detector_strobe,
	&detector_hidden_mining,
	&detector_contact_before,
};
/* clang-format on */
const size_t detectors_count = sizeof(detectors) / sizeof(detectors[0]);
