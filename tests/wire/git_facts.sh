#!/bin/sh
# git_facts - resources of a real daemon that the helper asks Git for: identity reads the project's repository and writes
# nothing there; mailbox-with-commits tells what each message's commit says.
# Usage: [BUILD=build] git_facts.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
failed=0
trap daemon_stop EXIT
daemon_start "$(realpath "${BUILD:-build}")" -o archive_wait=yes
top=$DAEMON_DIR/repo
HOME=$DAEMON_DIR GIT_CONFIG_NOSYSTEM=1 git -c init.defaultBranch=main init -q "$top"
git -C "$top" remote add origin https://example.com/team/repo.git
before=$(cd "$top" && find . | sort)

# want PART WHAT PATH: a piece of the text of the resource.
want() {
	_got=$(curl -s "http://127.0.0.1:$DAEMON_PORT/mcp" -H 'Content-Type: application/json' \
	    -H 'Accept: application/json, text/event-stream' \
	    -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"resource://$3\"}}" |
	    sed 's/\\"/"/g')
	case $_got in
	*"$1"*) ;;
	*) echo "git_facts: $2: no $1 in $_got" >&2; failed=1 ;;
	esac
}

encoded=$(printf %s "$top" | sed 's#/#%2F#g')
for twice in 1 2; do
	want "\"repo_root\":\"$top\",\"git_common_dir\":\".git\",\"branch\":\"main\",\"worktree_name\":\"repo\",\"core_ignorecase\":false,\"normalized_remote\":\"example.com/team/repo\",\"project_uid\":\"b8a94b244dcdb5fb6688\",\"discovery\":null" "pass $twice" "identity/$encoded"
done
want '"repo_root":null' 'no repository' "identity/$(printf %s "$DAEMON_DIR" | sed 's#/#%2F#g')"
[ "$before" = "$(cd "$top" && find . | sort)" ] || { echo "git_facts: something was written" >&2; failed=1; }

post() {
	curl -sf -o /dev/null "http://127.0.0.1:$DAEMON_PORT$1" -H 'Content-Type: application/json' -d "$2" ||
	    { echo "git_facts: $1 failed" >&2; failed=1; }
}
post /api/project/ensure '{"human_key":"/srv/x"}'
post /api/agent/register '{"project_slug":"/srv/x","name":"BlueLake","program":"p","model":"m"}'
post /api/agent/register '{"project_slug":"/srv/x","name":"RedFox","program":"p","model":"m"}'
post /api/message/send '{"project_slug":"/srv/x","sender_name":"BlueLake","recipient_names":["RedFox"],"subject":"Hi","body_md":"b"}'
want '"summary":"mail: BlueLake -> RedFox | Hi","authored_ts":"' commits 'mailbox-with-commits/RedFox?project=/srv/x'
want '"deletions":0,"diff_summary":{"hunks":1,"excerpt":["+---json","+{"' excerpt 'mailbox-with-commits/RedFox?project=/srv/x'
want '"commit":{"hexsha":"' 'id alone' 'mailbox/RedFox?project=/srv/x'
[ $failed -eq 0 ] && echo "git_facts: what the repositories say"
exit $failed
