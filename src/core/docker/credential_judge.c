#include "regcred/docker/credential_judge.h"

#include <stdio.h>
#include <string.h>

#include "regcred/base/arena.h"
#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/manifest/placeholder.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_trap.h"
#include "regcred/registry/token.h"
#include "regcred/tree/json_tree.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What the rows look at. */
struct trial {
	const struct credential_case *credential;
	const struct provider *provider; /* of the registry; NULL: unknown */
	const struct node *object;       /* the password, if it is a JSON object */
	struct view value;               /* the part that the row is about */
};

/* --- tests of any value ------------------------------------------------------------ */

static bool is_only_blanks(const struct trial *trial)
{
	if (view_is(trial->value, "\xEF\xBB\xBF")) /* a file with a byte order mark alone */
		return true;
	return trial->value.len && !view_trim(trial->value).len;
}

static bool has_blank_at_end(const struct trial *trial)
{
	return !trial->object && view_trim(trial->value).len < trial->value.len;
}

static bool is_quoted(const struct trial *trial)
{
	struct view value = trial->value;

	return value.len >= 2 && strchr("\"'`", value.data[0]) &&
	       value.data[value.len - 1] == value.data[0];
}

/* TOKEN=...: something that is not only the padding of base64. */
static bool has_assignment(const struct trial *trial)
{
	enum { NAME_MIN = 3 };
	struct view value = trial->value;
	size_t len = 0;

	if (view_begins(value, view_of("export ")))
		value = view_from(value, strlen("export "));
	while (len < value.len && ((value.data[len] >= 'A' && value.data[len] <= 'Z') ||
	                           (value.data[len] >= '0' && value.data[len] <= '9' && len) ||
	                           value.data[len] == '_'))
		len++;
	if (len < NAME_MIN || len + 1 >= value.len || value.data[len] != '=')
		return false;
	return !view_is(view_from(value, len + 1), "=");
}

static bool has_scheme(const struct trial *trial)
{
	static const char *const schemes[] = {"Bearer ", "Basic ", "bearer ", "basic ",
	                                      "Authorization:"};

	for (size_t i = 0; i < COUNT(schemes); i++)
		if (view_begins(trial->value, view_of(schemes[i])))
			return true;
	return false;
}

/* Those that come along when text is copied from a page or a chat. */
static bool has_invisible(const struct trial *trial)
{
	struct view value = trial->value;
	uint32_t rune;

	for (size_t at = 0; at < value.len && !trial->object;) {
		at += utf8_decode(value.data + at, value.len - at, &rune);
		if (rune == 0xA0 || (rune >= 0x200B && rune <= 0x200F) || rune == 0x2060 ||
		    rune == 0xFEFF)
			return true;
	}
	return false;
}

/* What is between the two; an empty view if they do not enclose it. */
static struct view between(struct view value, const char *open, const char *close)
{
	size_t before = strlen(open), behind = strlen(close);

	if (value.len <= before + behind || !view_begins(value, view_of(open)) ||
	    memcmp(value.data + value.len - behind, close, behind) != 0)
		return VIEW_EMPTY;
	return view_first(view_from(value, before), value.len - before - behind);
}

static bool is_placeholder(const struct trial *trial)
{
	static const char *const printed[] = {"undefined", "None",  "null",
	                                      "NULL",      "nil",   "(nil)",
	                                      "(null)",    "map[]", "[object Object]"};
	struct view value = trial->value;

	if (trial->object)
		return false;
	for (size_t i = 0; i < COUNT(printed); i++)
		if (view_is(value, printed[i]))
			return true;
	return between(value, "%!", ")").len || between(value, "map[", "]").len || /* Go's fmt */
	       value_is_placeholder(value.data, value.len);
}

static bool is_name(struct view text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';

		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return text.len > 0;
}

bool credential_is_unfilled(struct view value)
{
	static const struct {
		const char *open, *close;
		bool name; /* of a variable; else an expression */
	} marks[] = {{"$", "", true},     {"$env:", "", true}, {"${", "}", false},
	             {"$(", ")", false},  {"%", "%", true},    {"{{", "}}", false},
	             {"((", "))", false}, {"#{", "}", false},  {"#{", "}#", false}};

	if (view_is(value, "$oauthtoken")) /* NVIDIA's user name */
		return false;
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct view inner = between(value, marks[i].open, marks[i].close);

		if (inner.len && (!marks[i].name || is_name(inner)))
			return true;
	}
	return false;
}

static bool is_unfilled(const struct trial *trial)
{
	return credential_is_unfilled(trial->value);
}

/* --- tests of a user name ------------------------------------------------------------ */

/* OpenShift writes <token> into each pull Secret that it manages. */
static bool is_placeholder_name(const struct trial *trial)
{
	return !view_is(trial->value, "<token>") && is_placeholder(trial);
}

/* bob--docker-password=...: the blank before the option is missing. */
static bool has_option_inside(const struct trial *trial)
{
	struct view value = trial->value;
	const char *dashes = value.len > 3 ? memmem(value.data + 1, value.len - 1, "--", 2) : NULL;
	const char *end = value.data + value.len;

	if (!dashes || dashes + 2 == end || dashes[2] < 'a' || dashes[2] > 'z')
		return false;
	return memmem(dashes, (size_t)(end - dashes), "password", 8) ||
	       memmem(dashes, (size_t)(end - dashes), "docker-", 7) ||
	       memmem(dashes, (size_t)(end - dashes), "email", 5);
}

/* --- tests of a password ------------------------------------------------------------- */

static bool has_member(const struct trial *trial, const char *name)
{
	return node_get(trial->object, name) != NULL;
}

static bool is_docker_config(const struct trial *trial)
{
	return has_member(trial, "auths");
}

static bool is_ecr_reply(const struct trial *trial)
{
	return has_member(trial, "authorizationData");
}

static bool is_acr_reply(const struct trial *trial)
{
	return has_member(trial, "accessToken");
}

static bool is_helper_reply(const struct trial *trial)
{
	return has_member(trial, "Username") && has_member(trial, "Secret");
}

static bool is_google_user(const struct trial *trial)
{
	const struct node *type = node_get(trial->object, "type");

	return node_is(type, "authorized_user") || node_is(type, "external_account") ||
	       node_is(type, "impersonated_service_account");
}

/* base64 of AWS:PASSWORD, which is meant for `auth`. */
static bool is_ecr_authorization(const struct trial *trial)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_PASSWORD_MAX);

	return view_begins(trial->value, view_of("QVdTO")) &&
	       base64_decode(&pair, trial->value.data, trial->value.len, BASE64_EITHER) &&
	       pair.len > 4 && memcmp(pair.data, "AWS:", 4) == 0;
}

static bool is_at(const struct trial *trial, const char *id)
{
	return trial->provider && strcmp(trial->provider->id, id) == 0;
}

/* What Amazon ECR hands out is base64 of a JSON object. */
static bool is_no_ecr_password(const struct trial *trial)
{
	return (is_at(trial, "ecr") || is_at(trial, "ecr-public")) &&
	       !provider_looks_like(PROVIDER_BASE64_JSON, trial->value.data, trial->value.len);
}

static bool is_fine_grained_at_ghcr(const struct trial *trial)
{
	return is_at(trial, "ghcr") &&
	       provider_looks_like("github_pat_", trial->value.data, trial->value.len);
}

/* The registry is known, and the token another's. */
static bool is_foreign_token(const struct trial *trial)
{
	const struct provider *owner = provider_of_token(trial->value.data, trial->value.len);

	return owner && trial->provider && owner != trial->provider;
}

/* --- the rows ---------------------------------------------------------------------------- */

enum verdict { REFUSED, WARNING, UNFILLED };

/* What a row is for. */
enum {
	USERNAME = 1 << CREDENTIAL_USERNAME,
	PASSWORD = 1 << CREDENTIAL_PASSWORD,
	EITHER = USERNAME | PASSWORD,
};

/* Of one part the first row that holds counts. */
struct judge_row {
	unsigned parts;
	enum diagnostic diagnostic;
	enum verdict verdict;
	bool (*holds)(const struct trial *trial);
	const char *sentence, *hint;
};

static const struct judge_row rows[] = {
    {USERNAME, DIAGNOSTIC_SECRET_PLACEHOLDER, REFUSED, is_placeholder_name, "is a placeholder",
     "write the real user name"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_only_blanks, "holds only blanks",
     "check that the file or variable for it is not empty"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_docker_config, "is a whole Docker config",
     "give it with --from-file - instead of a user name and password"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_ecr_reply,
     "is the whole reply of aws ecr get-authorization-token",
     "give it with --from-file -, or use aws ecr get-login-password"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_acr_reply,
     "is the whole reply of az acr login --expose-token",
     "give it with --from-file -, or add --query accessToken -o tsv to the az command"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_helper_reply,
     "is the whole reply of a credential helper", "give it with --from-file - and -r REGISTRY"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_google_user,
     "is a Google credential of a user or a workload, which the registry does not accept",
     "use the key of a service account, or the output of gcloud auth print-access-token with the "
     "user name oauth2accesstoken"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_ecr_authorization,
     "is an ECR authorizationToken: base64 of the user name AWS and the password",
     "use what aws ecr get-login-password prints"},
    {PASSWORD, DIAGNOSTIC_SECRET_PLACEHOLDER, REFUSED, is_placeholder, "is a placeholder",
     "write the real password"},
    {EITHER, DIAGNOSTIC_SECRET_PLACEHOLDER, UNFILLED, is_unfilled,
     "is the name of a variable that was not filled in",
     "check that the variable is set where the shell or the CI job expands it"},
    {USERNAME, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, has_option_inside, "holds an option",
     "put a blank before the option"},
    {USERNAME, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, has_invisible,
     "holds an invisible character",
     "type it by hand: such characters come along when text is copied"},
    {PASSWORD, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, has_invisible,
     "holds an invisible character",
     "copy it again: such characters come along when text is copied from a page"},
    {PASSWORD, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, has_scheme,
     "begins with the scheme of an HTTP header", "give only what follows the blank"},
    {EITHER, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, has_blank_at_end,
     "begins or ends with a blank", "remove the blank"},
    {EITHER, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, is_quoted,
     "is in quotes, which are part of it", "remove the quotes; jq -r prints text without them"},
    {EITHER, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, has_assignment,
     "begins with NAME=", "give only what follows the ="},
    {PASSWORD, DIAGNOSTIC_TOKEN_PROVIDER, WARNING, is_fine_grained_at_ghcr,
     "is a fine-grained token, which the registry does not accept",
     "use a classic personal access token with read:packages"},
    {PASSWORD, DIAGNOSTIC_TOKEN_PROVIDER, WARNING, is_foreign_token, NULL, NULL}, /* names both */
    {PASSWORD, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, is_no_ecr_password,
     "is not one that Amazon ECR issues", "use what aws ecr get-login-password prints"},
};

struct listener {
	credential_listener *tell;
	void *context;
};

static void tell(const struct listener *listener, struct credential_verdict *verdict,
                 const char *sentence, const char *hint)
{
	snprintf(verdict->sentence, sizeof verdict->sentence, "%s", sentence);
	snprintf(verdict->hint, sizeof verdict->hint, "%s", hint);
	listener->tell(listener->context, verdict);
}

static void tell_owner(const struct trial *trial, const struct listener *listener,
                       struct credential_verdict *verdict)
{
	const struct provider *owner = provider_of_token(trial->value.data, trial->value.len);
	char sentence[CREDENTIAL_TEXT], hint[CREDENTIAL_TEXT];

	snprintf(sentence, sizeof sentence, "is a token of another registry, %s", owner->name);
	snprintf(hint, sizeof hint, "write -r %s if that is the registry, or give a token of %s",
	         owner->registry, trial->provider->name);
	tell(listener, verdict, sentence, hint);
}

/* NULL: none of the rows holds; else the one that was told. */
static const struct judge_row *judge_rows(const struct trial *trial, enum credential_part part,
                                          const struct listener *listener)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct credential_verdict verdict = {.diagnostic = rows[i].diagnostic,
		                                     .part = part,
		                                     .refused = rows[i].verdict == REFUSED,
		                                     .unfilled = rows[i].verdict == UNFILLED};

		if (!(rows[i].parts & 1U << part) || !rows[i].holds(trial))
			continue;
		if (rows[i].sentence)
			tell(listener, &verdict, rows[i].sentence, rows[i].hint);
		else
			tell_owner(trial, listener, &verdict);
		return &rows[i];
	}
	return NULL;
}

/* --- what is known of providers ----------------------------------------------------------- */

static void judge_registry(const struct trial *trial, const struct listener *listener)
{
	struct credential_verdict verdict = {.part = CREDENTIAL_REGISTRY};
	struct registry_trap trap;

	if (!trial->credential->registry ||
	    !registry_trap_find(view_of(trial->credential->registry), &trap))
		return;
	verdict.diagnostic = trap.diagnostic;
	verdict.refused = trap.refused;
	tell(listener, &verdict, trap.sentence, trap.hint);
}

static void judge_pair(const struct trial *trial, const struct listener *listener)
{
	const struct credential_case *credential = trial->credential;
	struct credential_verdict verdict = {.diagnostic = DIAGNOSTIC_USERNAME_PROVIDER,
	                                     .part = CREDENTIAL_USERNAME};
	const struct provider_remark *doubt =
	    provider_doubt_username(trial->provider, credential->username.data,
	                            credential->password.data, credential->password.len);

	if (doubt)
		tell(listener, &verdict, doubt->sentence, doubt->hint);
}

/* --- how long the password lasts ----------------------------------------------------------- */

/* What it says of itself is more exact than what its kind is known for. */
static void judge_end(const struct trial *trial, int64_t expires, const struct listener *listener)
{
	enum { DAY = 24 * 60 * 60 };
	struct credential_verdict verdict = {.part = CREDENTIAL_PASSWORD};
	int64_t seconds = expires - trial->credential->now;
	char left[TOKEN_TEXT_SIZE], sentence[CREDENTIAL_TEXT];

	if (seconds > DAY)
		return;
	token_remaining(seconds, left);
	verdict.refused = seconds <= 0;
	verdict.diagnostic =
	    verdict.refused ? DIAGNOSTIC_TOKEN_EXPIRED : DIAGNOSTIC_TOKEN_SHORT_LIVED;
	snprintf(sentence, sizeof sentence, verdict.refused ? "expired %s ago" : "expires in %s",
	         left);
	tell(listener, &verdict, sentence,
	     verdict.refused ? "get a new one"
	                     : "use a password that does not expire, or renew the Secret in time");
}

static void judge_life(const struct trial *trial, const struct listener *listener)
{
	const struct credential_case *credential = trial->credential;
	struct credential_verdict verdict = {.diagnostic = DIAGNOSTIC_TOKEN_SHORT_LIVED,
	                                     .part = CREDENTIAL_PASSWORD};
	const struct provider_remark *life;
	int64_t expires;

	if (token_expiry(credential->password, &expires)) {
		judge_end(trial, expires, listener);
		return;
	}
	life = provider_life(trial->provider, credential->username.data, credential->password.data,
	                     credential->password.len);
	if (life)
		tell(listener, &verdict, life->sentence, life->hint);
}

/* --- what the header offers ----------------------------------------------------------------- */

static const struct node *parse_object(struct view password, struct arena *arena)
{
	const struct node *root = NULL;
	struct error error;

	if (!view_begins(view_trim(password), view_of("{")) ||
	    !json_tree_parse(password, arena, &root, &error))
		return NULL;
	return root;
}

void credential_judge(const struct credential_case *credential, credential_listener *listener,
                      void *context)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct listener to = {listener, context};
	struct trial trial = {.credential = credential, .value = credential->username};
	const struct judge_row *name, *told;

	if (credential->registry)
		trial.provider = provider_find(credential->registry);
	judge_registry(&trial, &to);
	name = judge_rows(&trial, CREDENTIAL_USERNAME, &to);
	trial.value = credential->password;
	trial.object = parse_object(credential->password, &arena);
	told = judge_rows(&trial, CREDENTIAL_PASSWORD, &to);
	if (told && told->verdict != WARNING)
		return;
	if (!name)
		judge_pair(&trial, &to);
	judge_life(&trial, &to);
}

const char *credential_part_name(enum credential_part part)
{
	static const char *const names[] = {
	    [CREDENTIAL_REGISTRY] = "registry",
	    [CREDENTIAL_USERNAME] = "user name",
	    [CREDENTIAL_PASSWORD] = "password",
	};

	return names[part];
}

bool credential_drop_bom(struct buf *text)
{
	static const char bom[] = "\xEF\xBB\xBF";

	if (!view_begins(buf_view(text), view_of(bom)) || text->len == strlen(bom))
		return false;
	text->len -= sizeof bom - 1;
	memmove(text->data, text->data + sizeof bom - 1, text->len + 1);
	return true;
}
