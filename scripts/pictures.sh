#!/bin/bash
# Makes the pictures of docs/pictures with the commands themselves, from a pool of sparse images. Needs Chromium for the page.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export FAMFS_DEV=pool-00.img FAMFS_SYSTEM_UUID_FILE=$folder/system_uuid
famfs() { "$root/dist/famfs.cjs" "$@"; }
cd "$folder"
for i in $(seq -w 0 23); do truncate -s 64G "pool-$i.img"; done
famfs mkfs pool-*.img
famfs mkdir -p data/models data/shards checkpoints/run1 checkpoints/run2 scratch
# COUNT files from SIZE megabytes on, in DIRECTORY
list() {
  for i in $(seq -w 1 "$1"); do echo "$3/$(basename "$3")-$i $(($2 + 10#$i * 7919 % ($2 * 9)))M"; done
}
list 8 2048 data/models | famfs creat --from - --stripes 16 --alloc-seed 1
list 90 200 data/shards | famfs creat --from - --stripes 8 --alloc-seed 2
list 12 1500 checkpoints/run1 | famfs creat --from - --stripes 16 --alloc-seed 3
list 40 80 scratch | famfs creat --from - --simple --alloc-seed 4
list 14 1800 checkpoints/run2 | famfs creat --from - --stripes 16 --alloc-seed 5
famfs mkdir data/shards/more
list 60 300 data/shards/more | famfs creat --from - --stripes 4 --alloc-seed 6
famfs map --svg "$root/docs/pictures/pool.svg" --html "$folder/pool.html" --force
(cd "$root" && npx tsc -p test/page && node out/test/page/screenshot.js "$folder/pool.html" docs/pictures/page.png)
