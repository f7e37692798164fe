/*
 * descriptors - how many file descriptors this process may still open.
 */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

/* Percent of RLIMIT_NOFILE that is surely free: 0 to 100, judged by the lowest free number. */
int descriptors_free(void);

/*
 * To be called now and then with the place where the last state is kept, 0 at
 * first: logs a warning below 30 % and an error below 15 %, once each time it gets
 * that far, and when there are enough again.
 */
void descriptors_watch(int *state);

#endif
