/*
 * attach - finds the images that a message names, asks for them, and puts what the helper found
 * into the body and the list of attachments.
 *
 * It opens no file. A picture that is wrong fails the send before anything is written.
 */
#include "mail/message/attach.h"

#include <string.h>

#include "base/hash.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/message/attach_list.h"
#include "mail/message/deliver.h"
#include "mail/message/recipient.h"
#include "mail/rules.h"
#include "store/cx.h"

#define DEFAULT_TYPE STR("image/webp")
#define ADVICE "Check that all parameters have valid values."

/* next_image - the target of the next ![alt](target) in *rest, which moves behind it. */
static bool
next_image(struct str *rest, struct str *target)
{
	ptrdiff_t at;

	while ((at = str_find(*rest, STR("!["))) >= 0) {
		ptrdiff_t alt, end;

		*rest = str_sub(*rest, (size_t)at + 2, rest->n);
		alt = str_chr(*rest, ']');
		if (alt < 0)
			return false;
		if ((size_t)alt + 1 >= rest->n || rest->p[alt + 1] != '(')
			continue;
		*target = str_sub(*rest, (size_t)alt + 2, rest->n);
		end = str_chr(*target, ')');
		if (end < 0)
			return false;
		*rest = str_sub(*target, (size_t)end + 1, target->n);
		*target = str_trim(str_sub(*target, 0, (size_t)end));
		return true;
	}
	return false;
}

struct attach_rules
attach_rules(const struct cx *cx, const struct send_attach *at, const struct agent *sender)
{
	struct attach_rules r = { .convert = at->has_convert ? at->convert : cx->conf->convert_images,
		.embed = ATTACH_AUTO };

	if (str_eqc_ci(sender->attachments_policy, "inline"))
		r.embed = ATTACH_INLINE;
	if (str_eqc_ci(sender->attachments_policy, "file"))
		r.embed = ATTACH_FILE;
	r.files = cx->rules->send.files;
	if (r.embed != ATTACH_AUTO || !r.files)
		r.convert = true;
	return r;
}

enum path_kind { PATH_RELATIVE, PATH_ABSOLUTE, PATH_FORBIDDEN, PATH_LEADS_OUT };

/* What the reference's resolver says of a path, before anything is looked at. */
static enum path_kind
path_kind(const struct cx *cx, struct str path)
{
	char text[ATTACH_PATH_MAX + 1];
	struct str s = { text, path.n };

	if (path.n > 0 && path.p[0] == '/')
		return cx->conf->allow_absolute_attachment_paths ? PATH_ABSOLUTE : PATH_FORBIDDEN;
	if (path.n == 0 || path.n > ATTACH_PATH_MAX || memchr(path.p, '\0', path.n) != NULL)
		return PATH_LEADS_OUT;
	for (size_t i = 0; i < path.n; i++)
		text[i] = path.p[i] == '\\' ? '/' : path.p[i];
	text[path.n] = '\0';
	if (text[0] == '/' || str_starts(s, STR("..")) || strstr(text, "/../") != NULL || str_ends(s, STR("/..")))
		return PATH_LEADS_OUT;
	return PATH_RELATIVE;
}

/* May the target of an image be a file? */
static bool
may_be_file(const struct cx *cx, struct str target)
{
	enum path_kind kind = path_kind(cx, target);

	if (str_starts(target, STR("data:")) || str_find(target, STR("://")) >= 0 ||
	    memchr(target.p, '\n', target.n) != NULL)
		return false;
	return kind == PATH_RELATIVE || (kind == PATH_ABSOLUTE && target.n <= ATTACH_PATH_MAX);
}

static void
add_name(struct str_list *names, size_t room, struct str path)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->v[i], path))
			return;
	if (names->n < room)
		names->v[names->n++] = path;
}

struct str_list
attach_names(struct cx *cx, const struct send_attach *at, const struct attach_rules *rules, struct str body)
{
	size_t room = ATTACH_MAX + 1;
	struct str_list names = { arena_array(cx->arena, struct str, room), 0 };
	struct str rest = body, target;

	if (!rules->files)
		return names;
	while (rules->convert && next_image(&rest, &target))
		if (may_be_file(cx, target))
			add_name(&names, room, target);
	for (size_t i = 0; i < at->paths.n; i++) {
		enum path_kind kind = path_kind(cx, at->paths.v[i]);

		if (kind == PATH_RELATIVE || (kind == PATH_ABSOLUTE && at->paths.v[i].n <= ATTACH_PATH_MAX))
			add_name(&names, room, at->paths.v[i]);
	}
	return names;
}

static void
want(struct cx *cx, struct attach_wants *out, const struct project *p, struct str path)
{
	out->v[out->n++] = (struct attach_want){
		.project_id = p->id,
		.dir = arena_printf(
		    cx->arena, "%" PRIstr "/projects/%" PRIstr, FSTR(cx->conf->storage_root), FSTR(p->slug)),
		.path = path,
	};
}

void
attach_wants(struct cx *cx, const struct str_list *names, const struct project *own,
    const struct recipient_groups *groups, struct attach_wants *out)
{
	out->v = arena_array(cx->arena, struct attach_want, names->n * (groups->n + 1));
	out->n = 0;
	out->originals = cx->conf->keep_original_images;
	for (size_t i = 0; i < names->n; i++) {
		if (names->v[i].p[0] == '/') {
			out->v[out->n++] = (struct attach_want){ .dir = STR(""), .path = names->v[i] };
			continue;
		}
		want(cx, out, own, names->v[i]);
		for (size_t k = 0; k < groups->n; k++)
			if (groups->v[k].project->id != own->id)
				want(cx, out, groups->v[k].project, names->v[i]);
	}
}

/* The message whose attachments are being put together. */
struct filling {
	struct cx *cx;
	const struct send_attach *at;
	const struct attach_rules *rules;
	const struct project *own;
	struct outgoing *part;
	struct attach_list list;  /* column attachments */
	struct picture *pictures; /* of the part, distinct */
};

static const struct picture *
seen(const struct pictures *found, int64_t project_id, struct str path)
{
	for (size_t i = 0; i < found->n; i++)
		if (found->v[i].project_id == project_id && str_eq(found->v[i].path, path))
			return &found->v[i];
	return NULL;
}

/* What the helper saw at that path: in the project that the message goes to, or else in the sender's own. */
static const struct picture *
look_up(const struct filling *f, struct str path)
{
	const struct picture *there, *own;

	if (path.p[0] == '/')
		return seen(&f->at->found, 0, path);
	there = seen(&f->at->found, f->part->project->id, path);
	own = seen(&f->at->found, f->own->id, path);
	return there == NULL || (picture_absent(there) && own != NULL && !picture_absent(own)) ? own : there;
}

static int
nobody_looked(struct cx *cx, struct str path, const char *argument)
{
	fail(cx, ERR_RESOURCE_BUSY,
	    "Image file '%" PRIstr
	    "' could not be looked at in time, so nothing was sent. Try again, or send without it%s.",
	    FSTR(path), strcmp(argument, "body_md") == 0 ? " (convert_images=false leaves the text as it is)" : "");
	jw_kcstr(fail_data(cx), "argument", argument);
	jw_kstr(fail_data(cx), "path", path);
	return -1;
}

/* The picture as the part carries it, added on first sight; NULL with the failure. */
static const struct picture *
carry(struct filling *f, const struct picture *p)
{
	struct picture *mine = &f->pictures[f->part->npictures];

	for (size_t i = 0; i < f->part->npictures; i++)
		if (str_eq(f->pictures[i].sha1, p->sha1))
			return &f->pictures[i];
	*mine = *p;
	if (picture_known(f->cx, f->part->project, mine) != 0)
		return NULL;
	f->part->npictures++;
	return mine;
}

static bool
goes_inline(const struct filling *f, const struct picture *p)
{
	if (f->rules->embed != ATTACH_AUTO)
		return f->rules->embed == ATTACH_INLINE;
	return (int64_t)p->webp.n <= f->cx->conf->inline_image_max_bytes;
}

/* The entry of the list; *text is what stands for it in the body. */
static void
list_picture(struct filling *f, const struct picture *p, struct str *text)
{
	struct cx *cx = f->cx;
	bool inside = goes_inline(f, p);
	struct attach_entry e = {
		.bytes = (int64_t)p->webp.n,
		.width = p->width,
		.height = p->height,
		.sha1 = p->sha1,
		.path = picture_path(cx, f->part->project, p->sha1),
	};

	if (inside)
		e.data_base64 = hash_base64(cx->arena, p->webp.p, p->webp.n);
	else if (p->original.p != NULL)
		e.original_path = picture_original_path(cx, f->part->project, p->sha1, picture_ext(cx, p->path));
	*text = inside ? arena_printf(cx->arena, "data:image/webp;base64,%" PRIstr, FSTR(e.data_base64)) : e.path;
	attach_list_image(&f->list, &e);
}

/* media_type - of "data:image/png;base64,..." */
static struct str
media_type(struct str uri)
{
	struct str type = str_sub(uri, sizeof("data:") - 1, uri.n);

	for (size_t i = 0; i < type.n; i++) {
		if (type.p[i] == ';' || type.p[i] == ',') {
			type.n = i;
			break;
		}
	}
	return type.n > 0 ? type : DEFAULT_TYPE;
}

/* An image of the body; *text stays absent where it is left as it is. */
static int
body_image(struct filling *f, struct str target, struct str *text)
{
	const struct picture *p;

	*text = STR_NONE;
	if (str_starts(target, STR("data:"))) {
		attach_list_uri(&f->list, media_type(target));
		return 0;
	}
	if (!f->rules->files || !may_be_file(f->cx, target))
		return 0;
	p = look_up(f, target);
	if (p == NULL)
		return nobody_looked(f->cx, target, "body_md");
	if (p->fault != PICTURE_GOOD)
		return picture_absent(p) ? 0 : picture_refuse(f->cx, p, "body_md");
	p = carry(f, p);
	if (p == NULL)
		return -1;
	list_picture(f, p, text);
	return 0;
}

/* Images of the body, each in its place; the text is written anew when one was replaced. */
static int
fill_body(struct filling *f)
{
	struct str body = f->part->body_md, rest = body, target, text;
	size_t done = 0;
	struct buf b;

	buf_init(&b, f->cx->arena);
	while (next_image(&rest, &target)) {
		if (body_image(f, target, &text) != 0)
			return -1;
		if (text.p == NULL)
			continue;
		buf_str(&b, str_sub(body, done, (size_t)(target.p - body.p) - done));
		buf_str(&b, text);
		done = (size_t)(target.p - body.p) + target.n;
	}
	if (done > 0) {
		buf_str(&b, str_sub(body, done, body.n));
		f->part->body_md = buf_flat(&b);
	}
	return 0;
}

static int
fill_path(struct filling *f, struct str path)
{
	enum path_kind kind = path_kind(f->cx, path);
	const struct picture *p;
	struct str text;

	if (kind == PATH_FORBIDDEN || kind == PATH_LEADS_OUT) {
		fail(f->cx, ERR_INVALID_ARGUMENT, "Invalid argument value: %s. " ADVICE,
		    kind == PATH_FORBIDDEN
			? "Absolute attachment paths are disabled. Set ALLOW_ABSOLUTE_ATTACHMENT_PATHS=true to enable."
			: "Invalid path: directory traversal not allowed");
		jw_kcstr(fail_data(f->cx), "argument", "attachment_paths");
		jw_kstr(fail_data(f->cx), "path", str_cut_utf8(path, ATTACH_PATH_MAX));
		return -1;
	}
	p = look_up(f, path);
	if (p == NULL)
		return nobody_looked(f->cx, path, "attachment_paths");
	if (p->fault != PICTURE_GOOD)
		return picture_refuse(f->cx, p, "attachment_paths");
	p = carry(f, p);
	if (p == NULL)
		return -1;
	list_picture(f, p, &text);
	return 0;
}

static int
too_many(struct cx *cx)
{
	fail(cx, ERR_INVALID_ARGUMENT,
	    "Invalid argument value: attachment_paths and body_md name more than %d image files. " ADVICE, ATTACH_MAX);
	jw_kcstr(fail_data(cx), "argument", "attachment_paths");
	return -1;
}

int
attach_fill(struct cx *cx, const struct send_attach *at, const struct attach_rules *rules, const struct project *own,
    struct outgoing *part)
{
	struct str original = part->body_md;
	bool images = str_find(original, STR("![")) >= 0, uris = str_find(original, STR("data:image")) >= 0;
	struct filling f = { .cx = cx, .at = at, .rules = rules, .own = own, .part = part };

	part->npictures = 0;
	part->attaches = at->paths.n > 0 || (rules->convert && (images || uris));
	if (!images && !uris && at->paths.n == 0)
		return 0;
	if (at->paths.n > ATTACH_MAX || attach_names(cx, at, rules, original).n > ATTACH_MAX)
		return too_many(cx);
	part->pictures = f.pictures = arena_array(cx->arena, struct picture, ATTACH_MAX + 1);
	attach_list_init(&f.list, cx->arena);
	if (rules->convert && images && fill_body(&f) != 0)
		return -1;
	for (size_t i = 0; i < at->paths.n; i++)
		if (fill_path(&f, at->paths.v[i]) != 0)
			return -1;
	if (uris && f.list.n == 0)
		attach_list_uri(&f.list, DEFAULT_TYPE);
	part->attachments = attach_list_end(&f.list);
	return 0;
}
