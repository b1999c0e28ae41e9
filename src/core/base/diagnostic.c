#include "regcred/base/diagnostic.h"

static const struct {
	const char *id;
	enum severity severity;
	enum status status;
} rows[DIAGNOSTIC_COUNT] = {
#define DIAGNOSTIC_ROW(name, id, severity, status) {id, SEVERITY_##severity, STATUS_##status},
    DIAGNOSTICS(DIAGNOSTIC_ROW)
#undef DIAGNOSTIC_ROW
};

const char *diagnostic_id(enum diagnostic diagnostic)
{
	return rows[diagnostic].id;
}

enum severity diagnostic_severity(enum diagnostic diagnostic)
{
	return rows[diagnostic].severity;
}

enum status diagnostic_status(enum diagnostic diagnostic)
{
	return rows[diagnostic].status;
}
