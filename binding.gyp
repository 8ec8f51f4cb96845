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
        "src/native/cpp/checks.cc",
        "src/native/cpp/claims.cc",
        "src/native/cpp/copy.cc",
        "src/native/cpp/copy_files.cc",
        "src/native/cpp/copy_streams.cc",
        "src/native/cpp/crc.cc",
        "src/native/cpp/device.cc",
        "src/native/cpp/failure.cc",
        "src/native/cpp/file.cc",
        "src/native/cpp/from_file.cc",
        "src/native/cpp/fuse_change.cc",
        "src/native/cpp/fuse_data.cc",
        "src/native/cpp/fuse_init.cc",
        "src/native/cpp/fuse_listener.cc",
        "src/native/cpp/fuse_mount.cc",
        "src/native/cpp/fuse_names.cc",
        "src/native/cpp/fuse_notify.cc",
        "src/native/cpp/fuse_readdir.cc",
        "src/native/cpp/fuse_server.cc",
        "src/native/cpp/fuse_session.cc",
        "src/native/cpp/fuse_staged.cc",
        "src/native/cpp/fuse_table.cc",
        "src/native/cpp/guard.cc",
        "src/native/cpp/job.cc",
        "src/native/cpp/job_handle.cc",
        "src/native/cpp/job_result.cc",
        "src/native/cpp/jump.cc",
        "src/native/cpp/log_entry.cc",
        "src/native/cpp/log_table.cc",
        "src/native/cpp/log_table_binding.cc",
        "src/native/cpp/mapping.cc",
        "src/native/cpp/path_table.cc",
        "src/native/cpp/pattern.cc",
        "src/native/cpp/prefault.cc",
        "src/native/cpp/records.cc",
        "src/native/cpp/records_binding.cc",
        "src/native/cpp/stores.cc",
        "src/native/cpp/touch.cc",
        "src/native/cpp/trace.cc"
      ],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-isystem <(node_addon_api)"],
      "ldflags": ["-Wl,-z,nodelete"]
    }
  ]
}
