/*
 * rules - the rules of each dialect as values. The only place that says what a dialect wants of mail/;
 * called where the context of a call is made.
 */
#include "api/rules.h"

static const struct rules mcp = {
	.send = {
		.token_param = "sender_token",
		.subject_max = 200,
		.check_words = true,
		.plain_addresses = true,
		.files = true,
	},
	.guard = { .repo_param = "code_repo_path" },
};

static const struct rules rest = {
	.send = {
		.token_param = "registration_token",
		.stop_at_first_conflict = true,
		.store_without_recipients = true,
	},
	.contact = {
		.auto_is_open = true,
		.stop_at_first = true,
		.refusal = ERR_FORBIDDEN,
	},
	.read = { .short_not_found = true },
	.guard = { .repo_param = "target_repo_path", .missing_is_not_found = true },
};

const struct rules *
dialect_rules(enum dialect dialect)
{
	return dialect == DIALECT_REST ? &rest : &mcp;
}
