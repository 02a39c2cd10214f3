/*
 * How a program speaks HTTP: what it calls itself, and what of a request no browser would send.
 * Pure.
 */
#pragma once

#include "sensor/fact/attributes.h"

/* By what it calls itself. */
enum http_agent {
	AGENT_NONE,       /* nothing */
	AGENT_OWN,        /* a name of its own, as programs should */
	AGENT_TOOL,       /* a tool or library that fetches for others: scripts, installers, … */
	AGENT_BROWSER,    /* a browser of a computer */
	AGENT_PHONE,      /* one of a phone or television, whose programs all call themselves so */
	AGENT_IMPOSSIBLE, /* a browser that never was: "Mozilla/5.2", a quotation mark in front */
	AGENT_TELLS,      /* lists the machine, its user or its protection, in fields */
};

enum http_agent http_agent_of(const char *user_agent);

/* What is odd about a request, as bits. */
enum http_sign {
	HTTP_NO_AGENT = 1 << 0,
	HTTP_TOOL_AGENT = 1 << 1,
	HTTP_FALSE_BROWSER = 1 << 2, /* "a browser" without what all of them send */
	HTTP_IMPOSSIBLE_AGENT = 1 << 3,
	HTTP_AGENT_TELLS = 1 << 4,
	HTTP_BARE_POST = 1 << 5,   /* data, but no page, login or cookie before it */
	HTTP_SCRIPT_POST = 1 << 6, /* that to a script of a web server: .php, .asp, .jsp, .cgi */
	HTTP_TYPE_WITHOUT_BODY = 1 << 7,
	HTTP_HALF_BROWSER = 1 << 8, /* "a browser" that has no language: a program's page control */
};

struct http_manner {
	uint16_t signs;
	bool is_front;      /* it asks for the front page */
	bool is_browsing;   /* as a person's browser does */
	bool is_led;        /* a page led there */
	bool is_by_address; /* the host is an address … */
	struct address address;
	char host[96]; /* … else its name, "" when there is none; without a port */
};

/* Of an http.request; false for one whose manner says nothing: certificate checks, proxies. */
bool http_manner_of(const struct attributes *request, struct http_manner *out);

/* Whether the path ends as files do that are not data: pictures, pages, texts, documents. */
bool http_path_is_harmless(const char *uri);

/* Hash of the path without its query, 0 for one that many sites have ("/", "/index.html"). */
uint64_t http_path_hash(const char *uri);
