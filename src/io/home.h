/* home.h - where the user's own files are. */
#ifndef REGCRED_IO_HOME_H
#define REGCRED_IO_HOME_H

/* $HOME, or where that is empty or not set the home that the system knows for the user, as
 * docker does (cli/config, moby/sys pkg/homedir). Borrowed, good until the next call. NULL:
 * there is none. */
const char *home_folder(void);

#endif
