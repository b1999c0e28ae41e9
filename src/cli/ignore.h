/* ignore.h - the option --ignore ID[,ID], which every command that warns has: warnings and
 * notes of these ids are not shown, nor do they count for --strict. What is refused stays
 * refused.
 *
 * The ids are those of the messages (diagnostic.h) and of check's rules (check.h); each
 * command takes all of them, so that one list serves for several.
 */
#ifndef REGCRED_CLI_IGNORE_H
#define REGCRED_CLI_IGNORE_H

#include "options.h"

option_setter ignore_set;

#endif
