#!/bin/sh
# install - make install and uninstall into a directory: everything is there, runs from there, and goes again but
# for configuration and data.
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
check() {
	what=$1
	shift
	if "$@" >"$dir/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "install: $what: failed"
		cat "$dir/out"
	fi
}

root=$dir/root
check "make install" make -s install DESTDIR="$root" PREFIX=/usr
for f in usr/sbin/agentmaild usr/bin/agentmail usr/libexec/agentmail/agentmail-picture etc/agentmail/agentmail.conf etc/logrotate.d/agentmail \
	usr/share/man/man8/agentmaild.8 usr/share/man/man1/agentmail.1 usr/share/man/man5/agentmail.conf.5 \
	usr/share/man/man5/agentmail-archive.5 usr/share/man/man7/agentmail-tools.7 usr/share/bash-completion/completions/agentmail \
	usr/share/zsh/site-functions/_agentmail var/lib/agentmail; do
	check "$f is there" test -e "$root/$f"
done
check "a systemd unit is there" sh -c "find '$root' -name agentmaild.service | grep -q ."
check "the installed configuration is right" "$root/usr/sbin/agentmaild" -t -c "$root/etc/agentmail/agentmail.conf"
check "the installed client runs" "$root/usr/bin/agentmail" -V
check "the bash completion parses" bash -n "$root/usr/share/bash-completion/completions/agentmail"
echo "# changed" >> "$root/etc/agentmail/agentmail.conf"
check "install again" make -s install DESTDIR="$root" PREFIX=/usr
check "a changed configuration stays" grep -q '^# changed' "$root/etc/agentmail/agentmail.conf"
check "make uninstall" make -s uninstall DESTDIR="$root" PREFIX=/usr
check "configuration stays after uninstall" test -e "$root/etc/agentmail/agentmail.conf"
check "nothing else stays" sh -c "! find '$root' -type f ! -path '*/etc/agentmail/*' | grep ."
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
