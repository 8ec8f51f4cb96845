const LEAVES = 'famfs daxdev remove takes a daxdev out of its pool';
const NO_LINKS = 'a famfs has no links: each path is a file of its own';

/**
 * Commands that people expect but famfs does not have, and what to do instead. A name that becomes a command leaves this list; a
 * test checks that.
 */
export const ABSENT_COMMANDS: Readonly<Record<string, string>> = {
  touch: 'a file has its size from the start: famfs creat -s SIZE FILE',
  write: 'famfs cp -s SIZE - FILE stores what standard input holds',
  put: 'famfs cp copies files in, and famfs get copies them out',
  ln: NO_LINKS,
  link: NO_LINKS,
  symlink: NO_LINKS,
  tree: 'famfs ls -R lists everything below a directory',
  head: 'famfs cat FILE | head',
  tail: 'famfs cat FILE | tail',
  format: 'famfs mkfs makes a file system',
  repair: 'famfs fsck -p makes the safe repairs, famfs fsck -y all of them',
  check: 'famfs fsck checks a file system, famfs fsck --kernel the maps of its files, famfs verify their bytes',
  mkmeta: 'nothing has to be made before famfs mount, or before a command works on a daxdev',
  'config unset': 'famfs config set --unset KEY removes a key',
  unmount: 'famfs umount unmounts a file system',
  'daxdev rm': LEAVES,
  'daxdev delete': LEAVES,
};
