/* buf.h - the one growable run of bytes.
 *
 * Invariants: `data[len]` is always a zero byte, so that a buf whose content
 * has none reads as a C string; an empty buf that never grew points at a
 * constant. A buf never holds more than its ceiling. Bytes it gives up - on
 * growth, on reset, on release - are wiped.
 *
 * Appending cannot be checked call by call without drowning the text that is
 * being built, so going over the ceiling sticks: after the first append that did all
 * later ones do nothing, and buf_check at the end reports it. Nothing is ever half appended.
 *
 * Life cycle: buf_init (or BUF_INIT), any calls, buf_release. A released buf is
 * empty, with its old ceiling, and may be used again.
 */
#ifndef REGCRED_BUF_H
#define REGCRED_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"
#include "regcred/base/view.h"

struct buf {
	char *data;
	size_t len;
	size_t size;    /* bytes owned, the zero byte included; 0: nothing owned */
	size_t ceiling; /* the most `len` may become */
	bool failure;   /* an append would have gone over the ceiling */
};

/* Ceilings by purpose, in bytes. */
enum {
	BUF_NAME_MAX = 4096,              /* a registry key, a name */
	BUF_PASSWORD_MAX = 1024 * 1024,   /* more than any Secret can hold of it */
	BUF_CONFIG_MAX = 16 * 1024 * 1024 /* a Docker config and what is made of it */
};

extern char buf_nothing[1];

#define BUF_INIT(most) ((struct buf){.data = buf_nothing, .ceiling = (most)})

void buf_init(struct buf *buf, size_t ceiling);

/* Wipes and frees. */
void buf_release(struct buf *buf);

/* Wipes the content and forgets a failure, keeps the memory. */
void buf_reset(struct buf *buf);

/* Begins anew without wiping, for a buf that is filled again and again with what
 * may be seen anyway; the wiping comes with the release. */
void buf_rewind(struct buf *buf);

/* Makes room for `extra` more bytes; false: that is over the ceiling, which sticks. */
bool buf_reserve(struct buf *buf, size_t extra);

void buf_append(struct buf *buf, const void *bytes, size_t len);
void buf_append_string(struct buf *buf, const char *string);
void buf_append_char(struct buf *buf, char c);
/* One word of a POSIX shell, in quotes if it needs them. */
void buf_append_word(struct buf *buf, const char *word);
void buf_append_repeated(struct buf *buf, char c, size_t count);
void buf_append_format(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Drops everything from `len` on, wiped. `len` is at most buf->len. */
void buf_truncate(struct buf *buf, size_t len);

/* False, with INPUT_TOO_LARGE, if an append failed since the last reset. `what`
 * names the content for the message, such as "the password". */
bool buf_check(const struct buf *buf, const char *what, struct error *error);

/* Its bytes, borrowed until it changes. */
static inline struct view buf_view(const struct buf *buf)
{
	return (struct view){buf->data, buf->len};
}

#endif
