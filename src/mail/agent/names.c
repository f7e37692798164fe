/*
 * names - what an agent may be called. The lists and fragments are those of
 * contract/messaging.md 6.4; called by agent registration, mistake detection
 * and recipients.
 */
#include "mail/agent/names.h"

#include <stddef.h>

#include "base/rng.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* clang-format off */
static const char *const adjectives[] = {
	"Amber", "Azure", "Black", "Blue", "Bold", "Bright", "Bronze", "Brown", "Calm", "Chartreuse", "Cloudy", "Cobalt",
	"Copper", "Coral", "Crimson", "Cyan", "Dark", "Dusty", "Emerald", "Foggy", "Frosty", "Fuchsia", "Gentle", "Gold",
	"Gray", "Green", "Hazy", "Indigo", "Ivory", "Jade", "Lavender", "Lilac", "Magenta", "Maroon", "Misty", "Navy",
	"Olive", "Orange", "Pearl", "Pink", "Purple", "Quiet", "Rainy", "Red", "Rose", "Ruby", "Rustic", "Sage", "Sapphire",
	"Scarlet", "Silent", "Silver", "Stormy", "Sunny", "Swift", "Teal", "Topaz", "Turquoise", "Violet", "White", "Wild",
	"Windy",
};
/* clang-format on */

/* clang-format off */
static const char *const nouns[] = {
	"Anchor", "Badger", "Barn", "Basin", "Bay", "Beacon", "Bear", "Beaver", "Bridge", "Brook", "Canyon", "Castle",
	"Cat", "Cave", "Cliff", "Compass", "Cove", "Crane", "Creek", "Deer", "Desert", "Dog", "Dune", "Eagle", "Elk",
	"Falcon", "Finch", "Forest", "Forge", "Fox", "Gate", "Glacier", "Glen", "Gorge", "Grove", "Harbor", "Hawk", "Heron",
	"Hill", "Hollow", "Island", "Lake", "Lantern", "Lynx", "Marsh", "Meadow", "Mill", "Moose", "Mountain", "Otter",
	"Owl", "Peak", "Pond", "Prairie", "Puma", "Raven", "Reef", "Ridge", "River", "Robin", "Snow", "Sparrow", "Spring",
	"Stone", "Stream", "Tower", "Valley", "Waterfall", "Wolf",
};
/* clang-format on */

/* clang-format off */
static const char *const programs[] = {
	"claude-code", "claude", "codex-cli", "codex", "cursor", "windsurf", "cline", "aider", "copilot", "github-copilot",
	"gemini-cli", "gemini", "opencode", "vscode", "neovim", "vim", "emacs", "zed", "continue",
};
/* clang-format on */

/* clang-format off */
static const char *const model_fragments[] = {
	"gpt-", "gpt4", "gpt3", "claude-", "opus", "sonnet", "haiku", "gemini-", "llama", "mistral", "codestral", "o1-",
	"o3-",
};
/* clang-format on */

/* Longer words first: the one reported is the one the script left. */
static const char *const placeholders[] = {
	"YOUR_AGENT_NAME",
	"YOUR_AGENT",
	"AGENT_NAME",
	"PLACEHOLDER",
	"<AGENT>",
	"{AGENT}",
	"$AGENT",
};

static bool
listed(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqc_ci(s, list[i]))
			return true;
	return false;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool
name_is_pair(struct str s)
{
	for (size_t i = 0; i < COUNT(adjectives); i++) {
		struct str adjective = str_c(adjectives[i]);

		if (str_starts_ci(s, adjective) && listed(str_sub(s, adjective.n, s.n), nouns, COUNT(nouns)))
			return true;
	}
	return false;
}

bool
name_is_word(struct str s)
{
	return listed(s, adjectives, COUNT(adjectives)) || listed(s, nouns, COUNT(nouns));
}

bool
name_is_identifier(struct str s)
{
	if (s.n == 0 || s.n > NAME_MAX_BYTES || !is_alnum(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
			return false;
	return true;
}

bool
name_is_explicit(struct str s)
{
	if (!name_is_identifier(s))
		return false;
	if (str_chr(s, '.') < 0 && str_chr(s, '_') < 0 && str_chr(s, '-') < 0)
		return false;
	return !name_is_program(s) && !name_has_model(s);
}

bool
name_is_program(struct str s)
{
	return listed(str_trim(s), programs, COUNT(programs));
}

bool
name_has_model(struct str s)
{
	for (size_t i = 0; i < COUNT(model_fragments); i++)
		if (str_has_ci(s, str_c(model_fragments[i])))
			return true;
	return false;
}

const char *
name_placeholder(struct str s)
{
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (str_has_ci(s, str_c(placeholders[i])))
			return placeholders[i];
	return NULL;
}

struct str
name_sanitise(struct arena *a, struct str s)
{
	char *out = arena_get(a, NAME_MAX_BYTES);
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < NAME_MAX_BYTES; i++)
		if (is_alnum(s.p[i]))
			out[n++] = s.p[i];
	return (struct str){ out, n };
}

struct str
name_key(struct arena *a, struct str s)
{
	return str_lower(a, name_sanitise(a, s));
}

struct str
name_random(struct arena *a)
{
	return arena_printf(a, "%s%s", adjectives[rng_below(COUNT(adjectives))], nouns[rng_below(COUNT(nouns))]);
}
