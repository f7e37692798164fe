/*
 * formats - writes the object output_formats of the tooling resources. The words themselves are
 * api/format.c's.
 */
#include "resource/formats.h"

void
formats_write(struct jw *out)
{
	jw_kobj(out, "output_formats");
	jw_kc(out, "default", "json");
	jw_kc(out, "tool_param", "format");
	jw_kc(out, "resource_query", "format");
	jw_karr(out, "values");
	jw_c(out, "json");
	jw_c(out, "toon");
	jw_end(out);
	jw_kobj(out, "toon_envelope");
	jw_kc(out, "format", "toon");
	jw_kc(out, "data", "<TOON>");
	jw_kobj(out, "meta");
	jw_kc(out, "requested", "toon");
	jw_end(out);
	jw_end(out);
	jw_end(out);
}
