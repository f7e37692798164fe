/*
 * fault - places where a test may let a process die, wait or fail.
 *
 * Compiled in only with -DFAULTS (make FAULTS=1). The environment says which:
 *   AGENTMAIL_FAULT=name:hit:action[,name:hit:action...]
 * `hit` counts from 1; at that hit of FAULT(name) the action happens once:
 *   kill     the process ends as by kill -9
 *   exit     _exit(99)
 *   sleep    ten seconds pass
 *   fail     FAULT(name) is true: the caller behaves as if the step had failed
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

#ifdef FAULTS
#define FAULT(name) fault_hit(name)
#define FAULTS_ON true
#else
#define FAULT(name) false
#define FAULTS_ON false
#endif

/* Counts one hit and does what the environment asks for; true for `fail`. */
bool fault_hit(const char *name);
/* Forgets the hits counted so far; the environment is read again (tests). */
void fault_reset(void);

#endif
