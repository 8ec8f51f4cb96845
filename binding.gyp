{
  "variables": {
    "node_addon_api": "<!(node -p \"require('node:path').dirname(require.resolve('node-addon-api/napi.h'))\")"
  },
  "targets": [
    {
      "target_name": "famfs_native",
      "sources": [
        "src/native/cpp/addon.cc",
        "src/native/cpp/arguments.cc",
        "src/native/cpp/cache.cc",
        "src/native/cpp/crc.cc",
        "src/native/cpp/crc_binding.cc",
        "src/native/cpp/device.cc",
        "src/native/cpp/failure.cc",
        "src/native/cpp/guard.cc",
        "src/native/cpp/mapping.cc"
      ],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-isystem <(node_addon_api)"],
      "ldflags": ["-Wl,-z,nodelete", "-Wl,-z,now"]
    }
  ]
}
