/*
 * rules - what the dialects of the API want differently of one and the same
 * operation, as values.
 *
 * api/rules.c fills one table for each dialect; a cx carries the one of its call
 * (cx->rules). Nothing below api/ asks which dialect it is.
 */
#ifndef MAIL_RULES_H
#define MAIL_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

/* Of sending and replying. */
struct send_rules {
	const char *token_param; /* the parameter that proves the sender, for failures */
	size_t subject_max;      /* characters; what is longer is cut with a warning; 0: any length */
	bool check_words;        /* thread_id is checked, an importance that means nothing is warned of */
	bool plain_addresses; /* `Name@project` is an address, and a plain name may be an approved contact elsewhere */
	bool files; /* images named by their path become attachments; without it no file is looked at, and convert_images counts as on */
	bool stop_at_first_conflict;   /* one reservation in the way and nothing is sent */
	bool store_without_recipients; /* a message to nobody is stored all the same */
};

/* Of the question whether one agent may write to another. */
struct contact_rules {
	bool auto_is_open; /* in one project only contacts_only and block_all keep anybody out */
	bool stop_at_first; /* the first recipient who cannot be written to fails the call: nobody is registered or asked */
	enum err refusal; /* code of every refusal; ERR_NONE: of each its own */
};

/* Of reading. */
struct read_rules {
	bool short_not_found; /* a message that is not there is told without project and reader */
};

/* Of the guard that is installed into a repository. */
struct guard_rules {
	const char *repo_param;    /* the parameter that names the repository, for failures */
	bool missing_is_not_found; /* a path where nothing lies is NOT_FOUND, not an error of the system */
};

struct rules {
	struct send_rules send;
	struct contact_rules contact;
	struct read_rules read;
	struct guard_rules guard;
};

#endif
