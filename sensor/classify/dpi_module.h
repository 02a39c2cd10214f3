/* What the adapter's files share. Private to the folder. */
#pragma once

#include "sensor/classify/dpi.h"

#include <ndpi/ndpi_api.h>

#define VERSION (NDPI_MAJOR * 100 + NDPI_MINOR)

enum {
	DPI_TEXTS = 256,     /* names of protocols kept as text, by their numbers */
	DPI_HOSTS = 256,     /* host names whose protocol is kept */
	DPI_ADDRESSES = 256, /* IPv4 addresses whose owner is kept */
	DPI_HOST_KEPT_LEN = 61,
};

struct dpi_text {
	struct dpi_protocol protocol;
	bool is_set;
	char text[DPI_NAME_LEN];
};

/* Longer names are looked up each time. */
struct dpi_host {
	uint16_t app;
	uint8_t len; /* 0 while unused */
	char name[DPI_HOST_KEPT_LEN];
};

struct dpi_address {
	uint32_t address;
	uint16_t app;
	bool is_set;
};

struct dpi {
	struct ndpi_detection_module_struct *module; /* NULL until needed */
	struct dpi_stats stats;
	struct dpi_text texts[DPI_TEXTS];
	struct dpi_host hosts[DPI_HOSTS];
	struct dpi_host tls_hosts[DPI_HOSTS]; /* apart: nDPI judges names in TLS by one rule more */
	struct dpi_address addresses[DPI_ADDRESSES];
};

/* Builds the module at its first use; NULL when that failed once. */
struct ndpi_detection_module_struct *dpi_module(struct dpi *dpi);
