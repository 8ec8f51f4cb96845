/** Files that ask for operations of the cache rules and that no scenario reaches, and why. */
export const UNREACHED: Readonly<Record<string, string>> = {
  'native/device.ts': 'passes on what others ask for',
  'native/smallFiles.ts': 'passes on what fs/transfer/fillSmallFiles.ts asks for',
  'fs/media/sharedMemory.ts': 'passes on what others ask for',
  'fs/log/rewriting.ts': 'plans steps, which others apply',
  'commands/verify.ts': 'asks by way of fs/transfer/eachFile.ts',
  'commands/transfer/output.ts': 'asks by way of fs/transfer/eachFile.ts',
  'cpp/cache.cc': 'has the instructions; test/native/instructions.test.ts',
  'cpp/device.cc': 'passes on what TypeScript asks for',
  'cpp/fuse_data.cc': 'works for the kernel, in the server of a mount; test/native/fuse.test.ts',
  'cpp/fuse_notify.cc': 'works for the kernel, in the server of a mount; test/native/fuse.test.ts',
};
