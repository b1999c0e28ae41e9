/* json_lexer.h - the tokens of JSON, for json_reader.c alone.
 *
 * Works on the reader's input, text and failure; knows nothing of its nesting.
 * Each function that returns false has set reader->failure, unless one is there
 * already: the first is the one that counts.
 */
#ifndef REGCRED_CORE_JSON_LEXER_H
#define REGCRED_CORE_JSON_LEXER_H

#include "regcred/json/json_reader.h"

enum { JSON_LEX_END = -1 };

/* Where the next byte stands. */
struct json_position json_lex_place(const struct json_reader *reader);

/* Passes over white space and returns the byte behind it, which is left there;
 * JSON_LEX_END at the end and when the source fails. */
int json_lex_peek(struct json_reader *reader);

/* Each reads the token that begins with the next byte: a string at its quote, a
 * number at its sign or first digit, a word at its first letter. */
bool json_lex_string(struct json_reader *reader);
bool json_lex_number(struct json_reader *reader);
bool json_lex_word(struct json_reader *reader, const char *word);

/* Always returns false. `expected` is a sentence, "a value was expected"; what
 * was found instead is added as far as that can be no secret. */
bool json_lex_expecting(struct json_reader *reader, const char *expected);

/* Always returns false; for a sentence that has it all. */
bool json_lex_fail(struct json_reader *reader, const char *message);

#endif
