/*
 * archiver - the role that writes the archive: the only process that opens the
 * repository, told what is new by orders on a pipe, looking every second anyway.
 */
#ifndef ARCHIVE_ARCHIVER_H
#define ARCHIVE_ARCHIVER_H

struct child_env;

/* Life of the child; returns its exit code (78: the archive or database is not ours, or the configuration is wrong). */
int archiver_run(struct child_env *env);

#endif
