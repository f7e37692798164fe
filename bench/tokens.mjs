// Tokens (o200k vocabulary) of tools/list per profile, and of an inbox in both formats.
// Usage: node tokens.mjs list NAME URL | node tokens.mjs inbox URL   (NPM_DIR: where node_modules is)
import { createRequire } from "node:module";

const require = createRequire(process.env.NPM_DIR + "/");
const { encode } = require("gpt-tokenizer/encoding/o200k_base");
const tokens = (text) => encode(text).length;
const [what, name, address] = process.argv.slice(2);
const url = (what === "list" ? address : name) + "/mcp";
// The revision of the present clients: it has output schemas.
let id = 0;

async function rpc(method, params) {
	const answer = await fetch(url, {
		method: "POST",
		headers: { "content-type": "application/json", accept: "application/json, text/event-stream",
			"mcp-protocol-version": "2025-11-25" },
		body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
	});
	const body = await answer.json();

	if (body.error)
		throw new Error(JSON.stringify(body.error));
	return body.result;
}

async function call(tool, args) {
	const result = await rpc("tools/call", { name: tool, arguments: args });

	if (result.isError)
		throw new Error(tool + ": " + result.content[0].text);
	return result;
}

const line = (label, n, limit) => {
	console.log(`${label.padEnd(46)}${String(n).padStart(7)}${limit ? String(limit).padStart(8) + (n <= limit ? "  ok" : "  OVER") : ""}`);
	if (limit && n > limit)
		process.exitCode = 1;
};

async function list() {
	const limits = { full: 5000, core: 2500, minimal: 800 };
	const { tools } = await rpc("tools/list", {});

	line(`tools/list ${name}, ${tools.length} tools`, tokens(JSON.stringify(tools)), limits[name]);
	if (process.env.EACH)
		tools.map((t) => [t.name, tokens(JSON.stringify(t))]).sort((a, b) => b[1] - a[1]).forEach(([n, c]) => line("  " + n, c));
}

async function inbox() {
	const project_key = "/data/h/tokens", names = ["BlueLake", "GreenCastle"];
	const fields = ["id", "from", "subject", "thread_id", "importance"];
	const text = async (args) => (await call("fetch_inbox", { project_key, agent_name: names[1], ...args })).content[0].text;
	const subjects = ["Build green again", "Plan, step 2", "Review of the parser", "Re: flaky test in worker", "Who holds src/net?"];

	await call("ensure_project", { human_key: project_key });
	for (const agent of names)
		await call("register_agent", { project_key, program: "bench", model: "none", name: agent });
	await call("set_contact_policy", { project_key, agent_name: names[1], policy: "open" });
	line("empty inbox, json", tokens(await text({})), 5);
	line("empty inbox, toon", tokens(await text({ format: "toon" })), 5);
	for (let i = 0; i < 20; i++)
		await call("send_message", { project_key, sender_name: names[0], to: [names[1]], subject: subjects[i % 5],
			body_md: "text", thread_id: `TKT-${i % 7}`, importance: i % 4 ? "normal" : "high" });
	line("20 inbox rows, json", tokens(await text({})));
	line("20 inbox rows, toon", tokens(await text({ format: "toon" })));
	line("20 inbox rows of 5 fields, json", tokens(await text({ fields })));
	line("20 inbox rows of 5 fields, toon", tokens(await text({ fields, format: "toon" })), 500);
}

await (what === "list" ? list() : inbox());
