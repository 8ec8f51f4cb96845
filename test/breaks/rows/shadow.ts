import { type Break, breaksOf } from '../break.js';

export const shadowBreaks: readonly Break[] = [
  ...breaksOf('src/fs/shadow/folders.ts', [
    {
      from: '    this.#open.delete(path);\n    this.#lastParent = undefined;\n    closeSync(fd);',
      to: '    closeSync(fd);',
      why: 'a closed directory of a large shadow tree is used again',
      killer: 'scenarios/shadow',
      title: 'a tree of more directories',
    },
    {
      from: 'constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW',
      to: 'constants.O_RDONLY | constants.O_DIRECTORY',
      why: 'a planted link leads out of the shadow tree',
      killer: 'scenarios/shadow',
      title: 'a link planted',
    },
  ]),
  ...breaksOf('src/fs/shadow/newFiles.ts', [
    {
      from: 'this.#begin();\n    this.#settle();',
      to: 'this.#begin();',
      why: 'a new tree that could not be written counts as played',
      killer: 'scenarios/shadow',
      title: 'what cannot be written',
    },
    {
      from: 'for (const file of taken) this.taken(files[file] as File);',
      to: '',
      why: 'what someone planted in a new tree stays there',
      killer: 'scenarios/shadow',
      title: 'names that someone puts',
    },
    {
      from: ' || this.#folders.size >= MOST_FOLDERS',
      to: '',
      why: 'folders of a large tree are closed before their files are made',
      killer: 'scenarios/shadow',
      title: 'a tree of more directories',
    },
  ]),
  ...breaksOf('src/fs/shadow/player.ts', [
    {
      from: 'this.#newFiles = undefined;\n',
      to: '',
      why: 'a server reads half a file that is played into a tree it has begun to serve',
      killer: 'scenarios/shadow',
      title: 'once a new tree is finished',
    },
  ]),
  ...breaksOf('src/native/newFiles.ts', [
    {
      from: 'errno !== constants.errno.EEXIST',
      to: 'errno === 0',
      why: 'a full file system looks like a name that is taken',
      killer: 'native/newFiles',
    },
  ]),
  ...breaksOf('src/native/cpp/new_files.cc', [
    {
      from: 'O_EXCL | O_NOFOLLOW',
      to: 'O_NOFOLLOW',
      why: 'files that exist are written over',
      killer: 'native/newFiles',
      title: 'names that are taken',
    },
    {
      from: 'if (errno == EEXIST) continue;',
      to: '',
      why: 'a name that is taken ends the batch',
      killer: 'native/newFiles',
      title: 'names that are taken',
    },
  ]),
  ...breaksOf('src/native/cpp/new_files_binding.cc', [
    {
      from: 'require(env, batch.names.find(\'/\') == std::string::npos, "names");',
      to: '',
      why: 'a name leads out of its folder',
      killer: 'native/newFiles',
      title: 'columns that do not fit',
    },
  ]),
];
