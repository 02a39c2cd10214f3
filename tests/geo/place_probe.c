/*
 * What a database says, for tests: `place_probe FILE` reads addresses on standard input, one a
 * line, and prints "ADDRESS<tab>ASN<tab>COUNTRY<tab>ORGANISATION" of each.
 */
#include "sensor/geo/place_mmdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct place_database *db = NULL;
	char why[PLACE_WHY_LEN] = "";
	char line[ADDRESS_TEXT_LEN];

	if (argc != 2 || place_database_open(&db, argv[1], why) != ERR_OK) {
		(void)fprintf(stderr, "place_probe: %s\n", why);
		return EXIT_FAILURE;
	}
	while (fgets(line, sizeof(line), stdin)) {
		struct place place = { 0 };
		struct address address;

		line[strcspn(line, "\n")] = '\0';
		if (address_parse(line, &address) != ERR_OK ||
		    place_database_find(db, &address, &place) >= PLACE_DAMAGED)
			return EXIT_FAILURE;
		(void)printf("%s\t%u\t%s\t%s\n", line, place.asn, place.country,
			     place.organisation);
	}
	place_database_free(db);
	return EXIT_SUCCESS;
}
