#!/bin/sh
# Runs tests, or one compiled program, with the C++ of the addon under AddressSanitizer and UndefinedBehaviorSanitizer.
#
#     scripts/native-sanitize.sh                              test/native
#     scripts/native-sanitize.sh crash commands/cp            the tests whose path contains a word, as in scripts/test.mjs
#     scripts/native-sanitize.sh --run test/fuzz/long.js 2000 a program of out/, with its arguments
#
# How it works: the addon is compiled with -fsanitize into a temporary folder, together with a copy of the output of
# `npm run bundle` (run that first), which uses the nearest build above it. node itself is not instrumented, so the libraries of
# the sanitizers are preloaded. They must leave SIGBUS to the addon (handle_sigbus=0). Leaks are not checked, because node leaks
# on purpose. FAMFS_SANITIZE adds options of AddressSanitizer, separated by colons.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
compiler=${CXX:-g++}
node_headers=${NODE_HEADERS:-$(node -p 'require("path").resolve(process.execPath, "../../include/node")')}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder/build/Release"
echo "building with $compiler -fsanitize=address,undefined"
"$compiler" -shared -fPIC -std=c++17 -O1 -g -fno-omit-frame-pointer -Wall -Wextra -D_GLIBCXX_ASSERTIONS \
  -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined \
  -DNODE_GYP_MODULE_NAME=famfs_native -DNAPI_VERSION=9 -DNODE_ADDON_API_CPP_EXCEPTIONS \
  -isystem "$node_headers" -isystem node_modules/node-addon-api -Wl,-z,nodelete \
  -o "$folder/build/Release/famfs_native.node" src/native/cpp/*.cc
cp -r package.json out dist "$folder"
for name in node_modules scripts src test man docs; do ln -s "$root/$name" "$folder/$name"; done

if [ "${1-}" = --run ]; then
  program=out/$2
  shift 2
else
  program=scripts/test.mjs
  [ $# -gt 0 ] || set -- native/
fi
cd "$folder"
export LD_PRELOAD="$("$compiler" -print-file-name=libasan.so) $("$compiler" -print-file-name=libubsan.so)"
export ASAN_OPTIONS="detect_leaks=0:handle_sigbus=0:handle_segv=0:abort_on_error=1:halt_on_error=1:${FAMFS_SANITIZE-}"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
node "$program" "$@"
