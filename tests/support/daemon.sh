# daemon.sh - start and stop a daemon of its own for a test script (sourced).
#
#   daemon_start BUILD [-o key=value]...   sets DAEMON_PORT, DAEMON_DIR, DAEMON_PID; waits until it answers
#   daemon_restart                         stops it and starts it again on its data, with the same options
#   daemon_stop                            stops it and removes its directory

# Below the ephemeral range, and nobody listens there now.
daemon_free_port() {
	while :; do
		_port=$((10000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
		_rc=0
		curl -s -o /dev/null "http://127.0.0.1:$_port/" || _rc=$?
		[ "$_rc" -eq 7 ] && break
	done
	echo "$_port"
}

daemon_start() {
	DAEMON_BUILD=$1
	shift
	DAEMON_OPTIONS=$*
	DAEMON_DIR=$(mktemp -d "${TMPDIR:-/tmp}/agentmail-daemon-XXXXXX")
	DAEMON_PORT=$(daemon_free_port)
	daemon_run
}

# Workers and archiver are.
daemon_ready() {
	_ready=$(curl -sf "http://127.0.0.1:$DAEMON_PORT/ready") || return 1
	case $_ready in *'"archive"'*) return 1 ;; esac
}

daemon_run() {
	# Options have no blanks in them.
	# shellcheck disable=SC2086
	env -i PATH="$PATH" HOME="$DAEMON_DIR" ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
	    ${UBSAN_OPTIONS:+UBSAN_OPTIONS="$UBSAN_OPTIONS"} "$DAEMON_BUILD/agentmaild" -F -o "port=$DAEMON_PORT" \
	    -o "state_dir=$DAEMON_DIR/data" $DAEMON_OPTIONS >>"$DAEMON_DIR/log" 2>&1 &
	DAEMON_PID=$!
	_tries=0
	until daemon_ready; do
		_tries=$((_tries + 1))
		if [ "$_tries" -gt 100 ] || ! kill -0 "$DAEMON_PID" 2>/dev/null; then
			echo "the daemon did not start:" >&2
			cat "$DAEMON_DIR/log" >&2
			exit 2
		fi
		sleep 0.1
	done
}

daemon_restart() {
	kill "$DAEMON_PID"
	wait "$DAEMON_PID" || :
	daemon_run
}

daemon_stop() {
	kill "$DAEMON_PID" 2>/dev/null || :
	wait "$DAEMON_PID" 2>/dev/null || :
	rm -rf "$DAEMON_DIR"
}
