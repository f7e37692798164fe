/* The segment is one for parent and child, and may take more slots into use. */
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "ipc/gate.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"

Suite *suite_shm(void);

START_TEST(shared_with_children)
{
	unsigned char key[SECRET_SIZE];
	struct shm *shm = shm_new(3);
	int status;
	pid_t pid;

	ck_assert_ptr_nonnull(shm);
	ck_assert_int_eq(shm_nslots(shm), 3);
	memset(key, 0xa5, sizeof(key));
	shm_set_secret(shm, key);
	pid = fork();
	if (pid == 0) {
		counter_add(shm_slot(shm, 2), C_requests_total, 7);
		_exit(memcmp(shm_secret(shm), key, sizeof(key)) != 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(counter_get(shm_slot(shm, 2), C_requests_total), 7);
	ck_assert_uint_eq(counter_get(shm_slot(shm, 1), C_requests_total), 0);
	ck_assert(shm_started_us(shm) > clock_wall_us() - 60 * USEC);
	shm_free(&shm);
	ck_assert_ptr_null(shm);
}
END_TEST

START_TEST(parts_are_aligned_and_apart)
{
	struct shm *shm = shm_new(1);

	ck_assert_uint_eq((uintptr_t)shm_slot(shm, 0) % 64, 0);
	ck_assert_uint_eq((uintptr_t)shm_bus(shm) % 64, 0);
	ck_assert_uint_ge((uintptr_t)shm_bus(shm), (uintptr_t)shm_gate(shm) + gate_size());
	ck_assert(gate_take(shm_gate(shm), 0));
	gate_give(shm_gate(shm));
	shm_free(&shm);
}
END_TEST

START_TEST(grows_only)
{
	struct shm *shm = shm_new(2);

	shm_grow(shm, 200);
	ck_assert_int_eq(shm_nslots(shm), 200);
	shm_grow(shm, 5);
	ck_assert_int_eq(shm_nslots(shm), 200);
	counter_add(shm_slot(shm, 199), C_requests_total, 1);
	shm_free(&shm);
	ck_assert_ptr_null(shm_new(0));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(shm_new(SHM_SLOTS_MAX + 1));
}
END_TEST

/* An archiver that was replaced leaves its name in a slot. */
START_TEST(roles)
{
	struct shm *shm = shm_new(4);

	ck_assert(!shm_role_known(shm, ROLE_ARCHIVER) && shm_role_gauge(shm, ROLE_ARCHIVER, C_archive_through) == 0);
	strcpy(shm_slot(shm, 1)->role, ROLE_ARCHIVER);
	strcpy(shm_slot(shm, 3)->role, ROLE_ARCHIVER);
	strcpy(shm_slot(shm, 2)->role, "worker");
	counter_set(shm_slot(shm, 2), C_archive_through, 99);
	ck_assert(shm_role_known(shm, ROLE_ARCHIVER) && !shm_role_ready(shm, ROLE_ARCHIVER));
	counter_set(shm_slot(shm, 1), C_archive_through, 5);
	counter_set(shm_slot(shm, 3), C_archive_through, 7);
	ck_assert_uint_eq(shm_role_gauge(shm, ROLE_ARCHIVER, C_archive_through), 7);
	atomic_store(&shm_slot(shm, 1)->state, SLOT_DEAD);
	atomic_store(&shm_slot(shm, 3)->state, SLOT_READY);
	ck_assert(shm_role_ready(shm, ROLE_ARCHIVER));
	shm_free(&shm);
}
END_TEST

Suite *
suite_shm(void)
{
	Suite *s = suite_create("shm");
	TCase *tc = tcase_create("shm");

	tcase_add_test(tc, shared_with_children);
	tcase_add_test(tc, parts_are_aligned_and_apart);
	tcase_add_test(tc, grows_only);
	tcase_add_test(tc, roles);
	suite_add_tcase(s, tc);
	return s;
}
