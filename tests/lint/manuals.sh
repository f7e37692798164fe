#!/bin/sh
# manuals - pages, lists inside pages and the sample file that tables make are what the tables make now; pages name what
# the code has (roles, exit codes, each other), have a date, and are clean mdoc where mandoc is installed.
cd "$(dirname "$0")/../.." || exit 1
prog=${BUILD:-build}/agentmail
made=$(mktemp) || exit 1
trap 'rm -f "$made"' EXIT
fail=0
same() {
	file=$1
	shift
	"$@" > "$made" || { echo "manuals: $* failed"; fail=1; return; }
	cmp -s "$made" "$file" || { echo "manuals: $file is not what the tables say; run: make docs"; diff "$made" "$file" | head -n 10; fail=1; }
}
same docs/man/agentmail-tools.7 "$prog" man tools
same docs/man/agentmail.conf.5 "$prog" man conf
same docs/man/agentmail-counters.7 "$prog" man counters
same etc/agentmail.conf "$prog" conf defaults
for page in docs/man/agentmail.1 docs/man/agentmaild.8; do
	grep -q '^\.\\" list ' "$page" || { echo "manuals: $page has no list of a table"; fail=1; }
	same "$page" sh docs/man/lists.sh "$prog" "$page"
done

for code in $("$prog" help | sed -n 's/^  *\([0-9][0-9]*\)  .*/\1/p'); do
	grep -q "^.It $code\$" docs/man/agentmail.1 || { echo "manuals: agentmail.1 lacks exit code $code"; fail=1; }
done
for code in $(grep -rhE '^#define EXIT_[A-Z]+ +[0-9]+' src | awk '{ print $3 }'); do
	grep -q "^.It $code\$" docs/man/agentmaild.8 || { echo "manuals: agentmaild.8 lacks exit code $code"; fail=1; }
done
roles=$(sed -n '/^static const struct role roles\[\]/,/^};/s/.*{ \.name = "\([a-z]*\)".*/\1/p' src/agentmaild.c)
[ -n "$roles" ] || { echo "manuals: no roles in src/agentmaild.c"; fail=1; }
for role in master $roles; do
	grep -q "^\.It agentmaild: $role" docs/man/agentmaild.8 || { echo "manuals: agentmaild.8 lacks the process $role"; fail=1; }
done

# agentmail-archive(5): every fixed part of a path and every commit subject stands in the code (that all paths are told is
# the suite layout's).
page=docs/man/agentmail-archive.5
for part in $(sed -n 's/^\.It Pa projects\///p' $page | tr '/' '\n' | sed 's/^\(SHA1\|id-ID\|AGENT__BRANCH\)\./\1 ./' | tr ' ' '\n' | grep -E '^[_.a-z]+$' | sort -u); do
	grep -rqF -- "$part" src/archive || { echo "manuals: $page names $part, which src/archive does not"; fail=1; }
done
sed -n 's/^\.It Li //p' $page | grep -o '"[^"]*"' | tr -d '"' | sed 's/[ ][A-Z].*//' | sort -u | while read -r subject; do
	grep -rqF -- "\"$subject" src/archive src/cli || { echo "manuals: $page names commits \"$subject\", which nothing makes"; exit 1; }
done || fail=1

for page in docs/man/*.[1-8]; do
	grep -qE '^\.Dd (January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{1,2}, [0-9]{4}$' "$page" ||
		{ echo "manuals: $page has no date"; fail=1; }
	for other in $(sed -n 's/^\.Xr \(agentmail[a-z.-]*\) \([1-8]\).*/\1.\2/p' "$page" | sort -u); do
		[ -e "docs/man/$other" ] || { echo "manuals: $page speaks of $other, which is not there"; fail=1; }
	done
done
# docs/OPERATIONS.md: what it names in `this_form` is a word of the code.
for word in $(grep -o '`[a-z]*_[a-z_]*`' docs/OPERATIONS.md | tr -d '`' | sed 's/^agentmail_//' | sort -u); do
	grep -rqw -- "$word" src || { echo "manuals: docs/OPERATIONS.md names $word, which the code does not"; fail=1; }
done

# Pages of other packages, and ours, need not be installed where this runs.
if command -v mandoc >/dev/null 2>&1; then
	for page in docs/man/*.[1-8]; do
		out=$(mandoc -T lint -W style "$page" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db')
		[ -z "$out" ] || { echo "manuals: $page:"; echo "$out" | head -n 5; fail=1; }
	done
fi
exit $fail
