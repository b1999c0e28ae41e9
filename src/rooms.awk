# awk -f rooms.awk rooms FILE...: reports each include that the table does not allow.
# The room of a file is its folder. Headers in include/ are public; those beside the sources are
# private to their room, except that cli may include those of io.

function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
	failed = 1
}

BEGIN {
	for (i = 2; i < ARGC; i++) {
		count = split(ARGV[i], part, "/")
		if (part[1] == "src") {
			private[part[count - 1], part[count]] = 1
			owner[part[count]] = part[count - 1]
		}
	}
}

NR == FNR {
	sub(/ *#.*/, "")
	room = $1
	sub(/:$/, "", room)
	may[room, room] = 1
	for (i = 2; i <= NF; i++) {
		if (!(($i, $i) in may))
			complain($i " is not listed above")
		may[room, $i] = 1
	}
	next
}

FNR == 1 {
	count = split(FILENAME, part, "/")
	room = part[count - 1]
}

/^[ \t]*#[ \t]*include[ \t]*("|<regcred\/)/ {
	split($0, quoted, /["<>]/)
	count = split(quoted[2], part, "/")
	name = part[count]
	other = room
	if (count > 1)
		other = part[count - 1]
	else if (!((room, name) in private) && name in owner)
		other = owner[name]
	if (!((room, other) in may))
		complain(room " may not include " other)
	else if (part[1] != "regcred" && other != room && other != "io")
		complain(name " is private to " other)
	else if (part[1] != "regcred" && FILENAME ~ /^include/)
		complain("a public header may include only \"regcred/ROOM/NAME.h\"")
}

END { exit failed }
