/** Recognizes content of other file systems and volume managers, so that mkfs does not destroy it without --force. */
import type { MappedDevice } from '../../native/device.js';
import type { Host } from '../host/host.js';
import { askBlkid } from './blkid.js';
import { readShared } from './sharedMemory.js';
import { isWholeHole } from './wholeHole.js';

interface Signature {
  readonly name: string;
  /** bytes from the device's start */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

function ascii(name: string, offset: number, text: string): Signature {
  return { name, offset, bytes: Buffer.from(text, 'latin1') };
}

/** Offsets and magics as the formats publish them. */
const SIGNATURES: readonly Signature[] = [
  ascii('ext2/ext3/ext4', 0x438, '\x53\xef'),
  ascii('xfs', 0, 'XFSB'),
  ascii('btrfs', 0x10040, '_BHRfS_M'),
  ascii('bcachefs', 0x1018, '\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81'),
  ascii('f2fs', 0x400, '\x10\x20\xf5\xf2'),
  ascii('erofs', 0x400, '\xe2\xe1\xf5\xe0'),
  ascii('squashfs', 0, 'hsqs'),
  ascii('gfs2', 0x10000, '\x01\x16\x19\x70'),
  ascii('jfs', 0x8000, 'JFS1'),
  ascii('nilfs2', 0x406, '\x34\x34'),
  ascii('reiserfs', 0x10034, 'ReIsEr'),
  ascii('ntfs', 3, 'NTFS    '),
  ascii('exfat', 3, 'EXFAT   '),
  ascii('fat', 0x36, 'FAT1'),
  ascii('fat', 0x52, 'FAT32   '),
  ascii('hfs plus', 0x400, 'H+'),
  ascii('hfs plus', 0x400, 'HX'),
  ascii('apfs', 0x20, 'NXSB'),
  ascii('iso9660', 0x8001, 'CD001'),
  ascii('udf', 0x8001, 'BEA01'),
  ascii('cramfs', 0, '\x45\x3d\xcd\x28'),
  ascii('romfs', 0, '-rom1fs-'),
  ascii('ocfs2', 0x2000, 'OCFSV2'),
  ascii('ceph bluestore', 0, 'bluestore block device'),
  ascii('swap', 0xff6, 'SWAPSPACE2'),
  ascii('swap', 0xff6, 'SWAP-SPACE'),
  ascii('luks', 0, 'LUKS\xba\xbe'),
  ascii('lvm2 physical volume', 0x218, 'LVM2 001'),
  ascii('md raid', 0, '\xfc\x4e\x2b\xa9'),
  ascii('md raid', 0x1000, '\xfc\x4e\x2b\xa9'),
  ascii('vdo', 0, 'dmvdo001'),
  ascii('zfs', 0x20000, '\x0c\xb1\xba\x00'),
  ascii('zfs', 0x21000, '\x0c\xb1\xba\x00'),
  ascii('nvdimm dax namespace', 0x1000, 'NVDIMM_DAX_INFO'),
  ascii('nvdimm pfn namespace', 0x1000, 'NVDIMM_PFN_INFO'),
  ascii('nvdimm btt', 0x1000, 'BTT_ARENA_INFO'),
  ascii('gpt partition table', 0x200, 'EFI PART'),
  ascii('gpt partition table', 0x1000, 'EFI PART'),
  ascii('mbr partition table or boot sector', 0x1fe, '\x55\xaa'),
];

/** A foreign file system, volume or partition table on a device; undefined if none is recognized. */
export function foreignContent(host: Pick<Host, 'env'>, device: MappedDevice): string | undefined {
  const known = SIGNATURES.find(({ offset, bytes }) => {
    return offset + bytes.length <= device.size && readShared(device, offset, bytes.length).equals(bytes);
  });
  // blkid uses read(2), which a dax device refuses; it is slow to start, and finds nothing in a hole
  const asks = known === undefined && device.kind === 'file' && !isWholeHole(device.path);
  return asks ? askBlkid(host, device.path) : known?.name;
}
