// openapi - validates /openapi.json of a running daemon and calls every operation in it, aliases included:
// valid arguments (openapi_examples.mjs) give the declared success; a member left out, of the wrong type or outside of
// its words, a name or an id that nobody has, a body that is no JSON give the declared failure in its declared form.
// An operation without an example is a failure that names it.
//
// Usage: node openapi.mjs URL DIRECTORY       NPM_DIR: where the validators are
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { examples, World } from './openapi_examples.mjs';

const [url, dir] = process.argv.slice(2);
const require = createRequire(`${process.env.NPM_DIR}/`);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const problems = [];
let calls = 0;

const complain = (text) => problems.push(text);

/* The document itself. */

async function check(doc) {
	const { Validator } = await load('@seriousme/openapi-schema-validator');
	const { validate } = await load('@readme/openapi-parser');
	const schema = await new Validator().validate(structuredClone(doc));
	const rules = await validate(structuredClone(doc));
	const ids = new Set();

	if (!schema.valid)
		complain(`not OpenAPI 3.1: ${JSON.stringify(schema.errors).slice(0, 1000)}`);
	if (!rules.valid)
		complain(`against the rules of OpenAPI: ${JSON.stringify(rules.errors).slice(0, 1000)}`);
	for (const op of operations(doc)) {
		const vars = [...op.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
		const declared = op.params.filter((p) => p.in === 'path').map((p) => p.name).sort();

		if (ids.has(op.id))
			complain(`${op.id}: an operationId given twice`);
		ids.add(op.id);
		if (vars.join() !== declared.join())
			complain(`${op.id}: variables of the path are [${vars}], declared are [${declared}]`);
		if (op.method === 'get' && op.body)
			complain(`${op.id}: a GET with a body`);
		if (!doc.tags.some((t) => t.name === op.tag))
			complain(`${op.id}: its tag ${op.tag} is not in the list`);
	}
	for (const op of operations(doc))
		if (op.aliasOf && !ids.has(op.aliasOf))
			complain(`${op.id}: alias of ${op.aliasOf}, which is not there`);
}

function resolve(doc, v) {
	return v.$ref ? v.$ref.slice(2).split('/').reduce((at, key) => at[key], doc) : v;
}

function operations(doc) {
	const all = [];

	for (const [path, item] of Object.entries(doc.paths))
		for (const [method, op] of Object.entries(item)) {
			const body = op.requestBody?.content['application/json'].schema;
			const responses = Object.fromEntries(
				Object.entries(op.responses).map(([status, r]) => [status, resolve(doc, r)]));

			all.push({ path, method, responses, id: op.operationId, aliasOf: op['x-alias-of'], tag: op.tags[0],
				body: body && resolve(doc, body), doc,
				params: (op.parameters ?? []).map((p) => resolve(doc, p)) });
		}
	return all;
}

/* One call, and whether its answer is one that the document promises. */

async function call(op, args, { status, raw, type = 'application/json', why }) {
	const query = new URLSearchParams();
	const rest = { ...args };
	let path = op.path;

	for (const p of op.params) {
		if (!(p.name in rest) || p.in === 'header')
			continue;
		if (p.in === 'path')
			path = path.replace(`{${p.name}}`, encodeURIComponent(rest[p.name]));
		else if (rest[p.name] !== undefined)
			query.set(p.name, rest[p.name]);
		delete rest[p.name];
	}
	const r = await fetch(`${url}${path}${query.size ? `?${query}` : ''}`, { method: op.method.toUpperCase(),
		headers: op.body ? { 'Content-Type': type } : {}, body: op.body ? raw ?? JSON.stringify(rest) : undefined });
	const bytes = Buffer.from(await r.arrayBuffer());
	const where = `${op.id} (${op.method} ${op.path}), ${why}`;
	const told = `${where}: ${r.status} ${bytes.toString().slice(0, 300)}`;

	calls++;
	if (r.status !== status)
		complain(`${told}; wanted ${status}`);
	return judge(op, r, bytes, told);
}

function judge(op, r, bytes, told) {
	const declared = op.responses[r.status];
	const type = (r.headers.get('content-type') ?? '').split(';')[0];
	const content = Object.entries(declared?.content ?? {}).find(([t]) => t.split(';')[0] === type || t === '*/*');
	let json;

	if (!declared)
		return complain(`${told}; the status is not declared`);
	if (!content)
		return complain(`${told}; ${type || 'no type'} is not declared for it`);
	if (type !== 'application/json')
		return undefined;
	try {
		json = JSON.parse(bytes);
	} catch {
		return complain(`${told}; no JSON`);
	}
	if (content[1].schema)
		fit(resolve(op.doc, content[1].schema), json, told);
	return json;
}

/* As much of JSON Schema as our answers are described with. */
function fit(schema, v, told) {
	const kind = v === null ? 'null' : Array.isArray(v) ? 'array' : Number.isInteger(v) ? 'integer' : typeof v;
	const types = [schema.type ?? kind].flat();

	if (!types.includes(kind) && !(kind === 'integer' && types.includes('number')))
		complain(`${told}; ${kind} where ${types} is declared`);
	for (const name of kind === 'object' ? schema.required ?? [] : [])
		if (!(name in v))
			complain(`${told}; the declared member ${name} is missing`);
	for (const [name, value] of kind === 'object' ? Object.entries(v) : [])
		if (schema.properties?.[name])
			fit(schema.properties[name], value, told);
		else if (schema.additionalProperties === false)
			complain(`${told}; the member ${name} is not declared`);
	for (const value of kind === 'array' && schema.items ? v : [])
		fit(schema.items, value, told);
}

/* What an operation must refuse, made of its own description. */

const WRONG = { string: 5, integer: 'five', number: 'five', boolean: 'yes', array: 5 };
const typeOf = (schema) => [schema.type].flat()[0];

function unfitBodies(op) {
	return Object.entries(op.body.properties).flatMap(([name, schema]) => [
		...(schema.type ? [[{ [name]: WRONG[typeOf(schema)] }, `${name} of the wrong type`]] : []),
		...(schema.enum ? [[{ [name]: 'no such word' }, `${name} outside of its words`]] : []),
		...(op.body.required?.includes(name) ? [[{ [name]: undefined }, `without ${name}`], [{ [name]: null }, `${name} null`]] : []),
	]);
}

function unfitParams(op) {
	return op.params.filter((p) => p.in !== 'header').flatMap((p) => [
		...(['integer', 'number', 'boolean'].includes(typeOf(p.schema)) ? [[{ [p.name]: 'five' }, `${p.name} of the wrong type`]] : []),
		...(p.schema.enum ? [[{ [p.name]: 'no such word' }, `${p.name} outside of its words`]] : []),
		...(p.in === 'query' && p.required ? [[{ [p.name]: undefined }, `without ${p.name}`]] : []),
	]);
}

const PROJECT = /(^|_)(slug|project)$/;
const AGENT = /^(agent_name|sender_name|from_agent_name|to_agent_name|requester|target)$/;
const ID = /(^|_)id$/;

/* Names and ids that nobody has: 404 unless the example knows better (null: means nothing there). */
function unknowns(op, example) {
	const all = [...op.params.filter((p) => p.in !== 'header').map((p) => [p.name, p.schema]),
		...Object.entries(op.body?.properties ?? {})];
	const found = [];

	for (const [name, schema] of all) {
		const word = typeOf(schema) === 'integer' && ID.test(name) ? 987654321
			: typeOf(schema) === 'string' && PROJECT.test(name) ? 'no-such-project'
			: typeOf(schema) === 'string' && AGENT.test(name) ? 'NoSuchAgent' : undefined;
		const wanted = example.unknown?.[name];

		if (wanted && typeof wanted === 'object')
			found.push([{ [name]: wanted.value }, wanted.status, name]);
		else if (word !== undefined && wanted !== null)
			found.push([{ [name]: word }, wanted ?? 404, name]);
	}
	return found;
}

/* What requires nothing is called with nothing; what requires something needs an example. */
const needsNothing = (op) => !op.body?.required?.length && !op.params.some((p) => p.required);

async function walk(op, world) {
	const example = examples[op.aliasOf ?? op.id] ?? (needsNothing(op) ? {} : undefined);
	const success = Number(Object.keys(op.responses).find((s) => s[0] === '2'));
	const optional = Object.fromEntries(Object.entries(op.body?.properties ?? {})
		.filter(([name]) => !op.body.required?.includes(name)).map(([name]) => [name, null]));

	if (!example)
		return complain(`${op.id} (${op.method} ${op.path}): no example arguments in openapi_examples.mjs`);
	const args = async () => (example.args ? example.args(world) : {});
	const tries = [];

	tries.push([{}, { status: success, why: 'valid' }]);
	if (op.body) {
		if (!example.needsOptional)
			tries.push([optional, { status: success, why: 'optional members null' }]);
		tries.push([{}, { status: 400, raw: '{"half":', why: 'half a body' }]);
		tries.push([{}, { status: 415, type: 'text/plain', why: 'text/plain' }]);
		tries.push(...unfitBodies(op).map(([change, why]) => [change, { status: 422, why }]));
	}
	tries.push(...unfitParams(op).map(([change, why]) => [change, { status: 400, why }]));
	tries.push(...unknowns(op, example).map(([change, status, name]) => [change, { status, why: `unknown ${name}` }]));
	for (const [change, options] of tries) {
		const given = { ...await args(), ...change };

		if (options.why === 'optional members null')
			for (const name of Object.keys(optional))
				if (example.args && name in await args())
					given[name] = (await args())[name];
		await call(op, given, options);
	}
}

const doc = await (await fetch(`${url}/openapi.json`)).json();
await check(doc);
const world = await World.make(url, dir);
const ops = operations(doc);
for (const op of ops)
	await walk(op, world);
for (const name of Object.keys(examples))
	if (!ops.some((op) => op.id === name))
		complain(`openapi_examples.mjs knows ${name}, the document does not`);
if (problems.length > 0) {
	console.error(problems.join('\n'));
	console.error(`openapi: ${problems.length} problems`);
	process.exit(1);
}
console.log(`openapi: ${ops.length} operations, ${calls} calls answered as declared`);
