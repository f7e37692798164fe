/*
 * schema - the numbered steps of store/schema/, compiled in.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>

struct schema_step {
	int number;
	const char *sql;
};

/* The steps in order, ended by { 0, NULL }. */
extern const struct schema_step schema_steps[];

#endif
