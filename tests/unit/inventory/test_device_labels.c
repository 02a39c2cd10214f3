#include "sensor/inventory/device_labels.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct mac desk = { { 0x00, 0x00, 0x5e, 0, 0x53, 0x21 } };
static const struct mac laptop = { { 0x02, 0, 0, 0, 0, 1 } };

/* Of a file with that text; `*refused` lines of it are left out. */
static struct device_labels *labels_of(const char *text, size_t *refused)
{
	char path[] = "/tmp/hinomi-labels-XXXXXX";
	int fd = mkstemp(path);
	FILE *quiet = fopen("/dev/null", "we");
	struct device_labels *labels = NULL;

	assert_true(fd >= 0 && quiet);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
	assert_int_equal(device_labels_read(&labels, path, quiet, refused), ERR_OK);
	(void)fclose(quiet);
	(void)unlink(path);
	return labels;
}

static struct device device_of(const struct mac *mac, const char *name)
{
	struct device device = { .number = 1, .has_mac = mac != NULL };

	if (mac)
		device.mac = *mac;
	(void)snprintf(device.names[DEVICE_NAME_NBNS], FACT_HOST_LEN, "%s", name);
	return device;
}

static const char *label_of(const struct device_labels *labels, const struct device *device)
{
	static struct device_label found;

	found = device_labels_find(labels, device);
	return found.label;
}

static void by_mac_name_and_address(void **state)
{
	struct device device = device_of(&desk, "KEIRI");
	struct device_label found;
	size_t refused;
	struct device_labels *labels = labels_of("\xef\xbb\xbf# the office\n\n"
						 "keiri\tby name\n"
						 "192.168.0.7\tby address\n"
						 "00-00-5E-00-53-21\t会計\t2階\t佐藤\toffice\r\n",
						 &refused);

	(void)state;
	assert_int_equal(refused, 0);
	assert_int_equal(device_labels_count(labels), 3);
	found = device_labels_find(labels, &device);
	assert_string_equal(found.label, "会計");
	assert_string_equal(found.place, "2階");
	assert_string_equal(found.owner, "佐藤");
	assert_int_equal(found.kind, DEVICE_KIND_OFFICE);
	device.mac = laptop;
	assert_string_equal(label_of(labels, &device), "by name");
	device.former[0] = desk;
	device.former_count = 1;
	assert_string_equal(label_of(labels, &device), "会計");
	device = device_of(NULL, "");
	assert_int_equal(address_parse("192.168.0.7", &device.addresses[0]), ERR_OK);
	device.address_count = 1;
	assert_string_equal(label_of(labels, &device), "by address");
	device.has_mac = true; /* then its address is a lease's */
	assert_string_equal(label_of(labels, &device), "");
	assert_string_equal(label_of(NULL, &device), "");
	device_labels_free(labels);
}

static void the_later_line_counts(void **state)
{
	struct device device = device_of(&desk, "keiri");
	size_t refused;
	struct device_labels *labels = labels_of("keiri\tone\nkeiri\ttwo\n", &refused);

	(void)state;
	assert_string_equal(label_of(labels, &device), "two");
	device_labels_free(labels);
}

static void what_cannot_be_used_is_left_out(void **state)
{
	size_t refused;
	struct device_labels *labels =
		labels_of("\tno key\n"
			  "keiri\tShift_JIS \x89\xef\x8c\x76\n"
			  "keiri\ta\tb\tc\tprinter\n"
			  "keiri\t012345678901234567890123456789012345678901234567890123456789"
			  "0123456789\n"
			  "two words\tx\n"
			  "keiri\tfine\n",
			  &refused);

	(void)state;
	assert_int_equal(refused, 5);
	assert_int_equal(device_labels_count(labels), 1);
	device_labels_free(labels);
}

static void no_file_is_no_fault(void **state)
{
	struct device_labels *labels = NULL;
	size_t refused;

	(void)state;
	assert_int_equal(device_labels_read(&labels, "/nowhere/devices.tsv", stderr, &refused),
			 ERR_OK);
	assert_null(labels);
	device_labels_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_mac_name_and_address),
		cmocka_unit_test(the_later_line_counts),
		cmocka_unit_test(what_cannot_be_used_is_left_out),
		cmocka_unit_test(no_file_is_no_fault),
	};

	return cmocka_run_group_tests_name("device_labels", tests, NULL, NULL);
}
