/* What the sensor does all day, done inside the seal: it must not notice that it is there. */
#include "tests/guard/trial.h"

#include "tests/support/cmocka.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	TEST_ETHERTYPE = 0x88b5,
	ETHERTYPE_AT = 12,
	RING_BYTES = 8 << 20,
	SECONDS = 8,
	ROWS = 200,
	BLOCKS = 64,
	BLOCK_BYTES = 300000, /* over malloc's threshold, so by mmap, mremap and munmap */
};

static void look(u_char *arg, const struct pcap_pkthdr *header, const u_char *bytes)
{
	if (header->caplen > ETHERTYPE_AT + 1 &&
	    (bytes[ETHERTYPE_AT] << 8 | bytes[ETHERTYPE_AT + 1]) == TEST_ETHERTYPE)
		*arg = 1;
}

/* As live_handle_libpcap.c opens an interface, and a mirror's direction. */
static pcap_t *open_capture(void)
{
	char words[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_create("g0", words);

	if (pcap == NULL || pcap_set_snaplen(pcap, UINT16_MAX) != 0 ||
	    pcap_set_promisc(pcap, 1) != 0 || pcap_set_timeout(pcap, 100) != 0 ||
	    pcap_set_buffer_size(pcap, RING_BYTES) != 0 ||
	    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) != 0 ||
	    pcap_activate(pcap) < 0 || pcap_setnonblock(pcap, 1, words) != 0 ||
	    pcap_setdirection(pcap, PCAP_D_IN) != 0)
		_exit(ENXIO);
	return pcap;
}

static int hear_a_frame(void)
{
	pcap_t *pcap = open_capture();
	struct pollfd fd = { .fd = pcap_get_selectable_fd(pcap), .events = POLLIN };
	struct pcap_stat stats;
	u_char is_heard = 0;

	for (int i = 0; i < SECONDS * 10 && !is_heard; i++)
		if (poll(&fd, 1, 100) < 0 || pcap_dispatch(pcap, 1000, look, &is_heard) < 0)
			return EIO;
	if (pcap_stats(pcap, &stats) != 0)
		return EIO;
	pcap_close(pcap);
	return is_heard ? 0 : ETIME;
}

/* An interface that came back is opened anew, and again. */
static int capture_again(struct ground *ground)
{
	int first = hear_a_frame();

	(void)ground;
	return first != 0 ? first : hear_a_frame();
}

static int store_rows(struct ground *ground)
{
	char insert[64];

	for (int i = 1; i <= ROWS; i++) {
		(void)snprintf(insert, sizeof(insert), "INSERT INTO kept VALUES(%d)", i);
		if (sqlite3_exec(ground->store, insert, NULL, NULL, NULL) != SQLITE_OK)
			return EIO;
	}
	if (sqlite3_exec(ground->store,
			 "PRAGMA wal_checkpoint(TRUNCATE); BEGIN; DELETE FROM kept WHERE a > 10;"
			 "COMMIT; PRAGMA quick_check",
			 NULL, NULL, NULL) != SQLITE_OK)
		return EIO;
	return sqlite3_close(ground->store) == SQLITE_OK ? 0 : EBUSY;
}

struct meeting {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_there;
};

static void *come(void *arg)
{
	struct meeting *meeting = arg;
	char *arena = malloc(BLOCK_BYTES); /* a thread's own arena grows by mprotect */

	(void)pthread_setname_np(pthread_self(), "late");
	(void)pthread_mutex_lock(&meeting->lock);
	meeting->is_there = arena != NULL;
	(void)pthread_cond_signal(&meeting->changed);
	(void)pthread_mutex_unlock(&meeting->lock);
	free(arena);
	return NULL;
}

static int threads(struct ground *ground)
{
	struct meeting meeting = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };
	struct timespec until;
	pthread_t thread;
	int failure = 0;

	(void)ground;
	if (pthread_create(&thread, NULL, come, &meeting) != 0)
		return EAGAIN;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SECONDS;
	(void)pthread_mutex_lock(&meeting.lock);
	while (!meeting.is_there && failure == 0)
		failure = pthread_cond_timedwait(&meeting.changed, &meeting.lock, &until);
	(void)pthread_mutex_unlock(&meeting.lock);
	return failure != 0 ? failure : pthread_join(thread, NULL);
}

static int memory_and_time(struct ground *ground)
{
	struct timespec moment = { 0, 1000000 };
	unsigned char bytes[16];
	void *blocks[BLOCKS];

	(void)ground;
	for (size_t i = 0; i < BLOCKS; i++)
		blocks[i] = malloc(i % 2 == 0 ? BLOCK_BYTES : i + 1);
	for (size_t i = 0; i < BLOCKS; i++) {
		void *larger = realloc(blocks[i], 2 * BLOCK_BYTES);

		free(larger != NULL ? larger : blocks[i]);
	}
	if (clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL) != 0 ||
	    getrandom(bytes, 16, 0) != 16)
		return errno;
	return sysconf(_SC_PHYS_PAGES) > 0 && sysconf(_SC_NPROCESSORS_ONLN) > 0 ? 0 : EIO;
}

static int read_files(struct ground *ground)
{
	DIR *interfaces = opendir("/sys/class/net");
	FILE *mtu = fopen("/sys/class/net/lo/mtu", "re");
	char line[32] = "";

	(void)ground;
	if (interfaces == NULL || readdir(interfaces) == NULL || mtu == NULL ||
	    fgets(line, sizeof(line), mtu) == NULL)
		return errno;
	(void)fclose(mtu);
	(void)closedir(interfaces);
	return line[0] == '6' ? 0 : EIO;
}

/* The watchdog's word, a line for the journal, a wake-up: write() to what was opened before. */
static int messages(struct ground *ground)
{
	struct iovec line[] = { { (void *)(uintptr_t) "WATCHDOG", 8 },
				{ (void *)(uintptr_t) "=1", 2 } };
	uint64_t one = 1;

	if (write(ground->log, "READY=1", 7) != 7 || writev(ground->log, line, 2) != 10)
		return errno;
	if (write(ground->wake, &one, sizeof(one)) != sizeof(one) ||
	    read(ground->wake, &one, sizeof(one)) != sizeof(one) || one != 1)
		return errno;
	return fputs("", stderr) < 0 ? errno : 0;
}

/* A failed assertion has to be one in the journal, not a call that is not allowed. */
static int fail_an_assertion(struct ground *ground)
{
	(void)ground;
	abort();
}

struct need {
	const char *name;
	attempt_fn *attempt;
	int want;
};

static struct need needs[] = {
	{ "capture again", capture_again, 0 },
	{ "store rows", store_rows, 0 },
	{ "threads", threads, 0 },
	{ "memory and time", memory_and_time, 0 },
	{ "read files", read_files, 0 },
	{ "messages", messages, 0 },
	{ "an assertion", fail_an_assertion, -SIGABRT },
};

static void works(void **state)
{
	const struct need *need = *state;

	if (need->attempt == read_files && access("/sys/class/net", F_OK) != 0)
		skip(); /* a root without /sys */
	assert_int_equal(trial_run(SEAL, need->attempt), need->want);
}

/* Frames from the other end, for whoever listens. */
static pid_t start_sender(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	(void)alarm(60);
	for (;;) {
		trial_send_from("g1");
		(void)usleep(20000);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(needs)];

	if (!trial_start())
		return TRIAL_SKIPPED;
	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		tests[i] = (struct CMUnitTest){ .name = needs[i].name,
						.test_func = works,
						.initial_state = &needs[i] };

	pid_t sender = start_sender();
	int failed = cmocka_run_group_tests_name("needs", tests, NULL, NULL);

	if (sender > 0)
		(void)kill(sender, SIGKILL);
	trial_end();
	return failed;
}
