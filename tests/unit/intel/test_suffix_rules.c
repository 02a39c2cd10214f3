#include "sensor/intel/suffix_rules.h"

#include "sensor/intel/registered_domain.h"
#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

enum { NAME_LEN = 512, LINE_LEN = 4096 };

static const char *const names[] = {
	"",
	"localhost",
	"com",
	"example.com",
	"www.example.com",
	"a.b.c.d.e.f.g.h.i.j.k.l.example.com",
	"a.b.c.d.e.f.g.h.i.j.k.l.co.jp",
	"shop.example.co.jp",
	"nosuchtld",
	"a.b.nosuchtld",
	"www.ck",
	"a.www.ck",
	"x.y.ck",
	"ck",
	"a.b.c.kobe.jp",
	"city.kobe.jp",
	"a.city.kobe.jp",
	"xn--55qx5d.cn",
	"a.b.xn--55qx5d.cn",
	"a.xn--p1ai",
	"xn--.com",
	".",
	".com",
	".example.com",
	"example.com.",
	"a..example.com",
	"a..com",
	"..",
	"a.b.c..d.e.f.g.h.i.j.k.co.uk",
	"_tcp.a.example.com",
	"\\046x.example.com",
};

static void compare(const struct suffix_rules *rules, const char *name)
{
	const char *want = registered_domain(name);
	const char *got = suffix_rules_domain(rules, name);

	if (got != want)
		fail_msg("'%s': '%s' is not '%s'", name, got ? got : "NULL", want ? want : "NULL");
}

static struct suffix_rules *rules_of_this_machine(void)
{
	struct suffix_rules *rules = NULL;

	assert_int_equal(suffix_rules_new(&rules), ERR_OK);
	return rules;
}

static void answers_as_libpsl_does(void **state)
{
	struct suffix_rules *rules = rules_of_this_machine();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		compare(rules, names[i]);
	suffix_rules_free(rules);
	suffix_rules_free(NULL);
}

/* Each rule of the list, what stands above it, and what may stand below it. */
static void each_rule_answers_so(void **state)
{
	static const char *const below[] = { "", "x.", "www.x.", "y.www.x." };
	struct suffix_rules *rules = rules_of_this_machine();
	FILE *list = fopen(suffix_list_source().path, "re");
	char line[LINE_LEN];

	(void)state;
	if (!list || !suffix_rules_are_read(rules)) { /* the list is of another day, or not here */
		if (list)
			(void)fclose(list);
		suffix_rules_free(rules);
		skip();
		return;
	}
	while (fgets(line, sizeof(line), list)) {
		const char *rule = line + strspn(line, "!*.");

		line[strcspn(line, " \t\r\n")] = '\0';
		if (rule[0] == '\0' || strncmp(rule, "//", 2) == 0 || strlen(rule) > 255)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(below); i++) {
			char name[NAME_LEN];

			(void)snprintf(name, sizeof(name), "%s%s", below[i], rule);
			compare(rules, name);
		}
		while ((rule = strchr(rule, '.')))
			compare(rules, ++rule);
	}
	(void)fclose(list);
	suffix_rules_free(rules);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_libpsl_does),
		cmocka_unit_test(each_rule_answers_so),
	};

	return cmocka_run_group_tests_name("suffix_rules", tests, NULL, NULL);
}
