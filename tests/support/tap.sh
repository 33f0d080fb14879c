# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Assertions for end-to-end scripts. Use:
#
#   . "$NP_SOURCE_ROOT/tests/support/tap.sh"
#   need_data cloudtrail                          # sets $DATA, or skips the whole script
#   run detect "$DATA/cloudtrail" -o ndjson       # runs nepho: $status, $out and $err (files)
#   check_eq "exit status" 0 "$status"
#   check_has "names the file" "index.html" "$err"
#   done_testing
#
# Every check prints one TAP line and goes on; done_testing prints the plan and exits 1 after a failure.
# The working folder is empty and goes away afterwards.
set -u -o pipefail

tap_count=0
tap_failed=0
out=$PWD/out
err=$PWD/err
status=

tap_result() { # OK NAME [EXPLANATION-LINE]...
    local ok=$1 name=$2
    shift 2
    tap_count=$((tap_count + 1))
    if [ "$ok" = 0 ]; then
        printf 'ok %d - %s\n' "$tap_count" "$name"
        return
    fi
    tap_failed=$((tap_failed + 1))
    printf 'not ok %d - %s\n' "$tap_count" "$name"
    [ $# -eq 0 ] || printf '%s\n' "$@" | head -n 40 | sed 's/^/#   /'
}

# Runs the program; never fails by itself.
run() {
    "$NEPHO" "$@" >"$out" 2>"$err" </dev/null
    status=$?
}

check_eq() { # NAME WANT GOT
    [ "$2" = "$3" ]
    tap_result $? "$1" "want: $2" "got:  $3"
}

check_ok() { # NAME COMMAND...: the command succeeds
    local name=$1 text
    shift
    text=$("$@" 2>&1)
    tap_result $? "$name" "command: $*" "$text"
}

check_has() { # NAME TEXT FILE: the file contains the text
    grep -qsF -e "$2" -- "$3"
    tap_result $? "$1" "no '$2' in $3:" "$(cat "$3" 2>&1)"
}

check_lacks() { # NAME TEXT FILE
    [ -f "$3" ] && ! grep -qF -e "$2" -- "$3"
    tap_result $? "$1" "unwanted '$2' in $3:" "$(grep -F -e "$2" -- "$3" 2>&1)"
}

check_same() { # NAME WANT-FILE GOT-FILE
    local difference
    difference=$(diff -u "$2" "$3" 2>&1)
    tap_result $? "$1" "$difference"
}

skip_all() { # REASON
    echo "$1"
    exit 77
}

need() { # COMMAND: a tool that the script needs
    command -v "$1" >/dev/null || skip_all "needs $1"
}

need_data() { # SUBFOLDER of NEPHO_TEST_DATA
    [ -n "${NEPHO_TEST_DATA-}" ] || skip_all "NEPHO_TEST_DATA is not set"
    [ -e "$NEPHO_TEST_DATA/$1" ] || skip_all "no $1 in NEPHO_TEST_DATA"
    # shellcheck disable=SC2034  # for the script
    DATA=$NEPHO_TEST_DATA
}

done_testing() {
    echo "1..$tap_count"
    [ "$tap_failed" = 0 ]
    exit $?
}
