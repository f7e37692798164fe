#!/bin/sh
# sysv - the init script with an installed daemon, from a directory: start, status, reload, reopen, upgrade, restart,
# stop, and each of them at the wrong time. Usage: [BUILD=build] sysv.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
dir=$(mktemp -d) || exit 1
chmod 755 "$dir"
root=$dir/root script=init/agentmaild.sysv
port=$(daemon_free_port) || exit 1
passed=0 failed=0
DEFAULTS=$dir/defaults
export DEFAULTS
trap 'sh $script stop >/dev/null 2>&1; rm -rf "$dir"' EXIT

# check WHAT WANTED-EXIT-CODE COMMAND...
check() {
	_what=$1 _want=$2 _rc=0
	shift 2
	"$@" >"$dir/out" 2>&1 || _rc=$?
	if [ "$_rc" = "$_want" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "sysv: $_what: exit code $_rc, wanted $_want"
		cat "$dir/out"
		tail -n 5 "$dir/state/log" 2>/dev/null
	fi
}
init() {
	check "$1 $3" "$2" sh "$script" "$1"
}
says() {
	cp "$dir/out" "$dir/said"
	check "it says: $1" 0 grep -q "$1" "$dir/said"
}
health() {
	check "it answers $1" 0 curl -sf "http://127.0.0.1:$port/health"
}
master() {
	cat "$dir/state/agentmaild.pid"
}
# await WHAT COMMAND...: within 20 s
await() {
	_what=$1 _tries=0
	shift
	until "$@" >/dev/null 2>&1 || [ "$_tries" = 200 ]; do
		_tries=$((_tries + 1))
		sleep 0.1
	done
	check "$_what" 0 "$@"
}
other_master() {
	[ -n "$(master)" ] && [ "$(master)" != "$old" ] && kill -0 "$(master)"
}
workers() {
	"$root/usr/bin/agentmail" -c "$conf" -j ctl status | grep -o '"role":"worker"[^}]*"pid":[0-9]*\|"pid":[0-9]*[^}]*"role":"worker"' |
	    grep -o '"pid":[0-9]*' | sort
}
other_workers() {
	[ -n "$(workers)" ] && [ "$(workers)" != "$old" ]
}

make -s install DESTDIR="$root" PREFIX=/usr >/dev/null || exit 1
conf=$root/etc/agentmail/agentmail.conf
cat >"$conf" <<END
port = $port
state_dir = $dir/state
log_file = $dir/state/log
pid_file = $dir/state/agentmaild.pid
workers = 2
END
account=$(id -un)
mkdir "$dir/state"
if [ "$(id -u)" = 0 ]; then
	account=nobody
	chown nobody "$dir/state"
	chmod 755 "$root/etc/agentmail"
	chmod 644 "$conf"
fi
cat >"$DEFAULTS" <<END
DAEMON=$root/usr/sbin/agentmaild
CONFIG=$conf
PIDFILE=$dir/state/agentmaild.pid
ACCOUNT=$account
END

init status 3 "before the start"
init stop 0 "before the start"
init reload 7 "before the start"
init nonsense 2 "is refused"
init start 0 "on a new machine"
health "when start has returned"
init status 0 "while it runs"
says "is running ($(master))"
init start 0 "twice"
says "running already"
check "its workers run as $account" 0 test "$(ps -o user= --ppid "$(master)" | sort -u)" = "$account"
old=$(workers)
check "there are workers" 0 test -n "$old"
init reload 0 "while it runs"
await "reload brings other workers" other_workers
health "after the reload"
echo "nonsense = 1" >>"$conf"
init reload 78 "of a broken configuration"
init restart 78 "of a broken configuration"
init status 3 "after a restart that could not be"
sed -i '/nonsense/d' "$conf"
init start 0 "when it is mended"

mv "$dir/state/log" "$dir/state/log.1"
init reopen 0 "while it runs"
await "reopen makes a new log" test -e "$dir/state/log"
old=$(master)
init upgrade 0 "while it runs"
await "upgrade brings another master" other_master
health "after the upgrade"
old=$(master)
init restart 0 "while it runs"
check "restart brings another master" 0 other_master
health "after the restart"

# The number of a process that is none of ours is left alone.
init stop 0 "while it runs"
check "nothing answers" 7 curl -s "http://127.0.0.1:$port/health"
init status 3 "after the stop"
old=$$
echo "$old" >"$dir/state/agentmaild.pid"
init stop 0 "with another process in the pidfile"
init status 3 "with another process in the pidfile"
[ "$(id -u)" != 0 ] || chown nobody "$dir/state/agentmaild.pid"
init start 0 "with another process in the pidfile"
# A start that failed has left our own number there.
other_master && kill -9 "$(master)"
await "nobody is left after kill -9" sh -c "! sh $script status"
init start 0 "after kill -9"
health "after kill -9"
init stop 0 "at the end"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
