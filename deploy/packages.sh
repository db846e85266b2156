#!/bin/sh
# Make a virtual environment of the wheel, and of exactly the files that poetry.lock names:
#
#   sh deploy/packages.sh DIRECTORY
#
# It reads the directory that `make dist` has written, in which this file is. UBLOG_EXTRAS="s3
# sentry" adds the packages of these extras; PYTHON is another Python than python3.
set -eu

dist=$(dirname "$(dirname "$(readlink -f "$0")")")
target=$1
set --
for extra in $(echo "${UBLOG_EXTRAS:-}" | tr ',' ' '); do
    [ -e "$dist/requirements-$extra.txt" ] || { echo "There is no extra $extra" >&2; exit 1; }
    set -- "$@" --requirement "$dist/requirements-$extra.txt"
done

"${PYTHON:-python3}" -I -m venv "$target"
pip() {
    "$target/bin/python" -I -m pip install --disable-pip-version-check --use-pep517 -qq --no-deps "$@"
}
# One package of the lock has no wheel: what builds it is locked, too.
pip --requirement "$dist/requirements-build.txt"
pip --no-build-isolation --requirement "$dist/requirements.txt" "$@"
pip --no-index "$dist"/ublog-*.whl
