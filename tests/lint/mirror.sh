#!/bin/sh
# mirror - tests/unit mirrors src/: a folder of suites has its folder there; a suite lies beside the file of its name, or
# files whose names begin with it, or its head says "check_<name> - what it is about"; T=<name> finds it.
cd "$(dirname "$0")/../.." || exit 1
fail=0
say() { echo "mirror: $*"; fail=1; }

for t in $(find tests/unit -name '*.c' | sort); do
	dir=${t#tests/unit/} name=${t##*/}
	[ "$dir" = runner.c ] && continue
	dir=${dir%/*} name=${name%.c}
	case $name in check_*) name=${name#check_} ;; *) say "$t: a suite's file is check_<name>.c"; continue ;; esac
	[ -d "src/$dir" ] || { say "$t: there is no src/$dir"; continue; }
	grep -q "^suite_$name(void)" "$t" && grep -q "suite_create(\"$name\")" "$t" || say "$t: has to define suite_$name, called \"$name\""
	for f in "src/$dir/$name".[ch] "src/$dir/${name}"_*.[ch]; do
		[ -e "$f" ] && continue 2
	done
	for f in $(find src -name "$name.[ch]"); do
		say "$t: $f lies elsewhere: move the suite there, or give it another name"
		continue 2
	done
	head -n 2 "$t" | tr '\n' ' ' | grep -q "^/\* *\* check_$name - \|^/\* check_$name - " ||
		say "$t: src/$dir has no file of that name, so the head has to say \"check_$name - what it is about\""
done
exit $fail
