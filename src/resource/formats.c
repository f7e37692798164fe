/*
 * formats - writes the object output_formats of the tooling resources. The words themselves are
 * api/format.c's.
 */
#include "resource/formats.h"

void
formats_write(struct jw *out)
{
	jw_kobj(out, "output_formats");
	jw_kcstr(out, "default", "json");
	jw_kcstr(out, "tool_param", "format");
	jw_kcstr(out, "resource_query", "format");
	jw_karr(out, "values");
	jw_cstr(out, "json");
	jw_cstr(out, "toon");
	jw_end(out);
	jw_kobj(out, "toon_envelope");
	jw_kcstr(out, "format", "toon");
	jw_kcstr(out, "data", "<TOON>");
	jw_kobj(out, "meta");
	jw_kcstr(out, "requested", "toon");
	jw_end(out);
	jw_end(out);
	jw_end(out);
}
