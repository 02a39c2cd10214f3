/* What the files of the HTTPS client share; for them alone. */
#pragma once

#include "sensor/courier/https_client.h"

#include <curl/curl.h>
#include <sys/stat.h>

struct https_client {
	struct https_setup setup;
	CURLM *multi; /* keeps the connection from one request to the next */
	CURL *easy;
	struct curl_slist *headers;
	char url[CONFIG_PATH_LEN + 1]; /* ends in '/' */
	char host[CONFIG_PATH_LEN];
	bool is_tls;
	char secret[HTTPS_SECRET_LEN];
	struct stat secret_file; /* as it was when it was read */
	char curl_said[CURL_ERROR_SIZE];
	/* Of the request that is under way. */
	const struct https_request *request;
	bool is_too_long;
	bool is_file_failed;
	uint64_t got; /* bytes of the answer */
	size_t header_bytes;
	char *body;
	size_t body_len;
};

/* Checks the line's url and takes it apart. ERR_SYNTAX. */
MUST_USE enum err https_take_url(struct https_client *client, char problem[static OUTPUT_SAID_LEN]);

/* Why there was no answer, and what to do. */
void https_say_failure(struct https_client *client, CURLcode code, struct https_answer *answer);

/* What a status other than 200 asks of people. */
void https_say_status(const struct https_client *client, struct https_answer *answer);
