// Two agents over the official TypeScript SDK: register, reserve, mail, reply,
// search, read, acknowledge. Usage: node roundtrip.mjs URL [1|2]
// 1: @modelcontextprotocol/sdk (handshake and session), 2: @modelcontextprotocol/client.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [url, generation = "1"] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${process.env.SDK_DIR}/`));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const project = `/srv/sdk-ts${generation}`;

async function connect(name) {
  let client, transport;
  if (generation === "1") {
    const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
    const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
    client = new Client({ name, version: "1" });
    transport = new StreamableHTTPClientTransport(new URL(url));
  } else {
    const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
    client = new Client({ name, version: "1" }, { versionNegotiation: { mode: "auto" } });
    transport = new StreamableHTTPClientTransport(new URL(url));
  }
  await client.connect(transport);
  if (generation === "2") assert.equal(client.getNegotiatedProtocolVersion(), "2026-07-28");
  return client;
}

async function call(client, name, args) {
  const r = await client.callTool({ name, arguments: args });
  assert.ok(!r.isError, `${name}: ${r.content?.[0]?.text}`);
  assert.equal(r.content[0].type, "text");
  return JSON.parse(r.content[0].text);
}

async function agent(client, model) {
  const me = await call(client, "register_agent", { project_key: project, program: "sdk-test", model });
  assert.match(me.name, /^[A-Z][A-Za-z]+$/);
  return me.name;
}

const a = await connect("first"), b = await connect("second");
const tools = (await a.listTools()).tools.map((t) => t.name);
for (const t of ["send_message", "fetch_inbox", "file_reservation_paths", "search_messages"]) assert.ok(tools.includes(t), t);
await call(a, "ensure_project", { human_key: project });
const alice = await agent(a, "one"), bob = await agent(b, "two");

const granted = await call(a, "file_reservation_paths", { project_key: project, agent_name: alice, paths: ["src/*.c"], ttl_seconds: 600 });
assert.equal(granted.granted.length, 1);
const clash = await call(b, "file_reservation_paths", { project_key: project, agent_name: bob, paths: ["src/a.c"], ttl_seconds: 600 });
assert.equal(clash.conflicts.length, 1);

await call(b, "set_contact_policy", { project_key: project, agent_name: bob, policy: "open" });
await call(a, "set_contact_policy", { project_key: project, agent_name: alice, policy: "open" });
const sent = await call(a, "send_message", {
  project_key: project, sender_name: alice, to: [bob], subject: "Parser plan", body_md: "May I take the *parser*?", ack_required: true,
});
assert.equal(sent.count, 1);
const inbox = await call(b, "fetch_inbox", { project_key: project, agent_name: bob, include_bodies: true });
const mail = inbox.find((m) => m.subject === "Parser plan");
assert.equal(mail.from, alice);
assert.equal(mail.body_md, "May I take the *parser*?");
await call(b, "reply_message", { project_key: project, message_id: mail.id, sender_name: bob, body_md: "Yes, take it." });
const found = await call(b, "search_messages", { project_key: project, query: "parser", agent_name: bob });
const rows = Array.isArray(found) ? found : found.result;
assert.ok(rows.some((m) => m.id === mail.id));
assert.equal((await call(b, "mark_message_read", { project_key: project, agent_name: bob, message_id: mail.id })).read, true);
assert.equal((await call(b, "acknowledge_message", { project_key: project, agent_name: bob, message_id: mail.id })).acknowledged, true);
const answers = await call(a, "fetch_inbox", { project_key: project, agent_name: alice });
assert.ok(answers.some((m) => m.from === bob));

const resource = await a.readResource({ uri: `resource://inbox/${alice}?project=${encodeURIComponent(project)}` });
assert.ok(JSON.parse(resource.contents[0].text).count >= 1);
const wrong = await a.callTool({ name: "fetch_inbox", arguments: { project_key: project, agent_name: "NobodyHere" } });
assert.equal(wrong.isError, true);
await a.close();
await b.close();
console.log(`TypeScript SDK ${generation}: ok (${alice}, ${bob})`);
