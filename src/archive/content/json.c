/*
 * json - profiles and records as their files have them: sorted keys, two spaces, ASCII, a
 * newline at the end.
 */
#include "archive/content/json.h"

#include "base/json_write.h"

struct str
arch_json_file(struct jr v, struct arena *a)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jr_write_sorted(v, &w, a);
	buf_putc(&b, '\n');
	return buf_flat(&b);
}
