#include "tools/desk/desk_schema_sqlite.h"

/*
 * `parcels` is what was received, as it was received; every other table of a sensor's words could
 * be made from it anew. One whose body was refused (`refused` says why) counts for nothing but its
 * stream. `highest` of a stream is the end of what is held at all, `announced` what
 * the sensor says it has issued.
 */
const char desk_schema[] =
	"CREATE TABLE own(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
	"CREATE TABLE offices(name TEXT PRIMARY KEY, made INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE sensors(name TEXT PRIMARY KEY, office TEXT NOT NULL, token BLOB UNIQUE,"
	" host TEXT NOT NULL, version TEXT NOT NULL, enrolled INTEGER NOT NULL,"
	" heard INTEGER NOT NULL, revoked INTEGER) WITHOUT ROWID;"
	"CREATE TABLE keys(sensor TEXT NOT NULL, id BLOB NOT NULL, public BLOB NOT NULL,"
	" since INTEGER NOT NULL, revoked INTEGER, PRIMARY KEY(sensor, id)) WITHOUT ROWID;"
	"CREATE TABLE codes(id TEXT PRIMARY KEY, secret TEXT NOT NULL, office TEXT NOT NULL,"
	" made INTEGER NOT NULL, expires INTEGER NOT NULL, public BLOB, sensor TEXT) WITHOUT ROWID;"
	"CREATE TABLE parcels(number INTEGER PRIMARY KEY, sensor TEXT NOT NULL,"
	" stream INTEGER NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" key TEXT NOT NULL, revision INTEGER NOT NULL, received INTEGER NOT NULL,"
	" previous BLOB NOT NULL, chain BLOB NOT NULL, refused TEXT, raw TEXT NOT NULL,"
	" UNIQUE(sensor, stream, sequence));"
	"CREATE TABLE streams(sensor TEXT NOT NULL, stream INTEGER NOT NULL,"
	" sequence INTEGER NOT NULL, chain BLOB NOT NULL, highest INTEGER NOT NULL,"
	" announced INTEGER NOT NULL, PRIMARY KEY(sensor, stream)) WITHOUT ROWID;"
	"CREATE TABLE cases(sensor TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,"
	" priority INTEGER NOT NULL, is_open INTEGER NOT NULL, first INTEGER NOT NULL,"
	" last INTEGER NOT NULL, verdict TEXT, body TEXT NOT NULL, PRIMARY KEY(sensor, id));"
	"CREATE INDEX cases_by_need ON cases(is_open DESC, priority, last DESC);"
	"CREATE INDEX cases_of_sensor ON cases(sensor, is_open DESC, priority, last DESC);"
	"CREATE INDEX cases_by_id ON cases(id);"
	"CREATE TABLE health(sensor TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,"
	" is_open INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(sensor, id)) WITHOUT ROWID;"
	"CREATE TABLE heartbeats(sensor TEXT PRIMARY KEY, revision INTEGER NOT NULL,"
	" received INTEGER NOT NULL, is_alive INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE canaries(sensor TEXT PRIMARY KEY, token TEXT NOT NULL,"
	" received INTEGER NOT NULL, is_seen INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE set_aside(sensor TEXT NOT NULL, key TEXT NOT NULL, received INTEGER NOT NULL,"
	" body TEXT NOT NULL, PRIMARY KEY(sensor, key)) WITHOUT ROWID;"
	"CREATE TABLE orders(sensor TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,"
	" made INTEGER NOT NULL, digest BLOB NOT NULL, signer BLOB NOT NULL,"
	" signature BLOB NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL DEFAULT '',"
	" code TEXT NOT NULL DEFAULT '', PRIMARY KEY(sensor, number)) WITHOUT ROWID;"
	"CREATE TABLE notes(number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL,"
	" who TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);"
	"PRAGMA user_version=1";
