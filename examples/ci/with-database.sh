#!/bin/sh
# Runs a command with a database of its own: a clone of the golden volume, in a container that is healthy before the command starts.
# Whatever the command says, container and volume are gone afterwards, and nothing else is touched.
#
#   with-database.sh BUILD COMMAND [ARGUMENT...]
#
# HV_CLUSTER and HV_CREDENTIAL_FILE (or HV_USER and HV_PASSWORD) say which cluster. The container has the build's name: ci-BUILD.
set -eu
build=${1:?"Give the build's name, such as \$CI_PIPELINE_ID."}
shift
folder=$(cd "$(dirname "$0")" && pwd)

throw_away() {
    status=$?
    printf '{ "name": "ci-%s", "docker": { } }' "$build" | hv apply - --prune --allow-remove || status=$((status ? status : 1))
    exit "$status"
}

trap throw_away EXIT
trap 'exit 130' INT TERM
sed "s/@BUILD@/$build/g" "$folder/database.json" | hv apply -
"$@"
