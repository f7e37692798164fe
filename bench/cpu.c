/*
 * cpu - prints the CPU time of a process and all below it, in nanoseconds:
 * what targets.sh counts where the work goes on after the last answer.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cputime.h"

int
main(int argc, char **argv)
{
	if (argc != 2 || atoi(argv[1]) <= 0) {
		fputs("usage: cpu PID\n", stderr);
		return 64;
	}
	printf("%" PRIu64 "\n", cputime_ns(atoi(argv[1])));
	return 0;
}
