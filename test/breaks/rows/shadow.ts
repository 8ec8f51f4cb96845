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
];
