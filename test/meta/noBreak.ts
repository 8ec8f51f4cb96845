/** Files of src that do something, and have no row in test/breaks. */

/** Why there can be none; a folder ends with a slash. */
export const NO_BREAK: Readonly<Record<string, string>> = {
  'src/page/': 'it runs in a browser: npm run test:page',
  'src/sea.ts': 'only the single executable runs it: npm run test:packages',
  'src/unnamedFile.ts': 'only the single executable runs it: npm run test:packages',
  'src/native/cpp/random_keys.h': 'the keys of a hash change no result',
  'src/format/unreachable.ts': 'it is never reached',
};

/** Those that nobody has broken yet. Remove a line with the first row; add none. */
export const NO_BREAK_YET: readonly string[] = [
  'src/native/cpp/arguments.cc',
  'src/native/cpp/big_memory.h',
  'src/native/cpp/claims.cc',
  'src/native/cpp/claims.h',
  'src/native/cpp/copy_files.cc',
  'src/native/cpp/failure.cc',
  'src/native/cpp/file.cc',
  'src/native/cpp/fuse_mount.cc',
  'src/native/cpp/fuse_request.h',
  'src/native/cpp/fuse_server.cc',
  'src/native/cpp/guard.cc',
  'src/native/cpp/hole.h',
  'src/native/cpp/live_jobs.h',
  'src/native/cpp/log_table_binding.cc',
  'src/native/cpp/mapping.h',
  'src/native/cpp/prefault.cc',
  'src/native/cpp/range_io.h',
  'src/native/cpp/record_text_binding.cc',
  'src/native/cpp/records_binding.cc',
  'src/native/cpp/touch.h',
];
