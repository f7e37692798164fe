/*
 * attach_list - grows the list of what a message carries. Called by attach.c alone.
 */
#include "mail/message/attach_list.h"

void
attach_list_init(struct attach_list *list, struct arena *a)
{
	buf_init(&list->text, a);
	jw_init(&list->w, &list->text, JW_COMPACT);
	jw_arr(&list->w);
	list->n = 0;
}

void
attach_list_image(struct attach_list *list, const struct attach_entry *e)
{
	bool inside = e->data_base64.p != NULL;
	struct jw *w = &list->w;

	jw_obj(w);
	jw_kcstr(w, "type", inside ? "inline" : "file");
	jw_kcstr(w, "media_type", "image/webp");
	jw_kint(w, "bytes", e->bytes);
	if (!inside)
		jw_kstr(w, "path", e->path);
	jw_kint(w, "width", e->width);
	jw_kint(w, "height", e->height);
	jw_kstr(w, "sha1", e->sha1);
	if (inside)
		jw_kstr(w, "data_base64", e->data_base64);
	else if (e->original_path.p != NULL)
		jw_kstr(w, "original_path", e->original_path);
	jw_end(w);
	list->n++;
}

void
attach_list_uri(struct attach_list *list, struct str media_type)
{
	jw_obj(&list->w);
	jw_kcstr(&list->w, "type", "inline");
	jw_kstr(&list->w, "media_type", media_type);
	jw_end(&list->w);
	list->n++;
}

struct str
attach_list_end(struct attach_list *list)
{
	jw_end(&list->w);
	return list->n > 0 ? buf_flat(&list->text) : STR_NONE;
}
