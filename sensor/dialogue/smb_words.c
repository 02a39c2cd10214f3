#include "sensor/dialogue/smb_words.h"

#include "sensor/dialogue/windows_words.h"

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

void smb_tell_file(struct hearing *hearing, struct smb_notes *notes, uint32_t tree,
		   struct span name, bool is_utf16)
{
	bool is_pipe = is_pipe_tree(notes, tree);
	uint8_t *told = is_pipe ? &notes->pipes : &notes->files;
	struct attributes *said;

	if (name.len == 0 || *told >= (is_pipe ? SMB_PIPES_MAX : SMB_FILES_MAX))
		return;
	++*told;
	said = hearing_message(hearing, MESSAGE_SMB_FILE);
	windows_add_text(said, ATTRIBUTE_FILE_NAME, name, is_utf16);
	if (is_pipe)
		attributes_add_flag(said, ATTRIBUTE_PIPE);
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
