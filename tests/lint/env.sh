#!/bin/sh
# env - every environment key of the contract (env.keys) is a setting's alias, or is listed as having no meaning here.
cd "$(dirname "$0")/../.." || exit 1
fail=0
aliases=$(sed -n 's/^CONF([^"]*"[^"]*"[^"]*"\([^"]*\)".*/\1/p' src/conf/conf.def)
foreign=$(sed -n 's/^FOREIGN(\([A-Z0-9_]*\),.*/\1/p' src/conf/foreign.def)
named() { grep -q "\`$1\`" docs/COMPATIBILITY.md; }
[ -n "$aliases" ] && [ -n "$foreign" ] || { echo "env: no rows in conf.def or foreign.def"; exit 1; }

for key in $(sed -n 's/^\([A-Z0-9_]*\)$/\1/p' tests/lint/env.keys); do
	echo $aliases $foreign | tr ' ' '\n' | grep -qx "$key" ||
		{ echo "env: $key is neither an alias in conf.def nor a row of foreign.def"; fail=1; }
done
for key in $(sed -n 's/^\([A-Z0-9_]*\) client$/\1/p' tests/lint/env.keys); do
	named "$key" || { echo "env: $key of clients is not in docs/COMPATIBILITY.md"; fail=1; }
done
for key in $foreign; do
	named "$key" || { echo "env: $key has no meaning here, and docs/COMPATIBILITY.md does not say why"; fail=1; }
	echo $aliases | tr ' ' '\n' | grep -qx "$key" && { echo "env: $key is in conf.def and in foreign.def"; fail=1; }
	grep -qx "$key" tests/lint/env.keys || { echo "env: $key of foreign.def is not in env.keys"; fail=1; }
done
exit $fail
