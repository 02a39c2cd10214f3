#include "sensor/courier/outputs.h"

const struct output_kind *const outputs[] = {
	&output_https, &output_mqtt, &output_syslog, &output_eve, &output_webhook,
};

const size_t outputs_count = sizeof(outputs) / sizeof(outputs[0]);
