import type { Program } from '../ui/registry.js';
import { version } from '../version.js';
import { ABSENT_COMMANDS } from './absent.js';
import { deviceOptions } from './options/dev.js';
import { globalDefaults } from './options/settings.js';

/** The commands, by group and in the order in which help lists them. A module is loaded when its command is run. */
export const program: Program = {
  name: 'famfs',
  version,
  links: ['mkfs', 'fsck', 'mount'],
  absent: ABSENT_COMMANDS,
  leading: deviceOptions,
  globalDefaults,
  commands: {
    mkfs: () => import('./mkfs.js'),
    mkdir: () => import('./mkdir.js'),
    creat: () => import('./creat.js'),
    cp: () => import('./cp.js'),
    get: () => import('./get.js'),
    cat: () => import('./cat.js'),
    verify: () => import('./verify.js'),
    flush: () => import('./flush.js'),
    ls: () => import('./ls.js'),
    stat: () => import('./stat.js'),
    showfmap: () => import('./showfmap.js'),
    logplay: () => import('./logplay.js'),
    info: () => import('./info.js'),
    df: () => import('./df.js'),
    map: () => import('./map.js'),
    balance: () => import('./balance.js'),
    'plan-capacity': () => import('./planCapacity.js'),
    'daxdev list': () => import('./daxdevList.js'),
    'daxdev add': () => import('./daxdevAdd.js'),
    'daxdev resolve': () => import('./daxdevResolve.js'),
    'config list': () => import('./configList.js'),
    fsck: () => import('./fsck.js'),
    mount: () => import('./mount.js'),
    umount: () => import('./umount.js'),
    'daxdev mode': () => import('./daxdevMode.js'),
    'fmap decode': () => import('./fmapDecode.js'),
    'fmap check': () => import('./fmapCheck.js'),
    resolve: () => import('./resolve.js'),
    whois: () => import('./whois.js'),
    undo: () => import('./undo.js'),
    help: () => import('./help.js'),
    completion: () => import('./completion.js'),
  },
};
