#include "sensor/dialogue/smb_words.h"

#include "dissectors/magic.h"
#include "dissectors/utf16.h"
#include "sensor/dialogue/windows_words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void smb_note_pipe_tree(struct smb_notes *notes, uint32_t tree)
{
	for (uint8_t i = 0; i < SMB_PIPE_TREES_MAX && i < notes->pipe_tree_count; i++) {
		if (notes->pipe_trees[i] == tree)
			return;
	}
	notes->pipe_trees[notes->pipe_tree_count % SMB_PIPE_TREES_MAX] = tree;
	/* It stays above 0, and in step with the place of the next. */
	if (++notes->pipe_tree_count == 2 * SMB_PIPE_TREES_MAX)
		notes->pipe_tree_count = SMB_PIPE_TREES_MAX;
}

static bool is_pipe_tree(const struct smb_notes *notes, uint32_t tree)
{
	for (uint8_t i = 0; i < SMB_PIPE_TREES_MAX && i < notes->pipe_tree_count; i++) {
		if (notes->pipe_trees[i] == tree)
			return true;
	}
	return false;
}

bool smb_may_be_pipe(const struct smb_notes *notes, uint32_t tree)
{
	return notes->pipe_tree_count == 0 || is_pipe_tree(notes, tree);
}

/* [MS-SMB2] 3.3.4.13 names none; they are ADMIN$ and each drive's letter with a $ behind it. */
static bool is_administrative(const char *share)
{
	enum { DRIVE_LEN = 2 };

	return strcasecmp(share, "ADMIN$") == 0 ||
	       (strlen(share) == DRIVE_LEN && share[1] == '$' && isalpha((unsigned char)share[0]));
}

void smb_note_share(struct smb_notes *notes, struct span path, bool is_utf16)
{
	char text[ATTRIBUTE_TEXT_MAX / 8] = "";
	const char *share;

	if (is_utf16)
		(void)utf16_to_utf8(path, text, sizeof(text));
	else if (path.len < sizeof(text))
		memcpy(text, path.data, path.len);
	share = strrchr(text, '\\');
	notes->asks_for_admin = share && is_administrative(share + 1);
}

void smb_note_tree(struct smb_notes *notes, uint32_t tree)
{
	if (notes->asks_for_admin) {
		notes->has_admin_tree = true;
		notes->admin_tree = tree;
	} else if (notes->has_admin_tree && notes->admin_tree == tree) {
		notes->has_admin_tree = false;
	}
	notes->asks_for_admin = false;
}

static bool is_admin_tree(const struct smb_notes *notes, uint32_t tree)
{
	return notes->has_admin_tree && notes->admin_tree == tree;
}

void smb_tell_write(struct hearing *hearing, struct smb_notes *notes, uint32_t tree,
		    struct span payload)
{
	enum magic magic = magic_of(payload);
	struct attributes *said;

	if (!magic_is_executable(magic) || is_pipe_tree(notes, tree) ||
	    notes->writes >= SMB_WRITES_MAX)
		return;
	notes->writes++;
	said = hearing_message(hearing, MESSAGE_SMB_WRITE);
	attributes_add_text(said, ATTRIBUTE_FILE_KIND, magic_name(magic));
	attributes_add_flag(said, ATTRIBUTE_EXECUTABLE);
	if (is_admin_tree(notes, tree))
		attributes_add_flag(said, ATTRIBUTE_ADMINISTRATIVE);
	hearing_tell(hearing);
}

/* [MS-SMB2] 2.2.13.1: to write, to append; all, and generic writing. */
static bool is_for_writing(uint32_t access)
{
	const uint32_t writes = UINT32_C(0x50000006);

	return (access & writes) != 0;
}

void smb_tell_file(struct hearing *hearing, struct smb_notes *notes, const struct smb_opening *file)
{
	bool is_pipe = is_pipe_tree(notes, file->tree);
	uint8_t *told = is_pipe ? &notes->pipes : &notes->files;
	struct attributes *said;

	if (file->name.len == 0 || *told >= (is_pipe ? SMB_PIPES_MAX : SMB_FILES_MAX))
		return;
	++*told;
	said = hearing_message(hearing, MESSAGE_SMB_FILE);
	windows_add_text(said, ATTRIBUTE_FILE_NAME, file->name, file->is_utf16);
	if (is_pipe)
		attributes_add_flag(said, ATTRIBUTE_PIPE);
	else if (is_for_writing(file->access))
		attributes_add_flag(said, ATTRIBUTE_WRITE);
	if (is_admin_tree(notes, file->tree))
		attributes_add_flag(said, ATTRIBUTE_ADMINISTRATIVE);
	hearing_tell(hearing);
}

void smb_tell_calls(struct hearing *hearing, struct smb_notes *notes, uint32_t pipe,
		    struct span payload)
{
	struct cursor in = { .rest = payload };

	while (cursor_left(&in) > 0) { /* each turn eats a fragment */
		struct dcerpc fragment;

		/* A fragment may go on in the next message: what is no beginning is no damage. */
		if (dissect_dcerpc(&in, &fragment) != DISSECT_OK)
			return;
		dcerpc_tell(hearing, &notes->calls, pipe, &fragment);
	}
}
