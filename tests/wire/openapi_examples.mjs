// openapi_examples - the world that openapi.mjs works in, and arguments for each operation of /openapi.json.
//
// A row: args(world) makes valid arguments, and what they need, anew for each call (so calls that take something away
// come in any order). `unknown` says what a name or id that nobody has gives where that is not 404: another status,
// {value, status}, or null where nothing is looked up.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

export class World {
	static async make(url, dir) {
		const w = new World();

		w.url = url;
		w.count = 0;
		w.repo = `${dir}/repo`;
		mkdirSync(w.repo);
		execFileSync('git', ['init', '-q', w.repo], { env: { ...process.env, HOME: dir } });
		w.slug = (await w.post('/api/project/ensure', { human_key: w.repo })).slug;
		w.from = await w.agent();
		w.to = await w.agent();
		return w;
	}

	// What the world is made with must succeed.
	async post(path, body) {
		const r = await fetch(`${this.url}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body) });
		const text = await r.text();

		if (!r.ok)
			throw new Error(`${path} ${JSON.stringify(body)}: ${r.status} ${text}`);
		return JSON.parse(text);
	}

	fresh(word) {
		this.count += 1;
		return `${word}-${this.count}`;
	}

	async agent() {
		const name = this.fresh('agent');

		await this.post('/api/agent/register', { project_slug: this.slug, name, program: 'p', model: 'm' });
		return name;
	}

	async project() {
		return (await this.post('/api/project/ensure', { human_key: this.fresh('project') })).slug;
	}

	letter(extra) {
		return { project_slug: this.slug, sender_name: this.from, recipient_names: [this.to], subject: 'Hello',
			body_md: 'How are **you**?', ...extra };
	}

	message(extra) {
		return this.post('/api/message/send', this.letter(extra));
	}

	async reservation(path = `src/${this.fresh('file')}.c`) {
		const r = await this.post('/api/file_reservations/paths',
			{ project_slug: this.slug, agent_name: this.from, paths: [path] });

		return { id: r.granted[0].id, path };
	}

	async attachment() {
		return (await this.post('/api/attachments/add', { project_slug: this.slug, filename: 'b.txt', content_base64: 'aGVsbG8=' })).id;
	}

	async macro() {
		return (await this.post('/api/macros/register', { project_slug: this.slug, name: this.fresh('macro'),
			description: 'Tests', steps: ['one'] })).name;
	}

	async commit() {
		await this.message();
		return (await (await fetch(`${this.url}/api/archive/commits?limit=1`)).json())[0].full_sha;
	}

	async slot() {
		return (await this.post('/api/build_slots/acquire',
			{ project_slug: this.slug, agent_name: this.from, slot_name: this.fresh('slot') })).slot_id;
	}

	async link() {
		return (await this.post('/api/contacts/request', { from_project_slug: this.slug, from_agent_name: await this.agent(),
			to_project_slug: this.slug, to_agent_name: this.to, reason: 'work' })).link_id;
	}
}

const mine = (w) => ({ project_slug: w.slug, agent_name: w.to });
const project = (w) => ({ project_slug: w.slug });

export const examples = {
	/* what is no row */
	health_healthy: {}, health_alive: {}, health_ok: {}, health_plain: {}, health_ready: {}, health_readiness: {},
	health_durability: {}, health_checks: {}, metrics_handle: {}, openapi_handle: {},

	/* projects */
	project_ensure: { args: (w) => ({ human_key: w.fresh('key') }) },
	project_list: {},
	project_info: { args: project },
	quota_status: { args: project },
	export: { args: (w) => ({ ...project(w), format: 'csv' }), unknown: { after_id: null } },
	archive_commit: { args: (w) => ({ ...project(w), message: 'A label' }) },
	project_siblings: { args: project },
	project_delete: { args: async (w) => ({ slug: await w.project() }) },

	/* agents */
	project_agents: { args: (w) => ({ slug: w.slug }) },
	agent_register: { args: (w) => ({ ...project(w), name: w.fresh('agent'), program: 'p', model: 'm' }) },
	agent_whois: { args: mine },
	agent_profile: { args: mine },
	agent_profile_update: { args: (w) => ({ ...mine(w), task_description: 'Tests' }) },
	agent_delete: { args: async (w) => ({ slug: w.slug, name: await w.agent() }), unknown: { name: { value: 'NoSuchAgent', status: 404 } } },
	agent_suggest: { args: project },
	session_start: { args: (w) => ({ ...project(w), name: w.fresh('agent'), program: 'p', model: 'm', patterns: ['doc/*'] }) },

	/* reservations, build slots, guard */
	reservation_paths: { args: (w) => ({ ...mine(w), paths: [`src/${w.fresh('f')}.c`] }) },
	reservation_release: { args: async (w) => ({ ...project(w), agent_name: w.from, paths: [(await w.reservation()).path] }) },
	reservation_renew: { args: async (w) => ({ reservation_id: (await w.reservation()).id }) },
	reservation_force: { args: async (w) => ({ reservation_id: (await w.reservation()).id }) },
	reservation_cycle: { args: (w) => ({ ...mine(w), patterns: [w.fresh('lib/x')], action: 'reserve' }) },
	reservation_list: { args: project },
	reservation_locks: {},
	build_slot_acquire: { args: (w) => ({ ...mine(w), slot_name: w.fresh('ci') }) },
	build_slot_renew: { args: async (w) => ({ slot_id: await w.slot() }) },
	build_slot_release: { args: async (w) => ({ slot_id: await w.slot() }) },
	guard_install: { args: (w) => ({ ...project(w), target_repo_path: w.repo }) },
	guard_uninstall: { args: (w) => ({ target_repo_path: w.repo }) },

	/* messages, threads */
	message_send: { args: (w) => w.letter() },
	message_reply: { args: async (w) => ({ ...project(w), sender_name: w.to, message_id: (await w.message()).id, body_md: 'Fine' }) },
	overseer_send: { args: (w) => ({ ...mine(w), subject: 'Stop', body_md: 'Please wait' }) },
	message: { args: async (w) => ({ id: (await w.message()).id }) },
	message_read: { args: async (w) => ({ ...mine(w), message_id: (await w.message()).id }) },
	message_acknowledge: { args: async (w) => ({ ...mine(w), message_id: (await w.message()).id }) },
	message_search: { args: (w) => ({ ...project(w), query: 'hello' }) },
	inbox: { args: mine },
	outbox: { args: mine },
	unified_inbox: {},
	pending_reviews: { args: (w) => ({ project: w.slug }) },
	thread: { args: async (w) => ({ ...project(w), thread_id: (await w.message()).thread_id }), unknown: { thread_id: null } },
	threads: { args: project },
	thread_summarize: { args: async (w) => ({ ...project(w), thread_id: (await w.message()).thread_id }), unknown: { thread_id: null } },

	/* contacts */
	contact_request: { args: async (w) => ({ from_project_slug: w.slug, from_agent_name: await w.agent(),
		to_project_slug: w.slug, to_agent_name: w.to, reason: 'work' }) },
	contact_respond: { args: async (w) => ({ link_id: await w.link(), accept: true }) },
	contact_list: { args: mine },
	contact_policy: { args: (w) => ({ ...mine(w), contact_policy: 'auto' }) },
	contact_handshake: { args: async (w) => ({ ...project(w), requester: await w.agent(), target: w.to }) },

	attachment_list: { args: project },
	attachment_add: { args: (w) => ({ ...project(w), filename: w.fresh('a') + '.txt', content_base64: 'aGVsbG8=' }) },
	attachment: { args: async (w) => ({ id: await w.attachment(), project_slug: w.slug }) },

	/* macros, what goes on */
	macro_list: { args: project },
	macro_register: { args: (w) => ({ ...project(w), name: w.fresh('macro'), description: 'Tests', steps: [{ run: 'tests' }, 1] }) },
	macro_unregister: { args: async (w) => ({ ...project(w), name: await w.macro() }) },
	macro_invoke: { args: async (w) => ({ ...project(w), name: await w.macro() }),
		unknown: { name: { value: 'no-macro', status: 400 } } },
	activity: { args: async (w) => ({ project_id: (await w.message()).project_id }) },
	tool_metrics: { unknown: { project_id: null } },
	tool_stats: { unknown: { project_id: null } },

	/* archive: the daemon answers writers when Git has it (archive_wait) */
	archive_log: { args: () => ({ author: 'a', since: '2020-01-01T00:00:00+01:00', limit: 3 }) },
	archive_show: { args: async (w) => ({ sha: await w.commit() }),
		unknown: { sha: { value: '0123456789012345678901234567890123456789', status: 404 } } },
	archive_tree: { args: async (w) => ({ sha: await w.commit(), path: 'projects' }),
		unknown: { path: { value: 'projects/none', status: 404 } } },
	archive_file: { args: async (w) => ({ sha: await w.commit(), path: `projects/${w.slug}/agents/${w.from}/profile.json` }),
		unknown: { path: { value: '../etc/passwd', status: 400 } } },
	archive_activity: { args: () => ({ since: '2020-01-01' }) },
};
