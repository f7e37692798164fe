/*
 * formats - the part of tooling/directory and tooling/schemas that tells of
 * output formats.
 */
#ifndef RESOURCE_FORMATS_H
#define RESOURCE_FORMATS_H

#include "base/json_write.h"

/* output_formats: one object under that key. */
void formats_write(struct jw *out);

#endif
