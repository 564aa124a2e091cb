# Begins the shell in which a page's blocks are run, one after the other. Needs $state, a directory, and $root, the copy.
set -euo pipefail
# Each process in the background gets a group of its own, so that it can be ended with all that it has started.
set -m

declare -a patterns=() substitutes=()
declare -A groups=()
# Ends with the shell, and never says anything: standard input of what runs in the background.
mkfifo "$state/held"
exec 7<>"$state/held"
# replace TEXT WITH: from here on, in every block: what a page says for what there is in this copy.
replace() {
    patterns+=("$1")
    substitutes+=("$2")
}

# replaced TEXT: the text with what is there for what the page says.
replaced() {
    local text=$1 index
    for index in "${!patterns[@]}"; do text=${text//"${patterns[$index]}"/"${substitutes[$index]}"}; done
    printf '%s\n' "$text"
}

# code NUMBER: the block as it is run.
code() { replaced "$(cat "$state/$1.sh")"; }

begin() {
    echo "$1" >"$state/current"
    exec >"$state/$1.out" 2>"$state/$1.err" </dev/null
}

# run_to_exit NUMBER CODE
run_to_exit() {
    local status
    set +e
    (
        set -e
        eval "$(code "$1")"
    )
    status=$?
    set -e
    [ $status -eq "$2" ] || {
        echo "ended with $status, the page says $2" >&2
        exit 1
    }
}

# start NUMBER NAME: in the background.
start() {
    (eval "$(code "$1")") <&7 &
    groups[$2]=$!
}

# await NUMBER NAME REGEX: until it has printed a line that fits.
await() {
    local tries=0
    until grep -qE -e "$3" "$state/$1.out" "$state/$1.err"; do
        kill -0 -- "-${groups[$2]}" 2>/dev/null || { echo "$2 has ended" >&2; exit 1; }
        [ $((tries += 1)) -le 600 ] || { echo "$2 has not printed $3 within 60 s" >&2; exit 1; }
        sleep 0.1
    done
}

# stop NAME [SIGNAL]: ends what runs in the background and waits until nothing of it is left.
stop() {
    local group=${groups[$1]} tries=0
    unset "groups[$1]"
    kill "-${2:-TERM}" -- "-$group" 2>/dev/null || true
    while kill -0 -- "-$group" 2>/dev/null; do
        [ $((tries += 1)) -le 300 ] || { kill -KILL -- "-$group" 2>/dev/null || true; break; }
        sleep 0.1
    done
}

# eventually COMMAND…: until it succeeds. What another process does can only be looked at.
eventually() {
    local tries=0
    until eval "$*" >/dev/null 2>&1; do
        [ $((tries += 1)) -le 300 ] || { echo "not within 30 s: $*" >&2; return 1; }
        sleep 0.1
    done
}

# all_delivered: until nothing waits for any destination.
all_delivered() {
    eventually 'gatewayctl status --json | jq -e "[.destinations[].waiting.events] | length > 0 and add == 0"'
}

finish() {
    local status=$? name
    trap - EXIT
    for name in "${!groups[@]}"; do stop "$name"; done
    exit $status
}
trap finish EXIT
