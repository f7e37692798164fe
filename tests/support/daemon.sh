# daemon.sh - start and stop a daemon of its own for a shell script (sourced); daemon.py does it.
#
#   daemon_start BUILD [-o key=value]...   sets DAEMON_PORT, DAEMON_DIR, DAEMON_PID; waits until all of it serves
#   daemon_halt                            ends it and keeps its data
#   daemon_run                             starts it again on its data, with DAEMON_OPTIONS
#   daemon_restart                         both
#   daemon_free_port                       prints a port that nobody listens on
#   daemon_stop                            ends it and removes its directory
# State lies in DAEMON_DIR/data, what it says in DAEMON_DIR/log. Sourced from the top of the tree, or with HERE, the
# script's own folder, set.

for _top in . "${HERE:-.}/.." "${HERE:-.}/../.."; do
	[ -e "$_top/tests/support/daemon.py" ] && DAEMON_PY=$(realpath "$_top/tests/support/daemon.py") && break
done

daemon_start() {
	DAEMON_BUILD=$1
	shift
	DAEMON_OPTIONS=$*
	_said=$(python3 "$DAEMON_PY" start "$DAEMON_BUILD" "$@") || exit 2
	eval "$_said"
}

daemon_free_port() {
	python3 "$DAEMON_PY" port
}

daemon_halt() {
	[ -z "${DAEMON_PID:-}" ] || python3 "$DAEMON_PY" halt "$DAEMON_PID" || exit 2
	DAEMON_PID=
}

daemon_run() {
	# Options have no blanks in them.
	# shellcheck disable=SC2086
	_said=$(python3 "$DAEMON_PY" run "$DAEMON_DIR" "$DAEMON_PORT" "$DAEMON_BUILD" $DAEMON_OPTIONS) || exit 2
	eval "$_said"
}

daemon_restart() {
	daemon_halt
	daemon_run
}

daemon_stop() {
	daemon_halt
	[ -z "${DAEMON_DIR:-}" ] || rm -rf "$DAEMON_DIR"
}
