#!/bin/sh
# names - a source file that a comment of src/, tests/ or bench/ names is there: dir/file.[ch] or dir/file.def below src/,
# tests/, the root or beside the comment's own file, a bare file.[ch] or file.def anywhere in them. In .sql, what follows --.
# `*` stands for some letters. What stands in <> or "" is a header of another package or an example.
cd "$(dirname "$0")/../.." || exit 1
find src tests bench -name '*.[ch]' -o -name '*.def' -o -name '*.sql' | sort | awk '
	BEGIN {
		nsystem = split("alloca.h limits.h signal.h stdio.h sysexits.h unistd.h", words, " ")
		for (i = 1; i <= nsystem; i++) system_header[words[i]] = 1
		code = "\"([^\"\\\\]|\\\\.)*\"|/[*]|//|\\047([^\\047\\\\]|\\\\.)\\047"
	}
	{
		file[++n] = $0
		path[$0] = 1
		for (s = $0; match(s, "^[^/]*/");) { s = substr(s, RLENGTH + 1); if (s ~ "/" && !tail) { below[s] = 1; break } }
		base = $0; sub(".*/", "", base); name[base] = 1
	}
	function glob(t,    re, p) {
		re = t; gsub("[.]", "[.]", re); gsub("[*]", "[a-z0-9_]*", re)
		for (p in path) if (p ~ ("(^|/)" re "$")) return 1
		return 0
	}
	function there(t, from,    dir) {
		if (t ~ "[*]") return glob(t)
		if (t !~ "/") return (t in name) || (t in system_header)
		dir = from; sub("/[^/]*$", "", dir)
		return (t in path) || (t in below) || ((dir "/" t) in path)
	}
	function look(text, from, line,    t) {
		gsub(/<[^>]*>|"[^"]*"/, " ", text)
		while (match(text, "[A-Za-z0-9_*./-]*[A-Za-z0-9_*][.](c|h|def)([^A-Za-z0-9_]|$)")) {
			t = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
			sub("[^chf]$", "", t)
			if (t ~ "^[*][.]" || there(t, from)) continue
			printf "names: %s:%d: %s is not there\n", from, line, t
			failed = 1
		}
	}
	END {
		for (i = 1; i <= n; i++) {
			inside = line = 0
			while ((getline text < file[i]) > 0) {
				line++
				if (file[i] ~ "sql$") { if (at = index(text, "--")) look(substr(text, at), file[i], line); continue }
				for (comment = ""; text != "";) {
					if (inside && !(at = index(text, "*/"))) { comment = comment " " text; break }
					if (inside) { comment = comment " " substr(text, 1, at - 1); text = substr(text, at + 2); inside = 0; continue }
					if (!match(text, code)) break
					word = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
					if (word == "//") { comment = comment " " text; break }
					inside = word == "/*"
				}
				if (comment != "") look(comment, file[i], line)
			}
			close(file[i])
		}
		exit failed
	}'
