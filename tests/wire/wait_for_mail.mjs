// wait_for_mail.mjs PORT PID - the client of wait_for_mail.sh.
import assert from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [port, master] = process.argv.slice(2).map(Number);
const project = '/srv/waiting';

// One request on a connection of its own; `abort` in the promise ends it.
function post(body, headers = {}) {
	let request;
	const answer = new Promise((resolve, reject) => {
		request = http.request({ port, host: '127.0.0.1', path: '/mcp', method: 'POST', agent: false,
			headers: { 'Content-Type': 'application/json', ...headers } }, (res) => {
			let text = '';
			res.on('data', (d) => { text += d; });
			res.on('end', () => resolve(JSON.parse(text)));
		});
		request.on('error', reject);
		request.end(JSON.stringify(body));
	});
	answer.abort = () => { answer.catch(() => {}); request.destroy(); };
	return answer;
}

const message = (id, name, args) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });

function tool(name, args) {
	const sent = post(message(1, name, { project_key: project, ...args }));
	const value = sent.then((a) => {
		assert(!a.result.isError, JSON.stringify(a));
		return a.result.structuredContent;
	});
	value.abort = () => { value.catch(() => {}); sent.abort(); };
	return value;
}

const wait = (agent_name, more = {}) => tool('wait_for_mail', { agent_name, ...more });
const send = (to, subject) => tool('send_message', { sender_name: 'RedStone', to: [to], subject, body_md: 'b' });

async function until(what, check) {
	for (let i = 0; !(await check()); i++) {
		assert(i < 600, `${what}: not in 30 s`);
		await pause(50);
	}
}

// Of all processes together.
async function waiting() {
	const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
	return [...text.matchAll(/^agentmail_requests_waiting(?:\{[^}]*\})? (\d+)/gm)].reduce((n, m) => n + Number(m[1]), 0);
}

function workers() {
	return readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
		try {
			const stat = readFileSync(`/proc/${p}/stat`, 'utf8');
			return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === master &&
			    readFileSync(`/proc/${p}/cmdline`, 'utf8').includes('worker');
		} catch { return false; }
	});
}

// Ticks of 10 ms that the workers have used.
const used = () => workers().reduce((n, p) => {
	const f = readFileSync(`/proc/${p}/stat`, 'utf8');
	const v = f.slice(f.lastIndexOf(')') + 2).split(' ');
	return n + Number(v[11]) + Number(v[12]);
}, 0);

await post(message(1, 'ensure_project', { human_key: project }));
for (const name of ['BlueLake', 'GreenCastle', 'RedStone'])
	await tool('register_agent', { name, program: 'p', model: 'm' });
for (const agent_name of ['BlueLake', 'GreenCastle'])
	await tool('set_contact_policy', { agent_name, policy: 'open' });
assert.equal(workers().length, 2);

// Sixteen connections lie on both workers; the send comes by one.
let all = Array.from({ length: 16 }, () => wait('BlueLake', { timeout_seconds: 55 }));
const other = wait('GreenCastle', { timeout_seconds: 55 });
await until('17 wait', async () => await waiting() === 17);
await send('BlueLake', 'one');
for (const r of await Promise.all(all)) {
	assert.deepEqual(r.messages.map((m) => m.subject), ['one']);
	assert.equal(r.cursor, r.messages[0].id);
}
const cursor = (await wait('BlueLake')).cursor;
// Nobody else was told, and who went away is forgotten.
await until('one waits', async () => await waiting() === 1);
other.abort();
await until('none waits', async () => await waiting() === 0);

// The deadline.
const begun = Date.now();
assert.deepEqual(await wait('BlueLake', { after: cursor, timeout_seconds: 1 }), { messages: [], cursor });
assert(Date.now() - begun >= 990);

// Two in one batch; one of them has mail at once.
const batch = post([message(1, 'wait_for_mail', { project_key: project, agent_name: 'BlueLake', after: cursor, timeout_seconds: 55 }),
	message(2, 'wait_for_mail', { project_key: project, agent_name: 'BlueLake' })], { 'MCP-Protocol-Version': '2025-03-26' });
await until('one of the batch waits', async () => await waiting() === 1);
await send('BlueLake', 'two');
assert.deepEqual((await batch).map((a) => a.result.structuredContent.messages[0].subject), ['two', 'one']);

// A thousand, for three seconds; then the reload answers them all with what there is.
all = Array.from({ length: 1000 }, (_, i) => wait(i % 2 ? 'GreenCastle' : 'RedStone', { timeout_seconds: 55 }));
await until('1000 wait', async () => await waiting() === 1000);
const before = used();
await pause(3000);
const ticks = used() - before;
assert(ticks <= 6, `${ticks * 10} ms of CPU in 3 s`);
process.kill(master, 'SIGHUP');
for (const r of await Promise.all(all))
	assert.deepEqual(r.messages, []);

// The new generation wakes as the old one did.
const again = wait('GreenCastle', { timeout_seconds: 55 });
await until('one waits again', async () => await waiting() === 1);
await send('GreenCastle', 'three');
assert.equal((await again).messages[0].subject, 'three');
console.log(`1,000 waiting: ${ticks * 10} ms of CPU in 3 s`);
