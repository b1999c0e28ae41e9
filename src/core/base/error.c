#include "regcred/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, enum diagnostic diagnostic, const char *hint,
               const char *format, ...)
{
	va_list arguments;

	error->diagnostic = diagnostic;
	error->status = diagnostic_status(diagnostic);
	snprintf(error->hint, sizeof error->hint, "%s", hint ? hint : "");
	va_start(arguments, format);
	vsnprintf(error->message, sizeof error->message, format, arguments);
	va_end(arguments);
	return false;
}

bool error_hint(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->hint, sizeof error->hint, format, arguments);
	va_end(arguments);
	return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
	char prefix[ERROR_MESSAGE_SIZE / 2];
	size_t length;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(prefix, sizeof prefix, format, arguments);
	va_end(arguments);
	length = strlen(prefix);
	memmove(error->message + length + 2, error->message, sizeof error->message - length - 2);
	memcpy(error->message, prefix, length);
	memcpy(error->message + length, ": ", 2);
	error->message[sizeof error->message - 1] = '\0';
	return false;
}

bool error_from_input(struct error *error)
{
	if (error->status == STATUS_USAGE)
		error->status = STATUS_DATA;
	return false;
}
