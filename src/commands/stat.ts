import { counted } from '../format/counted.js';
import { findNode } from '../fs/log/findNode.js';
import { defineCommand, type Result } from '../ui/command.js';
import { atOption } from './options/at.js';
import { deviceOptions, withVolume } from './options/device.js';
import { type FmapRow, fmapRow } from './output/extent.js';
import { type NodeRow, nodeRow } from './output/file.js';

export interface StatDocument {
  readonly entries: readonly (FileStat | DirectoryStat)[];
}

interface FileStat extends NodeRow, FmapRow {
  readonly type: 'file';
}

interface DirectoryStat extends NodeRow {
  readonly type: 'directory';
}

export const command = defineCommand({
  name: 'stat',
  group: 'Look',
  summary: 'print the attributes of files and directories',
  details: [
    'Prints type, size, mode, owner, log entry and, for a file, its allocated space, its layout and its extents.',
  ],
  examples: [{ command: 'famfs stat data/weights', explains: 'one file' }],
  args: [{ name: 'PATH', summary: 'file or directory', completes: 'path', required: true, repeat: true }],
  options: { ...atOption, ...deviceOptions },
  seeAlso: ['ls', 'showfmap'],
  async run(context, args, { at, dev }): Promise<Result<StatDocument>> {
    const entries = await withVolume(
      context,
      dev,
      (volume) =>
        args.map((path) => {
          const node = findNode(volume.replay.namespace, path);
          const row = nodeRow(node);
          return node.kind === 'file' ? { ...row, ...fmapRow(volume.fileEntry(node)) } : row;
        }) as (FileStat | DirectoryStat)[],
      args,
      at,
    );
    return { data: { entries }, text: () => entries.flatMap(statLines) };
  },
});

function statLines(entry: FileStat | DirectoryStat): string[] {
  const { path, type, size, mode, uid, gid, slot } = entry;
  const lines = [
    `  Path: /${path}`,
    `  Type: ${type}   Size: ${size}   Mode: ${mode}   Uid: ${uid}   Gid: ${gid}`,
    `  Made: ${slot === null ? 'by mkfs' : `by log entry ${slot}`}`,
  ];
  return entry.type === 'file' ? [...lines, mapLine(entry)] : lines;
}

function mapLine({ layout, chunkSize, allocated, slack, extents }: FmapRow): string {
  const what =
    layout === 'simple' ? counted(extents.length, 'extent') : `${counted(extents.length, 'strip')}, chunk ${chunkSize}`;
  return `  Allocated: ${allocated}   Slack: ${slack}   Layout: ${layout}, ${what}`;
}
