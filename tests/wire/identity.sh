#!/bin/sh
# identity - resource://identity of a real daemon: the helper reads the repository, a directory that may not be read
# stays unknown, and nothing is written.
# Usage: [BUILD=build] identity.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
failed=0
trap daemon_stop EXIT
daemon_start "$(realpath "${BUILD:-build}")"
top=$DAEMON_DIR/repo
HOME=$DAEMON_DIR GIT_CONFIG_NOSYSTEM=1 git -c init.defaultBranch=main init -q "$top"
git -C "$top" remote add origin https://example.com/team/repo.git
before=$(cd "$top" && find . | sort)

# want PART WHAT PATH: a piece of the text of the resource.
want() {
	_got=$(curl -s "http://127.0.0.1:$DAEMON_PORT/mcp" -H 'Content-Type: application/json' \
	    -H 'Accept: application/json, text/event-stream' \
	    -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"resource://identity/$3\"}}" |
	    sed 's/\\"/"/g')
	case $_got in
	*"$1"*) ;;
	*) echo "identity: $2: no $1 in $_got" >&2; failed=1 ;;
	esac
}

encoded=$(printf %s "$top" | sed 's#/#%2F#g')
for twice in 1 2; do
	want "\"repo_root\":\"$top\",\"git_common_dir\":\".git\",\"branch\":\"main\",\"worktree_name\":\"repo\",\"core_ignorecase\":false,\"normalized_remote\":\"example.com/team/repo\",\"project_uid\":\"b8a94b244dcdb5fb6688\",\"discovery\":null" "pass $twice" "$encoded"
done
want '"repo_root":null' 'no repository' "$(printf %s "$DAEMON_DIR" | sed 's#/#%2F#g')"
[ "$before" = "$(cd "$top" && find . | sort)" ] || { echo "identity: something was written" >&2; failed=1; }
[ $failed -eq 0 ] && echo "identity: what the repository says"
exit $failed
