#!/bin/sh
# attachments - a picture over MCP into the archive's Git, and back out of it; decoders that hang, crash or are
# killed: the message is refused by name, nothing of it is left, and the one worker answers meanwhile.
# Usage: [BUILD=build] attachments.sh
cd "$(dirname "$0")/../.." || exit 1
. tests/support/daemon.sh
build=$(realpath "${BUILD:-build}")
failed=0
own=$(mktemp -d) || exit 1
trap 'daemon_stop; rm -rf "$own"' EXIT

say() {
	echo "attachments: $1" >&2
	failed=1
}

# tool NAME ARGUMENTS: the answer on stdout
tool() {
	curl -s -m 30 "http://127.0.0.1:$DAEMON_PORT/mcp" -H 'Content-Type: application/json' \
	    -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"$1\",\"arguments\":$2}}"
}

# send WHAT PART MEMBERS: the answer has PART
send() {
	_got=$(tool send_message "{\"project_key\":\"/data/h/attach\",\"sender_name\":\"BlueLake\",\"to\":[\"GreenCastle\"],\"subject\":\"S\",\"body_md\":\"B\",$3}")
	case $_got in *"$2"*) ;; *) say "$1: wanted $2, got $(printf %.600s "$_got")" ;; esac
}

# until WHAT COMMAND...: at most ten seconds
until_true() {
	_what=$1 _n=0
	shift
	until "$@" >/dev/null 2>&1; do
		_n=$((_n + 1))
		[ $_n -lt 100 ] || { say "$_what does not come"; return; }
		sleep 0.1
	done
}

people() {
	tool ensure_project '{"human_key":"/data/h/attach"}' >/dev/null
	for name in BlueLake GreenCastle; do
		tool register_agent "{\"project_key\":\"/data/h/attach\",\"program\":\"p\",\"model\":\"m\",\"name\":\"$name\"}" >/dev/null
		tool set_contact_policy "{\"project_key\":\"/data/h/attach\",\"agent_name\":\"$name\",\"policy\":\"open\"}" >/dev/null
	done
	dir=$DAEMON_DIR/data/archive/projects/data-h-attach
	mkdir -p "$dir/img"
	python3 - "$dir/img" <<-'EOF'
		import random, struct, sys, zlib
		random.seed(1)
		def chunk(t, d): return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
		def png(w, h, row):
		    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, 8, 2, 0, 0, 0)) + \
		        chunk(b'IDAT', zlib.compress(b''.join(b'\0' + row(w) for _ in range(h)), 1)) + chunk(b'IEND', b'')
		for name, data in (('small.png', png(3, 2, lambda w: bytes(3 * w))), ('big.png', png(320, 320, lambda w: random.randbytes(3 * w))),
		                   ('bomb.png', png(7100, 7100, lambda w: bytes(3 * w)))):
		    open(sys.argv[1] + '/' + name, 'wb').write(data)
		open(sys.argv[1] + '/half.png', 'wb').write(open(sys.argv[1] + '/big.png', 'rb').read()[:100000])
		open(sys.argv[1] + '/note.txt', 'w').write('hello\n')
	EOF
}

daemon_start "$build" -o workers=1 -o keep_original_images=yes
people
send small '\"type\":\"inline\",\"media_type\":\"image/webp\"' '"attachment_paths":["img/small.png"]'
send body 'look ![alt text](data:image/webp;base64,UklGR' '"body_md":"look ![alt text](img/small.png) end"'
send bomb "image file 'img/bomb.png' has 7100x7100 pixels" '"attachment_paths":["img/bomb.png"]'
send truncated "cannot identify image file 'img/half.png'" '"attachment_paths":["img/small.png","img/half.png"]'
send type "cannot identify image file 'img/note.txt'" '"attachment_paths":["img/note.txt"]'
send missing "No such file or directory: 'img/none.png'" '"attachment_paths":["img/none.png"]'
send traversal 'directory traversal not allowed' '"attachment_paths":["../x.png"]'
send absolute 'Absolute attachment paths are disabled' '"attachment_paths":["/etc/passwd"]'
sha=$(sha1sum "$dir/img/big.png" | cut -c1-40)
at=projects/data-h-attach/attachments
send big "\\\"path\\\":\\\"$at/$(printf %.2s "$sha")/$sha.webp\\\"" '"attachment_paths":["img/big.png"]'
archive=$DAEMON_DIR/data/archive
until_true "the picture in Git" git -C "$archive" cat-file -e "HEAD:$at/$(printf %.2s "$sha")/$sha.webp"
git -C "$archive" cat-file -e "HEAD:$at/_manifests/$sha.json" || say "no manifest"
git -C "$archive" show "HEAD:$at/originals/$(printf %.2s "$sha")/$sha.png" | cmp -s - "$dir/img/big.png" || say "the original is another one"
git -C "$archive" show "HEAD:$at/$(printf %.2s "$sha")/$sha.webp" >"$own/webp"
[ "$(head -c 4 "$own/webp")$(tail -c +9 "$own/webp" | head -c 4)" = RIFFWEBP ] || say "no WebP"
[ "$(git -C "$archive" log --format=%s -- "$at/$(printf %.2s "$sha")" | grep -c '^mail: BlueLake -> GreenCastle | S')" = 1 ] || say "not with the message's commit"
[ -z "$(git -C "$archive" fsck --full --strict 2>&1 | grep -v '^notice\|^Checking')" ] || say "git fsck complains"
# Three messages were stored, those refused left nothing.
[ "$(tool fetch_inbox '{"project_key":"/data/h/attach","agent_name":"GreenCastle","fields":["id"]}' | grep -o '\\"id\\"' | wc -l)" = 3 ] || say "refused messages are there"
daemon_stop

# The same daemon with decoders that do not behave: it looks for its program beside itself.
cp "$build/agentmaild" "$own/" && daemon_start "$own" -o workers=1 -o image_timeout=20
people
printf '#!/bin/sh\nkill -SEGV $$\n' >"$own/agentmail-picture" && chmod +x "$own/agentmail-picture"
send crash "Image file 'img/small.png' ended the decoder with a crash" '"attachment_paths":["img/small.png"]'
printf '#!/bin/sh\necho $$ >%s/pid.$$\nexec sleep 1000\n' "$own" >"$own/agentmail-picture"
# Four wait, two of them for a decoder that hangs; health and other calls do not.
for i in 1 2 3 4; do
	tool send_message '{"project_key":"/data/h/attach","sender_name":"BlueLake","to":["GreenCastle"],"subject":"S","body_md":"![](img/small.png)"}' >"$own/answer.$i" &
	eval "client$i=$!"
done
two_hang() { [ "$(cat "$own"/pid.* | wc -l)" = 2 ]; }
until_true "a decoder" two_hang
[ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$DAEMON_PORT/health")" = 200 ] || say "health does not answer while decoders hang"
case $(tool fetch_inbox '{"project_key":"/data/h/attach","agent_name":"GreenCastle"}') in *'"result"'*) ;; *) say "no inbox while decoders hang" ;; esac
# One is killed: its message is refused by name, and the next takes its place.
kill -9 "$(head -n 1 "$(ls "$own"/pid.* | head -n 1)")"
three_came() { [ "$(cat "$own"/pid.* | wc -l)" = 3 ]; }
until_true "the next decoder" three_came
printf '#!/bin/sh\nexec %s/agentmail-picture "$@"\n' "$build" >"$own/agentmail-picture"
for f in "$own"/pid.*; do kill -9 "$(cat "$f")" 2>/dev/null; done
# shellcheck disable=SC2154
wait "$client1" "$client2" "$client3" "$client4"
[ "$(grep -l "ended the decoder with a crash" "$own"/answer.* | wc -l)" = 3 ] || say "killed decoders: $(cat "$own"/answer.*)"
[ "$(grep -l verified_sender "$own"/answer.* | wc -l)" = 1 ] || say "the one that waited was not sent"
send again '\"type\":\"inline\"' '"attachment_paths":["img/small.png"]'
rm "$own/agentmail-picture"
send "no program" "agentmail-picture cannot be run" '"attachment_paths":["img/small.png"]'

exit $failed
