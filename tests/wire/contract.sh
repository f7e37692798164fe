#!/bin/sh
# contract - answers that the reference was seen to give, asked of the daemon: tests/contract/*.cases. First that
# what compares them sees a wrong value, a member too many, a failure and an answer where a failure was expected.
# Usage: [BUILD=build] contract.sh
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
export BUILD PYTHONDONTWRITEBYTECODE=1
wrong=$(mktemp --suffix=.cases) || exit 1
trap 'rm -f "$wrong"' EXIT
cat >"$wrong" <<'CASES'
scenario wrong
case a value
call ensure_project {"human_key": "/wrong"}
gives {"id": "<proj>", "slug": "other", "human_key": "/wrong", "created_at": "<ts>"}
case a member
call ensure_project {"human_key": "/wrong"}
gives {"id": "<proj>", "slug": "wrong", "human_key": "/wrong"}
case a failure
call ensure_project {"human_key": "wrong"}
gives {"id": "<proj>", "slug": "wrong", "human_key": "/wrong", "created_at": "<ts>"}
case no failure
call ensure_project {"human_key": "/wrong"}
fails INVALID_ARGUMENT human_key<...>
case another kind of failure
call ensure_project {"human_key": "wrong"}
fails NOT_FOUND Invalid argument value: human_key<...>
CASES
got=$(python3 tests/contract/replay.py "$wrong") && { echo "wrong answers pass: $got" >&2; exit 1; }
case $got in
*"5 cases, 0 differ from the reference as written down, 5 wrong"*) ;;
*) echo "not five wrong answers: $got" >&2; exit 1 ;;
esac
python3 tests/contract/replay.py
