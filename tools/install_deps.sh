#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing on Debian 12: install_deps.sh build|test|deep
#   build  what compiles and runs nepho
#   test   that, and what `make check` needs
#   deep   that, and what `make check-deep` needs
# Says what it installs, does nothing where nothing is missing, and asks no questions.
set -eu

build="gcc g++ libc6-dev meson ninja-build pkgconf
    libsimdjson-dev libyaml-dev libpcre2-dev zlib1g-dev libzstd-dev libdeflate-dev libarchive-dev
    libutf8proc-dev libxxhash-dev libcurl4-openssl-dev"
test="clang libclang-rt-14-dev llvm-14 libcmocka-dev gcovr pmccabe zstd gzip python3-yaml python3-hypothesis"
deep="clang-tidy clang-format cppcheck valgrind"

case ${1-} in
build) wanted="$build" ;;
test) wanted="$build $test" ;;
deep) wanted="$build $test $deep" ;;
*)
    echo "usage: install_deps.sh build|test|deep" >&2
    exit 2
    ;;
esac

missing=
for package in $wanted; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "missing (Debian's names):$missing" >&2
    exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
    sudo="sudo"
    command -v sudo >/dev/null || {
        echo "missing, and neither root nor sudo to install them:$missing" >&2
        exit 1
    }
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    # $sudo is empty for root
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 </dev/null || {
        cat "$log" >&2
        echo "apt-get $1 failed; missing:$missing" >&2
        exit 1
    }
}
echo "installing:$missing"
apt update
# shellcheck disable=SC2086  # a list of words
apt install -y --no-install-recommends $missing
