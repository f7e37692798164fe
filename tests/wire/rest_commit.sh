#!/bin/sh
# rest_commit - POST /api/archive/commit against a daemon with an archiver: the answer names a commit that is there and
# says what was asked, once; what was answered before lies in it or below it; a key gives the same commit again.
# Usage: [BUILD=build] rest_commit.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
build=$(realpath "${BUILD:-build}")
trap daemon_stop EXIT
fail() { echo "rest_commit: $*" >&2; cat "$DAEMON_DIR/log" >&2; exit 1; }

post() { curl -s -X POST "http://127.0.0.1:$DAEMON_PORT$1" -H 'Content-Type: application/json' -d "$2"; }
commit() {
	answer=$(curl -s -X POST "http://127.0.0.1:$DAEMON_PORT/api/archive/commit" -H 'Content-Type: application/json' \
	    -H "Idempotency-Key: $1" -d '{"project_slug":"shop","message":"before the release"}')
	id=$(printf %s "$answer" | sed -n 's/.*"commit_id":"\([0-9a-f]\{40\}\)".*/\1/p')
	[ -n "$id" ] || fail "no commit in the answer: $answer"
}

daemon_start "$build"
post /api/project/ensure '{"human_key":"shop"}' >/dev/null
for name in a b; do
	post /api/agent/register "{\"project_slug\":\"shop\",\"name\":\"$name\",\"program\":\"p\",\"model\":\"m\"}" >/dev/null
done
post /api/message/send '{"project_slug":"shop","sender_name":"a","recipient_names":["b"],"subject":"Plan","body_md":"x"}' >/dev/null
commit one
archive=$DAEMON_DIR/data/archive
git -C "$archive" log -1 --format=%s "$id" | grep -q 'snapshot' || fail "commit $id does not say snapshot"
git -C "$archive" ls-tree -r --name-only "$id" | grep -q 'agents/b/inbox/' || fail "mail answered before is not in it"
first=$id
commit two
[ "$id" != "$first" ] || fail "a second one is the first"
git -C "$archive" diff --quiet "$first" "$id" || fail "the second one changes files"
second=$id
commit two
[ "$id" = "$second" ] || fail "the key gave another commit"
# The first may share its commit with the mail.
n=$(git -C "$archive" log --format=%B | grep -c '^snapshot: before the release$')
[ "$n" -eq 2 ] || fail "$n snapshots for two that were asked for"
echo "archive/commit: made, named and found again"
