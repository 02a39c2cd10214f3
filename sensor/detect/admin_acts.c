#include "sensor/detect/admin_acts.h"

#include "sensor/base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* [MS-SCMR] 3.1.4, [MS-TSCH] 3.2.5, [MS-WMI] 3.1.4.3, [MS-OAUT] 3.1.4. */
static const struct {
	const char *interface;
	uint16_t opnum;
	uint16_t act;
} calls[] = {
	{ "svcctl", 11, ACT_SERVICE_MADE },    /* RChangeServiceConfigW */
	{ "svcctl", 12, ACT_SERVICE_MADE },    /* RCreateServiceW */
	{ "svcctl", 23, ACT_SERVICE_MADE },    /* RChangeServiceConfigA */
	{ "svcctl", 24, ACT_SERVICE_MADE },    /* RCreateServiceA */
	{ "svcctl", 44, ACT_SERVICE_MADE },    /* RCreateServiceWOW64A */
	{ "svcctl", 45, ACT_SERVICE_MADE },    /* RCreateServiceWOW64W */
	{ "svcctl", 60, ACT_SERVICE_MADE },    /* RCreateWowService */
	{ "svcctl", 19, ACT_SERVICE_STARTED }, /* RStartServiceW */
	{ "svcctl", 31, ACT_SERVICE_STARTED }, /* RStartServiceA */
	{ "atsvc", 0, ACT_JOB },               /* NetrJobAdd */
	{ "ITaskSchedulerService", 1, ACT_TASK_MADE },
	{ "ITaskSchedulerService", 12, ACT_TASK_RUN },
	{ "IWbemServices", 24, ACT_WMI_CALL }, /* ExecMethod */
	{ "IWbemServices", 25, ACT_WMI_CALL }, /* ExecMethodAsync */
	{ "IDispatch", 6, ACT_OBJECT_CALL },   /* Invoke */
};

static uint32_t acts_of_call(const struct attributes *said)
{
	const char *interface = attributes_text(said, ATTRIBUTE_INTERFACE);
	uint64_t opnum = attributes_number(said, ATTRIBUTE_OPNUM, UINT64_MAX);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (calls[i].opnum == opnum && strcmp(calls[i].interface, interface) == 0)
			return calls[i].act;
	}
	return 0;
}

static bool is_program(const char *name)
{
	static const char *const endings[] = { ".exe", ".dll", ".bat", ".cmd", ".com", ".ps1",
					       ".vbs", ".js",  ".scr", ".sys", ".msi", ".hta" };
	const char *ending = strrchr(name, '.');

	for (size_t i = 0; ending && i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (strcasecmp(ending, endings[i]) == 0)
			return true;
	}
	return false;
}

static uint32_t acts_of_file(const struct attributes *said)
{
	if (!attributes_has(said, ATTRIBUTE_ADMINISTRATIVE))
		return 0;
	if (attributes_has(said, ATTRIBUTE_WRITE) &&
	    is_program(attributes_text(said, ATTRIBUTE_FILE_NAME)))
		return ACT_FILE | ACT_PROGRAM;
	return ACT_FILE;
}

/*
 * Management asked for over HTTP. What machines send to a collector of their events is no ruling,
 * though it looks alike.
 */
static uint32_t acts_of_request(const struct attributes *said)
{
	const char *uri = attributes_text(said, ATTRIBUTE_URI);
	const char *host = attributes_text(said, ATTRIBUTE_HOST);
	uint32_t acts = ACT_SHELL;

	if (strncasecmp(uri, "/wsman", strlen("/wsman")) != 0 ||
	    strcmp(attributes_text(said, ATTRIBUTE_METHOD), "POST") != 0 ||
	    strcasestr(uri, "SubscriptionManager"))
		return 0;
	if (isdigit((unsigned char)host[0]) && !strpbrk(host, "abcdefghijklmnopqrstuvwxyz"))
		acts |= ACT_BY_ADDRESS;
	return acts;
}

static uint32_t acts_of_tree(const struct attributes *said)
{
	const char *path = attributes_text(said, ATTRIBUTE_PATH);

	path += strspn(path, "\\");
	return isdigit((unsigned char)path[0]) && path[strspn(path, "0123456789.")] == '\\'
		       ? ACT_BY_ADDRESS
		       : 0;
}

static uint32_t acts_from_client(const struct fact_message *message)
{
	const struct attributes *said = &message->said;

	switch (message->message) {
	case MESSAGE_DCERPC_REQUEST:
		return acts_of_call(said);
	case MESSAGE_SMB_FILE:
		return acts_of_file(said);
	case MESSAGE_SMB_TREE:
		return acts_of_tree(said);
	case MESSAGE_SMB_WRITE:
		return attributes_has(said, ATTRIBUTE_ADMINISTRATIVE) ? ACT_PROGRAM : 0;
	case MESSAGE_HTTP_REQUEST:
		return acts_of_request(said);
	/* Windows says its version whenever it logs in by NTLM ([MS-NLMP] 2.2.2.10). */
	case MESSAGE_NTLM_NEGOTIATE:
		return attributes_has(said, ATTRIBUTE_VERSION) ? 0 : ACT_FOREIGN_TOOL;
	default:
		return 0;
	}
}

uint32_t admin_acts_of(const struct fact_message *message)
{
	if (message->is_from_client)
		return acts_from_client(message);
	if (message->message == MESSAGE_RDP_CONFIRM &&
	    !attributes_has(&message->said, ATTRIBUTE_FAILURE))
		return ACT_DESKTOP;
	return 0;
}

const char *admin_acts_way(uint32_t acts)
{
	const uint32_t service = ACT_SERVICE_MADE | ACT_SERVICE_STARTED;
	const uint32_t task = ACT_TASK_MADE | ACT_TASK_RUN;

	if ((acts & service) == service)
		return "Service Control Manager";
	if ((acts & task) == task || (acts & ACT_JOB) != 0)
		return "Task Scheduler";
	if ((acts & ACT_WMI_CALL) != 0)
		return "WMI";
	if ((acts & ACT_OBJECT_CALL) != 0)
		return "DCOM";
	return (acts & ACT_SHELL) != 0 ? "WinRM" : "";
}
