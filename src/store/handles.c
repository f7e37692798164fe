/*
 * handles - the kinds of opening, one function each.
 */
#include "store/handles.h"

#include "conf/conf.h"

static bool
open_writer(const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct str *why)
{
	*rw = db_open(conf, DB_WRITE, a, why);
	return *rw != NULL && db_migrate(*rw, gate, a, why) == 0;
}

bool
handles_open(
    const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why)
{
	if (!open_writer(conf, gate, a, rw, why))
		return false;
	*ro = db_open(conf, DB_READ, a, why);
	return *ro != NULL;
}

bool
handles_open_derived(
    const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why)
{
	struct conf own = *conf;

	own.durability = DURABILITY_PROCESS;
	return handles_open(&own, gate, a, rw, ro, why);
}

bool
handles_open_writer(
    const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why)
{
	struct conf own = *conf;

	own.durability = DURABILITY_PROCESS;
	return open_writer(&own, gate, a, rw, why);
}
