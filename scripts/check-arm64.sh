#!/bin/sh
# Compiles the addon's C++ for arm64 with a cross compiler and discards the object files: shows that the code for that
# architecture compiles without warnings. Runs nothing.
# Debian: apt-get install g++-aarch64-linux-gnu
set -eu
cd "$(dirname "$0")/.."
compiler=${CXX_ARM64:-aarch64-linux-gnu-g++}
node_headers=${NODE_HEADERS:-$(node -p 'require("path").resolve(process.execPath, "../../include/node")')}
napi_headers=node_modules/node-addon-api
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
for source in src/native/cpp/*.cc; do
  echo "$source"
  "$compiler" -c -std=c++17 -O2 -fPIC -Wall -Wextra -Werror -DNAPI_VERSION=9 -DNODE_ADDON_API_CPP_EXCEPTIONS \
    -isystem "$node_headers" -isystem "$napi_headers" -o "$objects/$(basename "$source" .cc).o" "$source"
done
