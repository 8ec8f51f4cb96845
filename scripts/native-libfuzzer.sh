#!/bin/sh
# Fuzzes the C++ of the addon that does not use JavaScript, with libFuzzer under AddressSanitizer and
# UndefinedBehaviorSanitizer: one program for each file of test/native/libfuzzer, each for so many seconds.
#
#     scripts/native-libfuzzer.sh [SECONDS] [PROGRAM...]     600 seconds; all programs
#
# Needs clang with libFuzzer: apt-get install clang-19 libclang-rt-19-dev (or clang and libclang-rt-dev), or CLANG=path. Inputs
# that fail are written to the current folder; the program prints how to run one again.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
seconds=${1:-600}
[ $# -eq 0 ] || shift
for clang in "${CLANG:-}" clang++ $(ls /usr/bin 2>/dev/null | grep -E '^clang\+\+-[0-9]+$' | sort -rV); do
  [ -n "$clang" ] && command -v "$clang" >/dev/null && break
  clang=
done
[ -n "$clang" ] || { echo "clang++ is not installed: apt-get install clang-19 libclang-rt-19-dev" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

cpp=$root/src/native/cpp
sources=
for source in "$cpp"/*.cc; do
  # what speaks with JavaScript is left out
  "$clang" -std=c++17 -MM -MG "$source" | grep -q 'napi\.h' || sources="$sources $source"
done
[ $# -gt 0 ] || set -- $(cd "$root/test/native/libfuzzer" && ls *.cc | sed 's/\.cc$//')
for name in "$@"; do
  echo "$name: building with $clang"
  # the flags of binding.gyp; warnings are errors
  "$clang" -std=c++17 -O2 -g -fno-omit-frame-pointer -Wall -Wextra -Werror -fvisibility=hidden \
    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -pthread \
    -I"$cpp" -o "$folder/$name" "$root/test/native/libfuzzer/$name.cc" $sources
  mkdir "$folder/$name.corpus"
  "$folder/$name" -max_total_time="$seconds" -max_len=20000 -len_control=20 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -verbosity=${FAMFS_VERBOSITY:-0} "$folder/$name.corpus"
done
