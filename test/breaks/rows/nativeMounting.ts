import { type Break, breaksOf } from '../break.js';

/** The server of a mount in C++. */
export const nativeMountingBreaks: readonly Break[] = [
  ...breaksOf('src/native/cpp/fuse_change.cc', [
    {
      from: 'if (node.kind == Kind::kDirectory) return answer(EISDIR);\n    if (isWriting',
      to: 'if (isWriting',
      why: 'a directory of a mount can be opened as a file',
      killer: 'native/fuse',
      title: 'OPEN and',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_init.cc', [
    {
      from: 'in.minor < kOldestMinor',
      to: 'false',
      why: 'a kernel that is too old is served, and reads garbage',
      killer: 'native/fuse',
      title: 'INIT of another',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_listener.cc', [
    {
      from: 'event.Set("deviceOffset", toNumber(env, trouble.deviceOffset));',
      to: 'event.Set("deviceOffset", toNumber(env, trouble.offset));',
      why: 'the log of a mount names the wrong place of bad memory',
      killer: 'native/fuse',
      title: 'memory cut short',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_names.cc', [
    {
      from: 'attr.nlink = 2 + table_.subdirectories(row);',
      to: 'attr.nlink = 2;',
      why: 'find in a mount leaves out directories',
      killer: 'native/fuse',
      title: 'LOOKUP gives',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_readdir.cc', [
    {
      from: 'if (!listing.fits(name)) break;',
      to: '',
      why: 'ls of a large directory of a mount fails',
      killer: 'native/fuse',
      title: 'READDIR and',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_session.cc', [
    {
      from: 'if (failed_) return answer(EIO);',
      to: '',
      why: 'a mount serves bytes of a file system that was made in its place',
      killer: 'native/fuse',
      title: 'once it has failed',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_staged.cc', [
    {
      from: 'if (moved_) return kMoved;\n  int error',
      to: 'int error',
      why: 'bytes that are written while a file is committed go to its old copy',
      killer: 'native/fuse',
      title: 'a staged file',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_mount.cc', [
    {
      from: 'type.c_str(), flags, data',
      to: 'type.c_str(), flags & MS_RDONLY, data',
      why: 'programs and devices of a mount can be used despite noexec and nodev',
      killer: 'commands/mount',
      title: 'mount -o: read-only',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_request.h', [
    {
      from: 'if (nul == nullptr) return false;',
      to: 'if (nul == nullptr) nul = end_;',
      why: 'a name without an end is accepted, and what follows it is read past the request',
      killer: 'native/fuse',
      title: 'LOOKUP where',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_server.cc', [
    {
      from: 'made.gid = static_cast<uint32_t>(at[4]);',
      to: 'made.gid = static_cast<uint32_t>(at[3]);',
      why: 'files of a mount belong to the wrong group',
      killer: 'native/fuse',
      title: 'LOOKUP gives the node',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_pipe.cc', [
    {
      from: 'loff_t at = static_cast<loff_t>(parts[i].offset);',
      to: 'loff_t at = static_cast<loff_t>(parts[0].offset);',
      why: 'a long read of an interleaved file has the bytes of its first strip only',
      killer: 'scenarios/mount/reads',
    },
  ]),
];
