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

#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

enum { TEXT_SIZE = 256 };

/* What is judged, and what the rows look at. */
struct trial {
	const struct credential_case *credential;
	const struct provider *provider; /* of the registry; NULL: unknown */
	const struct node *object;       /* the password, if it is a JSON object */
	enum credential_part part;
	struct view value; /* of that part */

	const char *sentence, *hint; /* for a row that has none */
	char room[2][TEXT_SIZE];     /* for them */

	credential_listener *listener;
	void *context;
};

static void tell(const struct trial *trial, struct credential_verdict verdict)
{
	verdict.part = trial->part;
	trial->listener(trial->context, &verdict);
}

/* --- tests of any value ------------------------------------------------------------ */

static bool is_only_blanks(struct trial *trial)
{
	if (view_is(trial->value, "\xEF\xBB\xBF")) /* a file with a byte order mark alone */
		return true;
	return trial->value.len && !view_trim(trial->value).len;
}

static bool has_blank_at_end(struct trial *trial)
{
	return !trial->object && view_trim(trial->value).len < trial->value.len;
}

static bool is_quoted(struct trial *trial)
{
	struct view value = trial->value;

	return value.len >= 2 && strchr("\"'`", value.data[0]) &&
	       value.data[value.len - 1] == value.data[0];
}

/* TOKEN=...: something that is not only the padding of base64. */
static bool has_assignment(struct trial *trial)
{
	struct view rest = trial->value, name;

	if (view_begins(rest, view_of("export ")))
		rest = view_from(rest, strlen("export "));
	name = view_take(&rest, '=');
	return name.len >= 3 && view_consists_of(name, UPPER DIGITS "_") &&
	       !strchr(DIGITS, name.data[0]) && rest.len && !view_is(rest, "=");
}

static bool has_scheme(struct trial *trial)
{
	static const char *const schemes[] = {"Bearer ", "Basic ", "bearer ", "basic ",
	                                      "Authorization:"};

	for (size_t i = 0; i < COUNT(schemes); i++)
		if (view_begins(trial->value, view_of(schemes[i])))
			return true;
	return false;
}

/* Those that come along when text is copied from a page or a chat. */
static bool has_invisible(struct trial *trial)
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

static bool is_placeholder(struct trial *trial)
{
	static const char printed[] = "undefined None null NULL nil (nil) (null) map[]";
	struct view value = trial->value;

	if (trial->object)
		return false;
	return view_is_one_of(value, printed) || view_is(value, "[object Object]") ||
	       between(value, "%!", ")").len || between(value, "map[", "]").len || /* Go's fmt */
	       value_is_placeholder(value.data, value.len);
}

static bool is_name(struct view text)
{
	return text.len && view_consists_of(text, UPPER LOWER DIGITS "_") &&
	       !strchr(DIGITS, text.data[0]);
}

bool credential_is_unfilled(struct view value)
{
	static const struct {
		const char *open, *close;
		bool name; /* of a variable; else an expression */
	} marks[] = {{"$", "", true},     {"$env:", "", true}, {"${", "}", false},
	             {"$(", ")", false},  {"%", "%", true},    {"{{", "}}", false},
	             {"((", "))", false}, {"#{", "}", false},  {"#{", "}#", false}};

	if (view_is(value, "$oauthtoken") || view_is(value, "$app"))
		return false; /* user names of NVIDIA and Quay (quay/auth/credential_consts.py) */
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct view inner = between(value, marks[i].open, marks[i].close);

		if (inner.len && (!marks[i].name || is_name(inner)))
			return true;
	}
	return false;
}

static bool is_unfilled(struct trial *trial)
{
	return credential_is_unfilled(trial->value);
}

/* --- tests of a user name ------------------------------------------------------------ */

/* OpenShift writes <token> into each pull Secret that it manages. */
static bool is_placeholder_name(struct trial *trial)
{
	return !view_is(trial->value, "<token>") && is_placeholder(trial);
}

/* bob--docker-password=...: the blank before the option is missing. What follows its two
 * dashes; NULL: there is none. */
static const char *find_option(struct view username)
{
	const char *dashes = username.len ? strstr(username.data + 1, "--") : NULL;
	bool option =
	    dashes && dashes[2] >= 'a' && dashes[2] <= 'z' &&
	    (strstr(dashes, "password") || strstr(dashes, "docker-") || strstr(dashes, "email"));

	return option ? dashes + 2 : NULL;
}

static bool has_option_inside(struct trial *trial)
{
	return find_option(trial->value) != NULL;
}

/* --- tests of a password ------------------------------------------------------------- */

/* What a tool prints, in which the password is. */
static const struct {
	const char *members[2];
	const char *sentence, *hint;
} replies[] = {
    {{"auths", "auths"},
     "is a whole Docker config",
     "give it with --from-file - instead of a user name and password"},
    {{"authorizationData", "authorizationData"},
     "is the whole reply of aws ecr get-authorization-token",
     "give it with --from-file -, or use aws ecr get-login-password"},
    {{"accessToken", "accessToken"},
     "is the whole reply of az acr login --expose-token",
     "give it with --from-file -, or add --query accessToken -o tsv to the az command"},
    {{"Username", "Secret"},
     "is the whole reply of a credential helper",
     "give it with --from-file - and -r REGISTRY"},
    {{"name", "secret"},
     "is the whole export of a Harbor robot account",
     "give it with --from-file - and -r REGISTRY"},
    {{"apiVersion", "kind"},
     "is a whole manifest",
     "give it with --from-file - if it is a pull Secret"},
};

static bool is_reply(struct trial *trial)
{
	for (size_t i = 0; i < COUNT(replies); i++)
		if (node_get(trial->object, replies[i].members[0]) &&
		    node_get(trial->object, replies[i].members[1])) {
			trial->sentence = replies[i].sentence;
			trial->hint = replies[i].hint;
			return true;
		}
	return false;
}

static bool is_google_user(struct trial *trial)
{
	const struct node *type = node_get(trial->object, "type");

	return node_is(type, "authorized_user") || node_is(type, "external_account") ||
	       node_is(type, "impersonated_service_account");
}

/* As in the data of a Secret. */
static bool is_encoded_config(struct trial *trial)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_PASSWORD_MAX);

	return view_begins(trial->value, view_of("e")) && /* base64 of { */
	       base64_decode(&text, trial->value.data, trial->value.len, BASE64_EITHER) &&
	       view_begins(buf_view(&text), view_of("{")) && strstr(text.data, "\"auths\"");
}

/* base64 of AWS:PASSWORD, which is meant for `auth`. */
static bool is_ecr_authorization(struct trial *trial)
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
static bool is_no_ecr_password(struct trial *trial)
{
	return (is_at(trial, "ecr") || is_at(trial, "ecr-public")) &&
	       !provider_looks_like(PROVIDER_BASE64_JSON, trial->value.data, trial->value.len);
}

static bool is_fine_grained_at_ghcr(struct trial *trial)
{
	return is_at(trial, "ghcr") &&
	       provider_looks_like("github_pat_", trial->value.data, trial->value.len);
}

/* The registry is known, and the token another's. */
static bool is_foreign_token(struct trial *trial)
{
	const struct provider *owner = provider_of_token(trial->value.data, trial->value.len);

	if (!owner || !trial->provider || owner == trial->provider)
		return false;
	trial->sentence = trial->room[0];
	trial->hint = trial->room[1];
	snprintf(trial->room[0], TEXT_SIZE, "is a token of another registry, %s", owner->name);
	snprintf(trial->room[1], TEXT_SIZE,
	         "write -r %s if that is the registry, or give a token of %s", owner->registry,
	         trial->provider->name);
	return true;
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
	bool (*holds)(struct trial *trial);
	const char *sentence, *hint; /* NULL: the test sets them */
};

static const struct judge_row rows[] = {
    {USERNAME, DIAGNOSTIC_SECRET_PLACEHOLDER, REFUSED, is_placeholder_name, "is a placeholder",
     "write the real user name"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_only_blanks, "holds only blanks",
     "check that the file or variable for it is not empty"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_reply, NULL, NULL},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_google_user,
     "is a Google credential of a user or a workload, which the registry does not accept",
     "use the key of a service account, or the output of gcloud auth print-access-token with the "
     "user name oauth2accesstoken"},
    {PASSWORD, DIAGNOSTIC_PASSWORD_INVALID, REFUSED, is_encoded_config,
     "is a Docker config in base64",
     "give it with --from-file - instead of a user name and password"},
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
    {PASSWORD, DIAGNOSTIC_TOKEN_PROVIDER, WARNING, is_foreign_token, NULL, NULL},
    {PASSWORD, DIAGNOSTIC_CREDENTIAL_DOUBTFUL, WARNING, is_no_ecr_password,
     "is not one that Amazon ECR issues", "use what aws ecr get-login-password prints"},
};

/* The row that was reported; NULL: none applies. */
static const struct judge_row *judge_rows(struct trial *trial, enum credential_part part,
                                          struct view value)
{
	trial->part = part;
	trial->value = value;
	for (const struct judge_row *row = rows; row < rows + COUNT(rows); row++) {
		if (!(row->parts & 1U << part) || !row->holds(trial))
			continue;
		tell(trial, (struct credential_verdict){
		                .diagnostic = row->diagnostic,
		                .refused = row->verdict == REFUSED,
		                .unfilled = row->verdict == UNFILLED,
		                .sentence = row->sentence ? row->sentence : trial->sentence,
		                .hint = row->sentence ? row->hint : trial->hint});
		return row;
	}
	return NULL;
}

/* --- what is known of registries and tokens ------------------------------------------------ */

static void judge_registry(struct trial *trial)
{
	struct registry_trap trap;

	trial->part = CREDENTIAL_REGISTRY;
	if (registry_trap_find(view_of(trial->credential->registry), &trap))
		tell(trial, (struct credential_verdict){.diagnostic = trap.diagnostic,
		                                        .refused = trap.refused,
		                                        .sentence = trap.sentence,
		                                        .hint = trap.hint});
}

/* NULL: there is none. */
static void tell_remark(struct trial *trial, enum credential_part part, enum diagnostic diagnostic,
                        const struct provider_remark *remark)
{
	trial->part = part;
	if (remark)
		tell(trial, (struct credential_verdict){.diagnostic = diagnostic,
		                                        .sentence = remark->sentence,
		                                        .hint = remark->hint});
}

static void judge_pair(struct trial *trial)
{
	const struct credential_case *of = trial->credential;

	tell_remark(trial, CREDENTIAL_USERNAME, DIAGNOSTIC_USERNAME_PROVIDER,
	            provider_doubt_username(trial->provider, of->username.data, of->password.data,
	                                    of->password.len));
}

static void judge_end(struct trial *trial, int64_t seconds)
{
	enum { DAY = 24 * 60 * 60 };
	char left[TOKEN_TEXT_SIZE], sentence[TEXT_SIZE];
	struct credential_verdict verdict = {
	    .diagnostic = DIAGNOSTIC_TOKEN_SHORT_LIVED,
	    .sentence = sentence,
	    .hint = "use a password that does not expire, or renew the Secret in time"};

	if (seconds > DAY)
		return;
	token_remaining(seconds, left);
	snprintf(sentence, sizeof sentence, seconds > 0 ? "expires in %s" : "expired %s ago", left);
	if (seconds <= 0) {
		verdict.diagnostic = DIAGNOSTIC_TOKEN_EXPIRED;
		verdict.refused = true;
		verdict.hint = "get a new one";
	}
	tell(trial, verdict);
}

/* What a password says of itself is more exact than what its kind is known for. */
static void judge_life(struct trial *trial)
{
	const struct credential_case *of = trial->credential;
	int64_t expires;

	trial->part = CREDENTIAL_PASSWORD;
	if (token_expiry(of->password, &expires))
		judge_end(trial, expires - of->now);
	else
		tell_remark(trial, CREDENTIAL_PASSWORD, DIAGNOSTIC_TOKEN_SHORT_LIVED,
		            provider_life(trial->provider, of->username.data, of->password.data,
		                          of->password.len));
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
	struct trial trial = {.credential = credential, .listener = listener, .context = context};
	const struct judge_row *name, *told;

	if (credential->registry) {
		trial.provider = provider_find(credential->registry);
		judge_registry(&trial);
	}
	name = judge_rows(&trial, CREDENTIAL_USERNAME, credential->username);
	trial.object = parse_object(credential->password, &arena);
	told = judge_rows(&trial, CREDENTIAL_PASSWORD, credential->password);
	if (told && told->verdict != WARNING)
		return;
	if (!name)
		judge_pair(&trial);
	judge_life(&trial);
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

struct view credential_username_shown(struct view username)
{
	const char *end = find_option(username);

	while (end && (*end == '-' || (*end >= 'a' && *end <= 'z')))
		end++;
	return end ? view_first(username, (size_t)(end - username.data)) : username;
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
