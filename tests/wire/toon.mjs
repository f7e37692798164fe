// Generated values through our TOON encoder and through the official package:
// equal bytes, and the package's strict decoder gives the value back.
// Usage: node toon.mjs ENCODER COUNT [SEED]   (NPM_DIR: where node_modules is)
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.NPM_DIR + "/");
const { encode, decode } = await import(pathToFileURL(require.resolve("@toon-format/toon")).href);
const [encoder, count, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 1)];

let state = seed >>> 0;
function random(n) {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return Math.floor((state / 4294967296) * n);
}
const pick = (list) => list[random(list.length)];

const words = ["", "a", "BlueLake", "Plan, step 2", "Re: Hi", "true", "null", "False", "42", "-3.5", "007", "1e6", "+5", ".5",
	"5.", "1.5e", "0x10", "- x", "-", "#1", "a#1", "[x]", "{y}", "a|b", " lead", "trail ", "\ttab", "in ner", "\u00a0nbsp\u00a0",
	"Zoë 🎉 日本語", "e\u0301", "\u0000", "\u001b[0m", "\u007f", "\u2028", "\ufeffx", "say \"hi\" \\o/", "l1\nl2\r\n\tl3", "@all",
	"project:web#RedStone", "2026-11-21T07:10:09.123456+00:00", "src/**/*.py", "/data/h", "+", "-1e5x", "1e+5", "1E-5", "1_0", "٣"];
const names = ["id", "from", "subject", "a.b", "x-agent", "9k", "", "a b", "ü", "_ok", "/data/h", "to", "n", "q\"", "k:", "l\n", "-m"];
const numbers = [0, -0, 1, -7, 1.5, 0.1, 1e6, 1e21, 1e20, 123456789012345680000 / 1, 1e-6, 1e-7, 1.5e-7, 9007199254740991, -1e-300, 5e-324,
	1.7976931348623157e308, 0.1 + 0.2, 1 / 3, 4.35, 1e15 + 0.3, 100, 1.25e22];

function text() {
	if (random(3) > 0)
		return pick(words);
	let s = "";
	for (let n = random(8); n > 0; n--)
		s += random(3) === 0 ? pick(words) : pick(["a", "Z", "0", " ", ",", ":", "-", "\"", "\\", "\n", "é", "#", "e", ".", "+"]);
	return s;
}
function scalar() {
	switch (random(6)) {
	case 0: return null;
	case 1: return random(2) === 0;
	case 2: return pick(numbers);
	case 3: return (random(2000001) - 1000000) / pick([1, 10, 1000, 7, 1e9, 1e-9]);
	default: return text();
	}
}
const keys = (n) => Array.from({ length: n }, () => pick(names));
function row(shape, loose) {
	const o = {};
	for (const [k, sub] of shape)
		if (!(loose && random(12) === 0))
			o[k] = sub ? (loose && random(12) === 0 ? pick([null, {}, []]) : row(sub, loose)) : loose && random(20) === 0 ? value(1) : scalar();
	return loose && random(4) === 0 ? Object.fromEntries(Object.entries(o).reverse()) : o;
}
const shapeOf = (depth) => keys(1 + random(4)).map((k) => [k, depth > 0 && random(4) === 0 ? shapeOf(depth - 1) : null]);
function value(depth) {
	const kind = depth === 0 ? 0 : random(9);
	const shape = shapeOf(2), loose = random(3) === 0;

	switch (kind) {
	case 1: return Array.from({ length: random(5) }, scalar);
	case 2: return Array.from({ length: random(4) }, () => value(depth - 1));
	case 3: return Array.from({ length: random(5) }, () => row(shape, loose));
	case 4: return Object.fromEntries(keys(random(5)).map((k) => [k, row(shape, loose)]));
	case 5: return Array.from({ length: random(4) }, () => Array.from({ length: random(3) }, scalar));
	case 6: case 7: return Object.fromEntries(keys(random(5)).map((k) => [k, value(depth - 1)]));
	default: return scalar();
	}
}

const values = [], lines = [];
while (values.length < count) {
	const v = value(1 + random(7));
	const line = JSON.stringify(v);
	// What has no 64-bit integer form is not an answer of ours.
	if (/(?<![\d.e+-])-?\d{19,}(?![\d.e])/.test(line.replace(/"(?:[^"\\]|\\.)*"/g, '""')))
		continue;
	values.push(JSON.parse(line));
	lines.push(line);
}
const run = spawnSync(encoder, { input: lines.join("\n") + "\n", maxBuffer: 1 << 30, encoding: "utf8" });
if (run.status !== 0) {
	console.error(run.stderr);
	process.exit(2);
}
let failed = 0;
run.stdout.trimEnd().split("\n").forEach((answer, i) => {
	const ours = JSON.parse(answer), theirs = encode(values[i]);
	let back;

	try {
		back = decode(ours);
	} catch (e) {
		back = e;
	}
	if (ours === theirs && isDeepStrictEqual(back, JSON.parse(JSON.stringify(values[i]))))
		return;
	if (failed++ < 3)
		console.log("VALUE  ", lines[i], "\nOURS\n" + ours, "\nTHEIRS\n" + theirs, "\nDECODED", JSON.stringify(back));
});
console.log(`toon: ${values.length} values, ${failed} differ`);
process.exit(failed === 0 ? 0 : 1);
