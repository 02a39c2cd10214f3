/* SMB's messages as facts: what both of its generations say of dialects, logins, shares, files. */
#pragma once

#include "dissectors/smb1.h"
#include "dissectors/smb2.h"
#include "sensor/dialogue/dcerpc_words.h"
#include "sensor/dialogue/session_reader.h"

enum {
	SMB_FILES_MAX = 16,      /* told of one session */
	SMB_PIPES_MAX = 64,      /* likewise; they are few, and worth more */
	SMB_PIPE_TREES_MAX = 2,  /* known at a time */
	SMB_WRITES_MAX = 8,      /* beginnings of programs that were told of one session */
	SMB_UNKNOWN_DIALECT = 0, /* else a number of smb1_words.c */
};

/* What is kept of a session. */
struct smb_notes {
	struct dcerpc_calls calls;
	uint32_t pipe_trees[SMB_PIPE_TREES_MAX]; /* where files are pipes */
	uint8_t pipe_tree_count;
	uint8_t files;
	uint8_t pipes;
	uint8_t dialect_count;
	uint8_t dialects[SMB1_DIALECTS_MAX]; /* that an SMB 1 client has offered */
	uint32_t admin_tree;                 /* the last administrators' share */
	bool has_admin_tree;
	bool asks_for_admin; /* the last share asked for is one */
	uint8_t writes;
	uint8_t transactions; /* bits: which kinds were told, smb1_words.c */
};

_Static_assert(sizeof(struct smb_notes) <= SESSION_NOTES_BYTES, "a session has that much room");

/* A file as a client opens it; `name` as in windows_add_text(). */
struct smb_opening {
	uint32_t tree; /* where it is */
	uint32_t access;
	struct span name;
	bool is_utf16;
};

void smb_tell_file(struct hearing *hearing, struct smb_notes *notes,
		   const struct smb_opening *file);

/*
 * A share is asked for, then had under a number: whether it is one for administrators alone
 * (ADMIN$, C$ …), which the answer does not say.
 */
void smb_note_share(struct smb_notes *notes, struct span path, bool is_utf16);
void smb_note_tree(struct smb_notes *notes, uint32_t tree);

/* What is written to a file, where it begins as a program does. */
void smb_tell_write(struct hearing *hearing, struct smb_notes *notes, uint32_t tree,
		    struct span payload);

/* A share of pipes has this number from now on. */
void smb_note_pipe_tree(struct smb_notes *notes, uint32_t tree);

/* While none is known, every tree may be one. */
bool smb_may_be_pipe(const struct smb_notes *notes, uint32_t tree);

/* What is written to or read from a pipe; `pipe` as in dcerpc_tell(). */
void smb_tell_calls(struct hearing *hearing, struct smb_notes *notes, uint32_t pipe,
		    struct span payload);

void smb1_tell(struct hearing *hearing, struct smb_notes *notes, const struct smb1 *message);
void smb2_tell(struct hearing *hearing, struct smb_notes *notes, const struct smb2 *message);
