#!/bin/sh
# Runs the tests of the native addon with its C++ under AddressSanitizer and UndefinedBehaviorSanitizer.
#
# How: the addon is compiled with -fsanitize into a folder of its own, where the compiled tests (out/, so run `npx tsc -p .`
# first) are copied too; they find that build because it is the nearest one above them. node itself is not instrumented,
# so the sanitizer's library is preloaded. It must leave SIGBUS to the addon (handle_sigbus=0), and leaks are not looked
# for, as node leaves much behind on purpose.
#
# Arguments: test files without folder and ending, such as `bulkFault stream`; default: all of test/native.
set -eu
cd "$(dirname "$0")/.."
compiler=${CXX:-g++}
node_headers=${NODE_HEADERS:-$(node -p 'require("path").resolve(process.execPath, "../../include/node")')}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/build/Release"
echo "building with $compiler -fsanitize=address,undefined"
"$compiler" -shared -fPIC -std=c++17 -O1 -g -fno-omit-frame-pointer -Wall -Wextra \
  -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined \
  -DNODE_GYP_MODULE_NAME=famfs_native -DNAPI_VERSION=9 -DNODE_ADDON_API_CPP_EXCEPTIONS \
  -isystem "$node_headers" -isystem node_modules/node-addon-api -Wl,-z,nodelete \
  -o "$folder/build/Release/famfs_native.node" src/native/cpp/*.cc
cp package.json "$folder"
mkdir -p "$folder/out/src" "$folder/out/test"
cp -r out/src/native "$folder/out/src/native"
cp -r out/test/native "$folder/out/test/native"
tests=
if [ $# -eq 0 ]; then
  tests=$(ls "$folder"/out/test/native/*.test.js)
else
  for name in "$@"; do tests="$tests $folder/out/test/native/$name.test.js"; done
fi
LD_PRELOAD="$("$compiler" -print-file-name=libasan.so) $("$compiler" -print-file-name=libubsan.so)" \
  ASAN_OPTIONS=detect_leaks=0:handle_sigbus=0:handle_segv=0:abort_on_error=1:halt_on_error=1 \
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
  node --test $tests
