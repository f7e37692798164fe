/*
 * print - JSON for eyes: tables, "key value" lines, relative times.
 */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdint.h>

#include "base/json_read.h"
#include "cli/cli.h"

/* Compact JSON and a line end. */
void print_json(struct jr v, FILE *out);
/* An array of objects as a table, an object as lines, the rest as text. */
void print_people(struct cli *cli, struct jr v, FILE *out);
/* Copy in which bytes that could steer a terminal are '?'; with `lines` line ends and tabs stay. */
struct str print_safe(struct arena *a, struct str s, bool lines);
/* "3m ago", "in 2h", "now": at most 16 bytes. */
void print_relative(int64_t us, int64_t now_us, char out[24]);

#endif
