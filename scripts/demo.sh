#!/bin/bash
# The main job on an image file, step by step, as in README.md. Removes everything that it makes.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export FAMFS_DEV=pool.img FAMFS_SYSTEM_UUID_FILE=$folder/system_uuid
famfs() { "$root/dist/famfs.cjs" "$@"; }
step() {
  echo "\$ $*"
  "$@"
}
cd "$folder"
step truncate -s 16G pool.img
step famfs mkfs pool.img
step famfs mkdir -p data/models
step famfs creat -s 1G --stripes 4 data/models/weights
step famfs ls -lR
step famfs showfmap data/models/weights
step famfs logplay
step famfs fsck
