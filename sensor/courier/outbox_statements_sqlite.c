#include "sensor/courier/outbox_state.h"

static const char *const texts[OUTBOX_STATEMENTS] = {
	[OUTBOX_BEGIN] = "BEGIN IMMEDIATE",
	[OUTBOX_COMMIT] = "COMMIT",
	[OUTBOX_ROLLBACK] = "ROLLBACK",
	[OUTBOX_INSERT_PARCEL] =
		"INSERT INTO parcels(id, kind, key, revision, made, previous, signer, signature,"
		" digest, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[OUTBOX_SEEN] = "SELECT revision, source, changed FROM seen WHERE kind=?1 AND key=?2",
	[OUTBOX_SEE] = "INSERT OR REPLACE INTO seen(kind, key, revision, source, changed)"
		       " VALUES(?1, ?2, ?3, ?4, ?5)",
	[OUTBOX_ADVANCE] = "INSERT OR REPLACE INTO heads(stream, sequence, chain)"
			   " VALUES(?1, ?2, ?3)",
	[OUTBOX_NOTE] = "INSERT OR REPLACE INTO notes(name, value) VALUES(?1, ?2)",
	[OUTBOX_NOTED] = "SELECT value FROM notes WHERE name=?1",
	[OUTBOX_BATCH] = "SELECT id, kind, key, revision, made, previous, signer, signature,"
			 " digest, body FROM parcels WHERE id > ?1 AND id <= ?2 ORDER BY id"
			 " LIMIT ?3",
	[OUTBOX_FIRST] = "SELECT min(id) FROM parcels WHERE id > ?1 AND id <= ?2",
	[OUTBOX_CHAIN_OF] = "SELECT previous FROM parcels WHERE id = ?1",
	[OUTBOX_PLACE] = "INSERT OR REPLACE INTO places(output, stream, sequence)"
			 " VALUES(?1, ?2, ?3)",
	[OUTBOX_SETTLED] = "UPDATE outputs SET settled=?2 WHERE number=?1",
	[OUTBOX_ASIDE] = "INSERT INTO aside(output, stream, sequence, digest, code, detail, at)"
			 " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS"
			 " (SELECT 1 FROM aside WHERE output=?1 AND stream=?2 AND sequence=?3)",
	/* The other side keeps no place for what it refused with any other reason. */
	[OUTBOX_ASIDE_GAP] = "SELECT 1 FROM aside WHERE output=?1 AND stream=?2 AND sequence=?3"
			     " AND code NOT IN ('bad_body', 'too_large', 'unknown_kind')",
	[OUTBOX_ASIDE_COUNT] = "UPDATE outputs SET set_aside=?2 WHERE number=?1",
	[OUTBOX_FORGET] = "DELETE FROM parcels WHERE id IN (SELECT id FROM parcels"
			  " WHERE id > ?1 AND id <= ?2 AND made < ?3 ORDER BY id LIMIT 256)",
};

int outbox_prepare(struct outbox *outbox)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < OUTBOX_STATEMENTS && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(outbox->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
					&outbox->statement[i], NULL);
	return rc;
}

void outbox_finalize(struct outbox *outbox)
{
	for (size_t i = 0; i < OUTBOX_STATEMENTS; i++)
		(void)sqlite3_finalize(outbox->statement[i]);
}

int outbox_run(struct outbox *outbox, enum outbox_statement which)
{
	int rc = sqlite3_step(outbox->statement[which]);

	(void)sqlite3_reset(outbox->statement[which]);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

enum err outbox_end(struct outbox *outbox, int rc)
{
	if (rc == SQLITE_OK)
		rc = outbox_run(outbox, OUTBOX_COMMIT);
	if (rc == SQLITE_OK)
		return ERR_OK;
	/* A COMMIT that failed may have ended the transaction by itself. */
	if (sqlite3_get_autocommit(outbox->db) == 0)
		(void)outbox_run(outbox, OUTBOX_ROLLBACK);
	return (rc & 0xff) == SQLITE_FULL ? ERR_FULL : ERR_IO;
}
