/* Full, failing, damaged, killed: what stands in courier.db stays true. */
#include "tests/unit/courier/outbox_rig.h"
#include "tests/unit/store/failing_vfs.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { BODY_BYTES = 60000, KILLS = 40 };

static struct stream_head heads[PARCEL_STREAMS];

static int make(void **state)
{
	static struct rig rig;

	memset(heads, 0, sizeof(heads));
	rig_make(&rig);
	*state = &rig;
	return 0;
}

static int clear(void **state)
{
	atomic_store(&failing, FAIL_NOTHING);
	rig_remove(*state);
	return 0;
}

/* Until one is refused; how many were taken. */
static unsigned fill(struct rig *rig, unsigned first)
{
	static char body[BODY_BYTES];
	char key[16];
	unsigned i = first;
	enum err err = ERR_OK;

	memset(body, 'b', sizeof(body));
	while (err == ERR_OK && i < first + 10000) {
		(void)snprintf(key, sizeof(key), "case%u", i++);
		err = rig_put_body(rig, PARCEL_ROUTINE, key, 1, body, sizeof(body));
	}
	assert_int_equal(err, ERR_FULL);
	return i - 1 - first;
}

static void full_refuses_and_loses_nothing(void **state)
{
	struct rig *rig = *state;
	struct outbox_status status;
	unsigned desk;
	unsigned first;

	rig->setup.size_bytes = 4 << 20;
	rig_open(rig);
	desk = rig_join(rig, "https", true);
	first = fill(rig, 0);
	assert_in_range(first, 40, 70);
	outbox_status(rig->outbox, &status);
	assert_true(status.bytes <= rig->setup.size_bytes);
	assert_int_equal(status.refused, 1);
	assert_int_equal(rig_deliver(rig, desk, heads), first);
	/* What all have makes room, and the chain goes on. */
	assert_true(fill(rig, first) > 0);
	assert_true(rig_deliver(rig, desk, heads) > 0);
}

static void who_is_not_configured_any_more_holds_nothing_back(void **state)
{
	struct rig *rig = *state;

	rig->setup.size_bytes = 4 << 20;
	rig_open(rig);
	(void)rig_join(rig, "mqtt", true);
	assert_true(fill(rig, 0) > 0);
	rig_close(rig);
	rig_open(rig);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "after", 1), ERR_OK);
}

static void a_put_that_fails_leaves_no_trace(void **state)
{
	static const enum failing how[] = { FAIL_FULL, FAIL_READ_ONLY, FAIL_SYNC, FAIL_GROWTH };
	struct rig *rig = *state;
	unsigned desk;
	size_t puts = 0;
	char key[16];

	failing_register();
	rig->setup.vfs = FAILING_VFS;
	rig_open(rig);
	desk = rig_join(rig, "https", true);
	for (unsigned i = 0; i < 40; i++) {
		enum err err;

		(void)snprintf(key, sizeof(key), "case%u", i);
		atomic_store(&failing, (int)(i % 2 == 0 ? how[i / 2 % 4] : FAIL_NOTHING));
		err = rig_put(rig, PARCEL_ROUTINE, key, 1);
		/* The log may have room that was grown before. */
		if (i % 2 == 1)
			assert_int_equal(err, ERR_OK);
		puts += err == ERR_OK;
		atomic_store(&failing, FAIL_NOTHING);
		if (err != ERR_OK)
			assert_int_equal(outbox_revision(rig->outbox, PARCEL_CASE, key), 0);
	}
	assert_in_range(puts, 20, 32);
	assert_int_equal(rig_deliver(rig, desk, heads), puts);
	rig_close(rig);
	rig_open(rig);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "last", 1), ERR_OK);
	assert_int_equal(rig_deliver(rig, rig_join(rig, "https", true), heads), 1);
}

static void damage_moves_it_aside(void **state)
{
	struct rig *rig = *state;
	struct sign_public before;
	struct sign_public after;
	char path[256];
	char noise[8192];
	int fd;

	rig_open(rig);
	outbox_key(rig->outbox, &before);
	for (unsigned i = 1; i < 400; i++)
		assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", i), ERR_OK);
	rig_close(rig);
	(void)snprintf(path, sizeof(path), "%s/courier.db", rig->folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	memset(noise, 0xa5, sizeof(noise));
	assert_int_equal(pwrite(fd, noise, sizeof(noise), 4096), sizeof(noise));
	(void)close(fd);
	rig_open(rig);
	assert_non_null(strstr(rig->said, "damaged"));
	outbox_key(rig->outbox, &after);
	assert_memory_not_equal(&before, &after, sizeof(before));
	(void)snprintf(path, sizeof(path), "%s/courier.db.damaged", rig->folder);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(rig_put(rig, PARCEL_ROUTINE, "a", 1), ERR_OK);
}

static void another_file_is_left_alone(void **state)
{
	struct rig *rig = *state;
	char path[256];
	sqlite3 *db = NULL;

	(void)snprintf(path, sizeof(path), "%s/courier.db", rig->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t(a)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(outbox_open(&rig->outbox, &rig->setup, rig->problem), ERR_MALFORMED);
	assert_non_null(strstr(rig->problem, "not a data base of Hinomi's"));
	rig->outbox = NULL;
}

/* Puts, delivers to a desk that is a pipe, and is killed amid it. */
static void live(struct rig *rig, int out)
{
	static struct replies replies;
	struct outbox_batch batch;
	unsigned desk;
	size_t settled;
	char key[16];

	if (outbox_open(&rig->outbox, &rig->setup, rig->problem) != ERR_OK)
		_exit(3);
	if (outbox_join(rig->outbox, "https", true, &desk) != ERR_OK)
		_exit(4);
	for (uint64_t i = 0;; i++) {
		(void)snprintf(key, sizeof(key), "c%d", (int)(i % 7));
		if (rig_put(rig, i % 2 ? PARCEL_URGENT : PARCEL_ROUTINE, key,
			    outbox_revision(rig->outbox, PARCEL_CASE, key) + 1) != ERR_OK)
			_exit(5);
		if (i % 3 != 0 || !outbox_next(rig->outbox, desk, 8, 4096, &batch))
			continue;
		for (size_t k = 0; k < batch.count; k++) {
			batch.parcels[k].body = NULL;
			if (write(out, &batch.parcels[k], sizeof(batch.parcels[k])) < 0)
				_exit(6);
		}
		rig_answer(&batch, REPLY_STORED, &replies);
		if (outbox_settle(rig->outbox, desk, &batch, &replies, &settled) != ERR_OK)
			_exit(7);
		outbox_batch_free(&batch);
	}
}

/* All that came through the pipe fits: what came twice is the very same. */
static void receive(int in, uint8_t held[PARCEL_STREAMS][65536][SHA256_LEN])
{
	struct parcel parcel;

	while (read(in, &parcel, sizeof(parcel)) == (ssize_t)sizeof(parcel)) {
		const uint8_t *chain = held[parcel.stream][parcel.sequence];
		static const uint8_t none[SHA256_LEN];
		bool is_held = memcmp(chain, none, SHA256_LEN) != 0;
		enum stream_place place;

		assert_true(parcel.sequence < 65536);
		place = stream_place(&heads[parcel.stream], &parcel, is_held ? chain : NULL);
		assert_true(place == STREAM_NEXT || place == STREAM_AGAIN);
		if (place == STREAM_NEXT)
			stream_advance(&heads[parcel.stream], &parcel);
		memcpy(held[parcel.stream][parcel.sequence], heads[parcel.stream].chain,
		       place == STREAM_NEXT ? SHA256_LEN : 0);
	}
}

static void killed_again_and_again_the_chain_is_whole(void **state)
{
	static uint8_t held[PARCEL_STREAMS][65536][SHA256_LEN];
	struct stream_head all[PARCEL_STREAMS] = { 0 };
	struct rig *rig = *state;

	for (unsigned i = 0; i < KILLS; i++) {
		int ends[2];
		int code;
		pid_t child;

		assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			live(rig, ends[1]);
		(void)close(ends[1]);
		(void)nanosleep(&(struct timespec){ .tv_nsec = 2000000L + i * 700000L }, NULL);
		(void)kill(child, SIGKILL);
		receive(ends[0], held);
		(void)close(ends[0]);
		assert_int_equal(waitpid(child, &code, 0), child);
		assert_true(WIFSIGNALED(code));
	}
	/* To another desk all goes from the beginning, and holds all that the first one heard of.
	 */
	rig_open(rig);
	assert_true(rig_deliver(rig, rig_join(rig, "mqtt", true), all) > 0);
	for (unsigned i = PARCEL_URGENT; i <= PARCEL_ROUTINE; i++) {
		assert_true(heads[i].sequence > 0);
		assert_true(all[i].sequence >= heads[i].sequence);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, clear)
		CASE(full_refuses_and_loses_nothing),
		CASE(who_is_not_configured_any_more_holds_nothing_back),
		CASE(a_put_that_fails_leaves_no_trace),
		CASE(damage_moves_it_aside),
		CASE(another_file_is_left_alone),
		CASE(killed_again_and_again_the_chain_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
