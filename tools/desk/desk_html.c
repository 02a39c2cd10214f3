#include "tools/desk/desk_html.h"

#include <ctype.h>
#include <string.h>

static const char style[] =
	"body{font-family:sans-serif;max-width:70em;margin:1em auto;padding:0 1em;line-height:1.5}"
	"table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ccc}"
	".bad{background:#fdecea}";

void desk_html_begin(FILE *out, const char *title, enum language language)
{
	(void)fprintf(out,
		      "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		      "<meta name=\"viewport\" content=\"width=device-width\">"
		      "<style>%s</style><title>",
		      language == LANGUAGE_JA ? "ja" : "en", style);
	desk_html_text(out, title);
	(void)fputs("</title></head><body>\n<p><a href=\"/?lang=en\">English</a> "
		    "<a href=\"/?lang=ja\">日本語</a></p>\n",
		    out);
}

void desk_html_end(FILE *out)
{
	(void)fputs("</body></html>\n", out);
}

void desk_html_text(FILE *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '&')
			(void)fputs("&amp;", out);
		else if (*c == '<')
			(void)fputs("&lt;", out);
		else if (*c == '>')
			(void)fputs("&gt;", out);
		else if (*c == '"')
			(void)fputs("&quot;", out);
		else if (*c == '\'')
			(void)fputs("&#39;", out);
		else
			(void)fputc(*c, out);
	}
}

void desk_html_query(FILE *out, const char *value)
{
	for (const char *c = value; *c; c++) {
		if (isalnum((unsigned char)*c) || strchr("._-", *c))
			(void)fputc(*c, out);
		else
			(void)fprintf(out, "%%%02X", (unsigned char)*c);
	}
}

void desk_html_element(FILE *out, const char *tag, const char *text)
{
	(void)fprintf(out, "<%s>", tag);
	desk_html_text(out, text);
	(void)fprintf(out, "</%s>\n", tag);
}
