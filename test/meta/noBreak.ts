/** Files of src that do something and have no row in test/breaks, and why there can be none; a folder ends with a slash. */
export const NO_BREAK: Readonly<Record<string, string>> = {
  'src/native/threads.ts': 'another number of threads changes no result',
  'src/native/cpp/cheaper.h': 'the other way gives the same bytes, and only takes longer',
  'src/page/': 'it runs in a browser: npm run test:page',
  'src/sea.ts': 'only the single executable runs it: npm run test:packages',
  'src/unnamedFile.ts': 'only the single executable runs it: npm run test:packages',
  'src/native/cpp/wide_registers.cc': 'other registers give the same results',
  'src/native/cpp/keyed_hash.h': 'another hash changes no result',
  'src/format/unreachable.ts': 'it is never reached',
};
