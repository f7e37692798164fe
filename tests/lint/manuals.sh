#!/bin/sh
# manuals - the pages and the sample file that tables make are what the tables make now; the others are valid mdoc.
cd "$(dirname "$0")/../.." || exit 1
prog=${BUILD:-build}/agentmail
fail=0
same() {
	"$prog" $1 > /tmp/manuals.$$ || { echo "manuals: $prog $1 failed"; fail=1; return; }
	cmp -s /tmp/manuals.$$ "$2" || { echo "manuals: $2 is not what the tables say; run: make docs"; diff /tmp/manuals.$$ "$2" | head -n 10; fail=1; }
}
same "man tools" docs/man/agentmail-tools.7
same "man conf" docs/man/agentmail.conf.5
same "man counters" docs/man/agentmail-counters.7
same "conf defaults" etc/agentmail.conf
rm -f /tmp/manuals.$$
for code in $("$prog" help | sed -n 's/^  *\([0-9][0-9]*\)  .*/\1/p'); do
	grep -q "^.It $code\$" docs/man/agentmail.1 || { echo "manuals: agentmail.1 lacks exit code $code"; fail=1; }
done
if command -v mandoc >/dev/null 2>&1; then
	for page in docs/man/*.[1-8]; do
		out=$(mandoc -T lint -W error "$page") || { echo "manuals: $page:"; echo "$out" | head -n 5; fail=1; }
	done
fi
exit $fail
