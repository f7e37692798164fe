/*
 * pace - one commit for each operation while that is cheap, else one for a
 * group (decision 3.62).
 *
 * Single commits may use a tenth of a processor. What they cost is measured:
 * in directories of 10,000 files it is a hundred times what it is in small ones.
 */
#ifndef ARCHIVE_PACE_H
#define ARCHIVE_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum pace { PACE_WAIT, PACE_SINGLE, PACE_GROUP };

struct arch_pace {
	int64_t credit_us;    /* processor time that single commits may use now */
	int64_t credited_at;  /* all times monotonic */
	int64_t cost_us;      /* of one commit, smoothed */
	int64_t committed_at; /* end of the last commit */
};

/* As after a quiet time that ended at `now` (monotonic, microseconds). */
void pace_init(struct arch_pace *p, int64_t now);
/*
 * What to do with `pending` rows, of which `full` fill a group. `gather_us` is
 * how long a group may be gathered (0: not at all); PACE_WAIT sets *wait_us.
 */
enum pace pace_next(
    struct arch_pace *p, int64_t pending, int64_t full, int64_t gather_us, int64_t now, int64_t *wait_us);
/* `commits` were made and used `cpu_us`. */
void pace_spent(struct arch_pace *p, enum pace how, int64_t commits, int64_t cpu_us, int64_t now);

#endif
