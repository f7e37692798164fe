/*
 * check_picture - what the helper tells of image files: real pictures of each
 * type, and everything that can be wrong with one; decoders that hang, crash or
 * want too much.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "helper/picture_run.h"
#include "helper/query.h"
#include "ipc/query/picture.h"
#include "support/toolcall.h"

/* 5 by 4, by libgd; and 6 by 5, 5 by 4. */
#define JPEG \
	"/9j/4AAQSkZJRgABAQEAYABgAAD//gA7Q1JFQVRPUjogZ2QtanBlZyB2MS4wICh1c2luZyBJSkcgSlBFRyB2NjIpLCBxdWFsaXR5" \
	"ID0gNDAK/9sAQwAUDg8SDw0UEhASFxUUGB4yIR4cHB49LC4kMklATEtHQEZFUFpzYlBVbVZFRmSIZW13e4GCgU5gjZeMfZZzfoF8" \
	"/9sAQwEVFxceGh47ISE7fFNGU3x8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8/8AAEQgA" \
	"BAAFAwEiAAIRAQMRAf/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUS" \
	"ITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0" \
	"dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX2" \
	"9/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQHBQQEAAECdwABAgMRBAUhMQYSQVEHYXET" \
	"IjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoKD" \
	"hIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/aAAwD" \
	"AQACEQMRAD8AzaKKK9A4T//Z"
#define GIF "R0lGODdhBgAFAIAAAP8AAAD/ACwAAAAABgAFAAACBYSPGMlYADs="
#define WEBP "UklGRjgAAABXRUJQVlA4ICwAAADQAQCdASoFAAQAAUAmJaACdLoB+AADsAD+8Por/zNExzH7V//lKvBY3N8AAA=="

static struct fixture f;
static struct str file; /* the memory file of the last result */

static const char *
path_of(const char *name)
{
	return arena_printf(&f.arena, "%" PRIstr "/%s", FSTR(f.dir), name).p;
}

static void
put_file(const char *name, struct str bytes)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
	close(fd);
}

static struct str
decoded(const char *base64)
{
	struct str out;
	size_t at;

	ck_assert(hash_base64_decode(&f.arena, str_c(base64), &out, &at));
	return out;
}

static void
be32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (24 - 8 * i));
}

static void
chunk(struct buf *b, const char *type, const void *bytes, size_t n)
{
	unsigned char number[4];
	uLong crc = crc32(crc32(0, (const Bytef *)type, 4), bytes, (uInt)n);

	be32(number, (uint32_t)n);
	buf_put(b, number, 4);
	buf_put(b, type, 4);
	buf_put(b, bytes, n);
	be32(number, (uint32_t)crc);
	buf_put(b, number, 4);
}

/* A black picture, 8 bits of colour type `type` (2: RGB, 6: with alpha). */
static struct str
png(uint32_t width, uint32_t height, int type)
{
	size_t row = 1 + (size_t)width * (type == 6 ? 4 : 3), room = compressBound(row * height);
	unsigned char head[13] = { [8] = 8, [9] = (unsigned char)type }, *raw = calloc(height, row),
		      *packed = malloc(room);
	uLongf n = room;
	struct buf b;

	be32(head, width);
	be32(head + 4, height);
	ck_assert(raw != NULL && packed != NULL);
	ck_assert_int_eq(compress2(packed, &n, raw, row * height, 1), Z_OK);
	buf_init(&b, &f.arena);
	buf_put(&b, "\x89PNG\r\n\x1a\n", 8);
	chunk(&b, "IHDR", head, sizeof(head));
	chunk(&b, "IDAT", packed, n);
	chunk(&b, "IEND", "", 0);
	free(raw);
	free(packed);
	return buf_flat(&b);
}

static void
setup(void)
{
	fixture_init_without_db(&f);
	ck_assert_int_eq(mkdir(path_of("p"), 0700), 0);
	ck_assert_int_eq(mkdir(path_of("p/img"), 0700), 0);
	put_file("p/img/a.png", png(3, 2, 2));
	put_file("p/img/alpha.png", png(7, 9, 6));
	put_file("p/a.jpg", decoded(JPEG));
	put_file("p/a.gif", decoded(GIF));
	put_file("p/a.webp", decoded(WEBP));
	put_file("p/note.txt", STR("hello"));
	put_file("p/empty.png", STR(""));
	put_file("out.png", png(3, 2, 2));
	ck_assert_int_eq(symlink("../out.png", path_of("p/link.png")), 0);
	ck_assert_int_eq(symlink("img", path_of("p/inside")), 0);
	ck_assert_int_eq(symlink("..", path_of("p/up")), 0);
	ck_assert_int_eq(mkfifo(path_of("p/pipe.png"), 0600), 0);
	file = STR_NONE;
}

static void
teardown(void)
{
	free((void *)file.p);
	fixture_fini(&f);
}

struct limits {
	int64_t bytes, pixels, memory;
	bool originals;
};
static const struct limits usual = { 1 << 20, 1000000, 512 << 20, false };

/* What is told of these files, which are separated by spaces, of directory dir. */
static struct picture_result
look_in(const char *dir, const char *files, struct limits l, int64_t deadline)
{
	struct picture_item items[16];
	struct picture_query q = { l.bytes, l.pixels, l.memory, l.originals, items, 0 };
	struct str rest = str_c(files), name;
	struct picture_result r;
	struct buf query, out;
	struct stat st;
	int fd;

	buf_init(&query, &f.arena);
	buf_init(&out, &f.arena);
	while (str_next(&rest, ' ', &name))
		items[q.n++] = (struct picture_item){ 7, str_c(dir), name };
	picture_query_put(&query, &q);
	fd = query_run(f.conf, buf_flat(&query), deadline, &f.arena, &out);
	ck_assert(picture_result_get(&f.arena, buf_flat(&out), &r));
	ck_assert_uint_eq(r.n, q.n);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GET_SEALS) & (F_SEAL_WRITE | F_SEAL_SHRINK), F_SEAL_WRITE | F_SEAL_SHRINK);
	ck_assert_int_eq(fstat(fd, &st), 0);
	free((void *)file.p);
	file = (struct str){ malloc((size_t)st.st_size + 1), (size_t)st.st_size };
	ck_assert_int_eq(pread(fd, (char *)file.p, file.n, 0), st.st_size);
	close(fd);
	return r;
}

static const struct picture_found *
look(const char *files, struct limits l)
{
	return look_in(path_of("p"), files, l, clock_mono_us() + 30 * USEC).v;
}

/* A good one of this size, as WebP. */
static void
ck_good(const struct picture_found *found, int width, int height)
{
	struct str webp = str_sub(file, (size_t)found->at, (size_t)found->n);

	ck_assert_int_eq(found->fault, PICTURE_GOOD);
	ck_assert_int_eq(found->width, width);
	ck_assert_int_eq(found->height, height);
	ck_assert_int_eq(found->project, 7);
	ck_assert(webp.n > 20 && str_starts(webp, STR("RIFF")) && str_starts(str_sub(webp, 8, 4), STR("WEBP")));
}

START_TEST(types)
{
	const struct picture_found *items =
	    look("img/a.png a.jpg a.gif a.webp img/alpha.png inside/a.png img/a.png", usual);
	char sha1[SHA1_HEX + 1];

	ck_good(&items[0], 3, 2);
	ck_good(&items[1], 5, 4);
	ck_good(&items[2], 6, 5);
	ck_good(&items[3], 5, 4);
	ck_good(&items[4], 7, 9);
	ck_good(&items[5], 3, 2);
	ck_good(&items[6], 3, 2);
	hash_sha1_hex(png(3, 2, 2), sha1);
	ck_str(items[0].sha1, sha1);
	ck_str(items[0].path, "img/a.png");
	ck_assert_int_eq(items[0].original_at, -1);
}
END_TEST

START_TEST(originals)
{
	struct limits l = usual;
	const struct picture_found *item;

	l.originals = true;
	item = look("a.gif", l);
	ck_good(item, 6, 5);
	ck_assert_int_eq(item->bytes, (int64_t)decoded(GIF).n);
	ck_assert(str_eq(str_sub(file, (size_t)item->original_at, (size_t)item->bytes), decoded(GIF)));
}
END_TEST

static const struct {
	const char *file;
	enum picture_fault fault;
	int number; /* errno of PICTURE_FAULT_SYSTEM */
} wrong[] = {
	{ "none.png", PICTURE_FAULT_SYSTEM, ENOENT },
	{ "img", PICTURE_FAULT_SYSTEM, EISDIR },
	{ "note.txt/a.png", PICTURE_FAULT_SYSTEM, ENOTDIR },
	{ "pipe.png", PICTURE_FAULT_SYSTEM, EINVAL },
	{ "link.png", PICTURE_FAULT_OUTSIDE, 0 },
	{ "up/out.png", PICTURE_FAULT_OUTSIDE, 0 },
	{ "note.txt", PICTURE_FAULT_UNKNOWN, 0 },
	{ "empty.png", PICTURE_FAULT_UNKNOWN, 0 },
};

START_TEST(refused)
{
	const struct picture_found *item = look(wrong[_i].file, usual);

	ck_assert_int_eq(item->fault, wrong[_i].fault);
	ck_assert_int_eq(item->error, wrong[_i].number);
	ck_assert_uint_eq(file.n, 0);
}
END_TEST

/* Cut anywhere, no file is taken for a picture; nor one with a byte changed in the middle made to crash. */
START_TEST(damaged)
{
	static const char *const whole[] = { JPEG, GIF, WEBP };
	struct str bytes = _i < 3 ? decoded(whole[_i]) : png(50, 50, 2);

	for (size_t n = 12; n < bytes.n - 1; n += bytes.n / 9) {
		const struct picture_found *item;

		put_file("p/cut", str_sub(bytes, 0, n));
		item = look("cut", usual);
		ck_assert_msg(item->fault == PICTURE_FAULT_BROKEN, "%d cut at %zu: %d", _i, n, item->fault);
	}
}
END_TEST

/* A bomb is known by what it says of itself; beside it the others are converted. */
START_TEST(large)
{
	struct limits l = usual;
	const struct picture_found *items;

	put_file("p/bomb.png", png(7100, 7100, 2));
	l.pixels = 25000000;
	items = look("bomb.png img/a.png", l);
	ck_assert_int_eq(items[0].fault, PICTURE_FAULT_LARGE);
	ck_assert_int_eq(items[0].width, 7100);
	ck_good(&items[1], 3, 2);
	l.bytes = 40;
	ck_assert_int_eq(look("img/a.png", l)->fault, PICTURE_FAULT_LARGE_FILE);
	l.bytes = 100;
	items = look("img/a.png img/a.png img/a.png", l);
	ck_good(&items[1], 3, 2);
	ck_assert_int_eq(items[2].fault, PICTURE_FAULT_LARGE_MESSAGE);
}
END_TEST

/* 100 MB of pixels do not fit into the memory allowed. */
START_TEST(memory)
{
	struct limits l = { 1 << 20, 25000000, 144 << 20, false };
	const struct picture_found *items;

	put_file("p/wide.png", png(5000, 5000, 2));
	items = look("wide.png img/a.png", l);
	ck_assert_int_eq(items[0].fault, PICTURE_FAULT_MEMORY);
	ck_good(&items[1], 3, 2);
}
END_TEST

START_TEST(absolute)
{
	const struct picture_found *items = look_in("", path_of("out.png"), usual, clock_mono_us() + 30 * USEC).v;

	ck_good(&items[0], 3, 2);
}
END_TEST

START_TEST(too_late)
{
	const struct picture_found *items = look_in(path_of("p"), "img/a.png", usual, clock_mono_us() - 1).v;

	ck_assert_int_eq(items[0].fault, PICTURE_FAULT_LATE);
}
END_TEST

static const struct {
	const char *script;
	int end;
	int64_t patience;
} programs[] = {
	{ "#!/bin/sh\nexec sleep 1000\n", PICTURE_LATE, USEC / 2 },
	{ "#!/bin/sh\nsleep 1000 &\nwait\n", PICTURE_LATE, USEC / 2 },
	{ "#!/bin/sh\necho garbage\nkill -SEGV $$\n", PICTURE_KILLED, 30 * USEC },
	{ "#!/bin/sh\necho half; exit 11\n", PICTURE_BROKEN, 30 * USEC },
	/* It says that all is well and gives nothing. */
	{ "#!/bin/sh\nexit 0\n", PICTURE_SYSTEM, 30 * USEC },
	{ "no program\n", PICTURE_SYSTEM, 30 * USEC },
};

/* What a decoder does is told apart, and its half-written bytes are not left. */
START_TEST(decoders)
{
	struct picture_run run = { .program = path_of("decoder"),
		.memory = 1 << 30,
		.pixels = 100,
		.deadline = clock_mono_us() + programs[_i].patience };
	int in = open(path_of("out.png"), O_RDONLY | O_CLOEXEC),
	    out = open(path_of("result"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct picture_head head;
	size_t at, n;

	put_file("decoder", str_c(programs[_i].script));
	ck_assert_int_eq(write(out, "before", 6), 6);
	ck_assert_int_eq(picture_run(&run, in, out, &at, &n, &head), programs[_i].end);
	ck_assert_int_eq(lseek(out, 0, SEEK_END), 6);
	run.program = picture_program();
	run.deadline = clock_mono_us() + 30 * USEC;
	ck_assert_ptr_nonnull(run.program);
	ck_assert_int_eq(picture_run(&run, in, out, &at, &n, &head), PICTURE_FINE);
	ck_assert_uint_eq(head.width, 3);
	ck_assert_uint_eq(at, 6 + sizeof(head));
	close(in);
	close(out);
}
END_TEST

Suite *
suite_picture(void)
{
	Suite *s = suite_create("picture");
	TCase *t = tcase_create("pictures");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, types);
	tcase_add_test(t, originals);
	tcase_add_loop_test(t, refused, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_loop_test(t, damaged, 0, 4);
	tcase_add_test(t, large);
	tcase_add_test(t, memory);
	tcase_add_test(t, absolute);
	tcase_add_test(t, too_late);
	tcase_add_loop_test(t, decoders, 0, sizeof(programs) / sizeof(programs[0]));
	suite_add_tcase(s, t);
	return s;
}
