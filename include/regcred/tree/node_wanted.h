/* node_wanted.h - which members of an object are read: the others can be skipped, as
 * is most of what `kubectl get -o json` prints.
 *
 * A list of members ends with an entry without a name. A member of the list whose own list
 * is NULL is wanted in whole. Of a member that is not listed the key is kept, and its value
 * is null. The items of a sequence are as the sequence.
 */
#ifndef REGCRED_NODE_WANTED_H
#define REGCRED_NODE_WANTED_H

struct node_wanted {
	const char *name; /* NULL: the end */
	const struct node_wanted *members;
};

#define NODE_WANTED_END                                                                            \
	{                                                                                          \
		NULL, NULL                                                                         \
	}

/* The members of an object that are wanted, by what it says it is; NULL: all. */
typedef const struct node_wanted *node_wanted_of(const char *api_version, const char *kind);

#endif
