/* Which groups a device listens to: IGMP for IPv4, MLD for IPv6. */
#include "dissectors/igmp.h"
#include "dissectors/mld.h"
#include "sensor/dialogue/code_words.h"
#include "sensor/dialogue/packet_readers.h"

static const struct code_word igmp_rows[] = {
	{ IGMP_QUERY, "query" },      { IGMP_V1_REPORT, "report" }, { IGMP_V2_REPORT, "report" },
	{ IGMP_V3_REPORT, "report" }, { IGMP_V2_LEAVE, "leave" },
};
static const struct code_words igmp_types = CODE_WORDS(igmp_rows);

static const struct code_word igmp_version_rows[] = {
	{ 1, "IGMPv1" },
	{ 2, "IGMPv2" },
	{ 3, "IGMPv3" },
};
static const struct code_words igmp_versions = CODE_WORDS(igmp_version_rows);

static const struct code_word mld_rows[] = {
	{ MLD_QUERY, "query" },
	{ MLD_V1_REPORT, "report" },
	{ MLD_V2_REPORT, "report" },
	{ MLD_V1_DONE, "done" },
};
static const struct code_words mld_types = CODE_WORDS(mld_rows);

static const struct code_word mld_version_rows[] = {
	{ 1, "MLDv1" },
	{ 2, "MLDv2" },
};
static const struct code_words mld_versions = CODE_WORDS(mld_version_rows);

/*
 * A group in a record, with its sources left out: the same in both protocols (RFC 3376 4.2.12,
 * RFC 3810 5.2.12). One that includes or allows no source is one that nobody listens to any more.
 */
static bool is_left(uint8_t record_type, uint16_t source_count)
{
	return source_count == 0 &&
	       (record_type == IGMP_IS_INCLUDE || record_type == IGMP_TO_INCLUDE);
}

static void say_group(struct attributes *said, const struct address *group, bool is_left)
{
	attributes_add_address(said, is_left ? ATTRIBUTE_GROUPS_LEFT : ATTRIBUTE_GROUPS, group);
}

void read_igmp(struct hearing *hearing, struct cursor in)
{
	struct attributes *said;
	struct igmp message;

	if (!hearing_is_readable(hearing, dissect_igmp(in, &message)))
		return;
	said = hearing_message(hearing, MESSAGE_IGMP);
	code_words_say(&igmp_versions, said, ATTRIBUTE_VERSION, message.version);
	code_words_say(&igmp_types, said, ATTRIBUTE_TYPE, message.type);
	for (uint8_t i = 0; i < message.group_count; i++) {
		const struct igmp_group *group = &message.groups[i];
		struct address address = address_v4(group->address);

		if (group->record_type != IGMP_BLOCK_SOURCES)
			say_group(said, &address,
				  message.type == IGMP_V2_LEAVE ||
					  is_left(group->record_type, group->source_count));
	}
	hearing_tell(hearing);
}

void read_mld(struct hearing *hearing, uint8_t type, struct cursor in)
{
	struct attributes *said;
	struct mld message;

	if (!hearing_is_readable(hearing, dissect_mld(type, in, &message)))
		return;
	said = hearing_message(hearing, MESSAGE_MLD);
	code_words_say(&mld_versions, said, ATTRIBUTE_VERSION, message.version);
	code_words_say(&mld_types, said, ATTRIBUTE_TYPE, message.type);
	for (uint8_t i = 0; i < message.group_count; i++) {
		const struct mld_group *group = &message.groups[i];
		struct address address = address_v6(group->address);

		if (group->record_type != MLD_BLOCK_SOURCES)
			say_group(said, &address,
				  message.type == MLD_V1_DONE ||
					  is_left(group->record_type, group->source_count));
	}
	hearing_tell(hearing);
}
