/* diagnostic.h - the catalogue of all messages.
 *
 * One row for each message id: its severity and, for an error, the exit status
 * that it ends in. The manual's DIAGNOSTICS section lists the same ids, and a
 * test holds the two together. Ids are stable: people search for them.
 *
 * A row's status is what the id means when nothing else is known. A caller that
 * knows better says so in `struct error`: a password that was typed as an
 * option is a usage error, the same password in a file is unusable input.
 */
#ifndef REGCRED_DIAGNOSTIC_H
#define REGCRED_DIAGNOSTIC_H

/* Exit statuses, the whole list; the manual's EXIT STATUS says the same. */
enum status {
	STATUS_OK = 0,     /* done, or the answer is yes */
	STATUS_NO = 1,     /* the answer is no */
	STATUS_USAGE = 2,  /* unknown option, missing or impossible value */
	STATUS_DATA = 3,   /* input was read, but cannot be used */
	STATUS_SYSTEM = 4, /* a file, process or network failed */
	STATUS_FAULT = 5,  /* out of memory, or a fault of ours */
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* clang-format off */
#define DIAGNOSTICS(ROW)                                              \
	/* the command line */                                        \
	ROW(UNKNOWN_COMMAND,     "unknown-command",     ERROR, USAGE) \
	ROW(UNKNOWN_OPTION,      "unknown-option",      ERROR, USAGE) \
	ROW(OPTION_VALUE,        "option-value",        ERROR, USAGE) \
	ROW(OPTION_REPEATED,     "option-repeated",     ERROR, USAGE) \
	ROW(OPTION_ORDER,        "option-order",        ERROR, USAGE) \
	ROW(OPTION_CONFLICT,     "option-conflict",     ERROR, USAGE) \
	ROW(OPTION_OF_KUBECTL,   "option-of-kubectl",   ERROR, USAGE) \
	ROW(ARGUMENT_EXTRA,      "argument-extra",      ERROR, USAGE) \
	ROW(IMAGE_MISSING,       "image-missing",       ERROR, USAGE) \
	ROW(FOR_AMBIGUOUS,       "for-ambiguous",       ERROR, USAGE) \
	ROW(STDIN_TWICE,         "stdin-twice",         ERROR, USAGE) \
	/* credentials */                                             \
	ROW(USERNAME_MISSING,    "username-missing",    ERROR, USAGE) \
	ROW(PASSWORD_MISSING,    "password-missing",    ERROR, USAGE) \
	ROW(REGISTRY_INVALID,    "registry-invalid",    ERROR, USAGE) \
	ROW(REGISTRY_DUPLICATE,  "registry-duplicate",  ERROR, USAGE) \
	ROW(USERNAME_INVALID,    "username-invalid",    ERROR, USAGE) \
	ROW(EMAIL_INVALID,       "email-invalid",       ERROR, USAGE) \
	ROW(PASSWORD_INVALID,    "password-invalid",    ERROR, DATA)  \
	ROW(NAME_REGISTRY,       "name-registry",       ERROR, USAGE) \
	/* the Secret */                                              \
	ROW(NAME_INVALID,        "name-invalid",        ERROR, USAGE) \
	ROW(NAMESPACE_INVALID,   "namespace-invalid",   ERROR, USAGE) \
	ROW(NAMESPACE_DUPLICATE, "namespace-duplicate", ERROR, USAGE) \
	ROW(NAMESPACE_NONE,      "namespace-none",      ERROR, DATA)  \
	ROW(LABEL_INVALID,       "label-invalid",       ERROR, USAGE) \
	ROW(ANNOTATION_INVALID,  "annotation-invalid",  ERROR, USAGE) \
	ROW(IMAGE_INVALID,       "image-invalid",       ERROR, USAGE) \
	ROW(READER_INVALID,      "reader-invalid",      ERROR, USAGE) \
	ROW(READER_DUPLICATE,    "reader-duplicate",    ERROR, USAGE) \
	ROW(ACCOUNT_DEFAULT,     "account-default",     ERROR, USAGE) \
	ROW(SECRET_TOO_LARGE,    "secret-too-large",    ERROR, DATA)  \
	/* what was read */                                           \
	ROW(IMAGE_UNMATCHED,     "image-unmatched",     ERROR, NO)    \
	ROW(SECRET_UNATTACHED,   "secret-unattached",   ERROR, NO)    \
	ROW(VERIFY_REFUSED,      "verify-refused",      ERROR, NO)    \
	ROW(SECRET_NONE,         "secret-none",         ERROR, DATA)  \
	ROW(WORKLOAD_NONE,       "workload-none",       ERROR, DATA)  \
	ROW(JSON_INVALID,        "json-invalid",        ERROR, DATA)  \
	ROW(MANIFEST_INVALID,    "manifest-invalid",    ERROR, DATA)  \
	ROW(CONFIG_INVALID,      "config-invalid",      ERROR, DATA)  \
	ROW(ENTRY_MISSING,       "entry-missing",       ERROR, DATA)  \
	ROW(ENTRY_UNUSABLE,      "entry-unusable",      ERROR, DATA)  \
	ROW(UPDATE_REFUSED,      "update-refused",      ERROR, DATA)  \
	ROW(TOKEN_EXPIRED,       "token-expired",       ERROR, DATA)  \
	ROW(HELPER_REPLY,        "helper-reply",        ERROR, DATA)  \
	ROW(HELPER_TOKEN,        "helper-token",        ERROR, DATA)  \
	ROW(INPUT_EMPTY,         "input-empty",         ERROR, DATA)  \
	ROW(INPUT_TOO_LARGE,     "input-too-large",     ERROR, DATA)  \
	/* the machine */                                             \
	ROW(HELPER_FAILED,       "helper-failed",       ERROR, SYSTEM) \
	ROW(KUBECTL_FAILED,      "kubectl-failed",      ERROR, SYSTEM) \
	ROW(INPUT_FAILED,        "input-failed",        ERROR, SYSTEM) \
	ROW(OUTPUT_FAILED,       "output-failed",       ERROR, SYSTEM) \
	ROW(TERMINAL_FAILED,     "terminal-failed",     ERROR, SYSTEM) \
	ROW(LIBRARY_MISSING,     "library-missing",     ERROR, SYSTEM) \
	ROW(VERIFY_FAILED,       "verify-failed",       ERROR, SYSTEM) \
	ROW(OUT_OF_MEMORY,       "out-of-memory",       ERROR, FAULT) \
	ROW(STRICT,              "strict",              ERROR, DATA)  \
	/* warnings: what will bite later; errors under --strict */   \
	ROW(PASSWORD_VISIBLE,    "password-visible",    WARNING, DATA) \
	ROW(PASSWORD_ECHOED,     "password-echoed",     WARNING, DATA) \
	ROW(CREDENTIAL_DOUBTFUL, "credential-doubtful", WARNING, DATA) \
	ROW(SECRET_PLACEHOLDER,  "secret-placeholder",  WARNING, DATA) \
	ROW(TOKEN_PROVIDER,      "token-provider",      WARNING, DATA) \
	ROW(REGISTRY_AMBIGUOUS,  "registry-ambiguous",  WARNING, DATA) \
	ROW(REGISTRY_LOOKALIKE,  "registry-lookalike",  WARNING, DATA) \
	ROW(REGISTRY_NO_IMAGES,  "registry-no-images",  WARNING, DATA) \
	ROW(LOGIN_SKIPPED,       "login-skipped",       WARNING, DATA) \
	ROW(AUTH_MISMATCH,       "auth-mismatch",       WARNING, DATA) \
	ROW(ENTRY_KEPT,          "entry-kept",          WARNING, DATA) \
	ROW(TOKEN_SHORT_LIVED,   "token-short-lived",   WARNING, DATA) \
	ROW(USERNAME_PROVIDER,   "username-provider",   WARNING, DATA) \
	ROW(SECRET_ABSENT,       "secret-absent",       WARNING, DATA) \
	ROW(SECRET_UNKNOWN,      "secret-unknown",      NOTE, OK) \
	ROW(SECRET_TYPE,         "secret-type",         WARNING, DATA) \
	ROW(SECRET_UNREFERENCED, "secret-unreferenced", WARNING, DATA) \
	ROW(REFERENCE_MISSING,   "reference-missing",   WARNING, DATA) \
	ROW(NAMESPACE_VAGUE,     "namespace-vague",     WARNING, DATA) \
	ROW(IMAGE_UNKNOWN,       "image-unknown",       NOTE, OK) \
	ROW(IMAGE_FOREIGN,       "image-foreign",       NOTE, OK) \
	ROW(TEMPLATE,            "template",            WARNING, DATA) \
	ROW(DOCUMENT_UNCHANGED,  "document-unchanged",  WARNING, DATA) \
	ROW(OVER_PRIVILEGED,     "over-privileged",     WARNING, DATA) \
	ROW(REGISTRY_PORT,       "registry-port",       WARNING, DATA) \
	ROW(IGNORE_UNKNOWN,      "ignore-unknown",      WARNING, DATA) \
	ROW(FINDINGS_UNLISTED,   "findings-unlisted",   WARNING, DATA) \
	ROW(READER_WIDE,         "reader-wide",         WARNING, DATA) \
	ROW(KUBECTL_PARTIAL,     "kubectl-partial",     WARNING, DATA) \
	/* notes: good to know; -q hides them */                      \
	ROW(PASSWORD_BOM,        "password-bom",        NOTE, OK)     \
	ROW(REGISTRY_PREFIX,     "registry-prefix",     NOTE, OK)     \
	ROW(REGISTRY_SLASH,      "registry-slash",      NOTE, OK)     \
	ROW(REGISTRY_PARENT,     "registry-parent",     NOTE, OK)     \
	ROW(REGISTRY_NORMALISED, "registry-normalised", NOTE, OK)     \
	ROW(USERNAME_FIXED,      "username-fixed",      NOTE, OK)     \
	ROW(NAME_TAKEN,          "name-taken",          NOTE, OK)     \
	ROW(NAMESPACES_MIXED,    "namespaces-mixed",    NOTE, OK)     \
	ROW(WEB_LOGIN,           "web-login",           NOTE, OK)     \
	ROW(SECRET_LARGE,        "secret-large",        NOTE, OK)     \
	ROW(READING_TERMINAL,    "reading-terminal",    NOTE, OK)     \
	ROW(FILE_BINARY,         "file-binary",         NOTE, OK)     \
	ROW(OUTPUT_READABLE,     "output-readable",     NOTE, OK)
/* clang-format on */

enum diagnostic {
#define DIAGNOSTIC_ENUM(name, id, severity, status) DIAGNOSTIC_##name,
	DIAGNOSTICS(DIAGNOSTIC_ENUM)
#undef DIAGNOSTIC_ENUM
	    DIAGNOSTIC_COUNT
};

/* The stable id, such as "registry-invalid". */
const char *diagnostic_id(enum diagnostic diagnostic);

enum severity diagnostic_severity(enum diagnostic diagnostic);

/* For an error, its usual exit status; for a warning, the one under --strict. */
enum status diagnostic_status(enum diagnostic diagnostic);

#endif
