import { findNode } from '../fs/log/findNode.js';
import type { Node } from '../fs/log/namespace.js';
import { defineCommand } from '../ui/command.js';
import { octal } from '../ui/units.js';
import { deviceOptions, withVolume } from './options/device.js';
import { type FmapData, fmapData } from './output/extent.js';
import { nodeData } from './output/file.js';

export const command = defineCommand({
  name: 'stat',
  group: 'Look',
  summary: 'print what is known of files and directories',
  details: [
    'Prints type, size, mode, owner, log entry and, for a file, what it has allocated and how it is interleaved.',
  ],
  examples: [{ command: 'famfs stat data/weights', explains: 'one file' }],
  args: [{ name: 'PATH', summary: 'file or directory', required: true, repeat: true }],
  options: deviceOptions,
  seeAlso: ['ls', 'showfmap'],
  async run(context, args, { dev }) {
    const found = await withVolume(context, dev, (volume) =>
      args.map((path) => {
        const node = findNode(volume.replay.namespace, path);
        return { node, fmap: node.kind === 'file' ? fmapData(volume.fileEntry(node)) : undefined };
      }),
    );
    return {
      data: { entries: found.map(({ node, fmap }) => ({ ...nodeData(node), ...(fmap && allocation(fmap)) })) },
      text: () => found.flatMap(({ node, fmap }) => describe(node, fmap)),
    };
  },
});

function allocation(fmap: FmapData): object {
  const { allocated, slack, chunkSize } = fmap;
  return { allocated, slack, layout: fmap.type, strips: fmap.extents.length, chunkSize };
}

function describe(node: Node, fmap: FmapData | undefined): string[] {
  const lines = [
    `  Path: /${node.path}`,
    `  Type: ${node.kind}   Size: ${node.size}   Mode: ${octal(node.mode)}   Uid: ${node.uid}   Gid: ${node.gid}`,
    `  Made: ${node.slot < 0 ? 'by mkfs' : `log entry ${node.slot}`}`,
  ];
  if (fmap !== undefined) {
    const what = fmap.type === 'simple' ? 'extents' : `strips, chunk ${fmap.chunkSize}`;
    lines.push(
      `  Allocated: ${fmap.allocated}   Slack: ${fmap.slack}   Layout: ${fmap.type}, ${fmap.extents.length} ${what}`,
    );
  }
  return lines;
}
