/*
 * names - what an agent may be called: word lists, rules, invention.
 *
 * Pure text, no database (contract/messaging.md 6.4, decisions 3.39, 3.41).
 */
#ifndef MAIL_AGENT_NAMES_H
#define MAIL_AGENT_NAMES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

#define NAME_MAX_BYTES 128

/* True for an adjective and a noun of the lists run together, in any case: BlueLake. */
bool name_is_pair(struct str s);
/* True for one of the adjectives or one of the nouns, in any case. */
bool name_is_word(struct str s);
/* True for [A-Za-z0-9][A-Za-z0-9._-]{0,127}: what REST may register, safe as a file name. */
bool name_is_identifier(struct str s);
/* True for an identifier with '.', '_' or '-' that is no program's or model's name: cc-0. */
bool name_is_explicit(struct str s);
/* True for a known program name, ignoring case and space around it. */
bool name_is_program(struct str s);
/* True if it contains a fragment of a model name, ignoring case. */
bool name_has_model(struct str s);
/* The placeholder word that an unconfigured script left in it, or NULL. */
const char *name_placeholder(struct str s);
/* The letters and digits of s, at most 128; may be empty. */
struct str name_sanitise(struct arena *a, struct str s);
/* As name_sanitise, in lower case: column agents.name_key. */
struct str name_key(struct arena *a, struct str s);
/* A random pair; all are equally likely. */
struct str name_random(struct arena *a);

#endif
