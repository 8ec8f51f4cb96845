/** The JSON Schema of manifests: editors complete with it, and scripts/build.mjs makes the validator of it. */
import { MAX_STRIPS } from '../../format/fmap.js';
import { MAX_DAXDEVS } from '../../format/superblock.js';
import { POLICIES } from '../../fs/allocate/placement.js';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../fs/declared/declaration.js';

const SIZES = '4096, 8k, 2M, 1.5G, 0x200000; k is 1024';

const size = (what: string) => ({ type: ['string', 'integer'], description: `${what}: ${SIZES}` }) as const;

const stripes = (what: string) =>
  ({ type: 'integer', minimum: 0, maximum: MAX_STRIPS, description: `${what}; 0 for none: simple files` }) as const;

const owner = {
  uid: {
    type: ['string', 'integer'],
    description: 'owner, by number or name; the default is the user who makes the file',
  },
  gid: {
    type: ['string', 'integer'],
    description: 'group, by number or name; the default is that of the user who makes the file',
  },
} as const;

const mode = {
  type: ['string', 'integer'],
  description:
    'permission bits in octal digits: 0644; the default is 0666 for files and 0777 for directories, without the bits of the umask',
} as const;

// of two keywords that both refuse a number, a user would get two errors: enum alone
const onConflict = {
  enum: CONFLICT_POLICIES,
  description:
    'what apply does with one that exists and differs: fail; keep it as it is; change its mode and owner; replace a file of another size or layout too. change and replace rewrite the log',
} as const;

const layout = {
  stripes: stripes('interleave over this many strips'),
  chunk: size('chunk of interleaved files, a power of two and a multiple of the allocation unit'),
  policy: { enum: POLICIES, description: 'how to choose daxdevs' },
  daxdevs: {
    type: ['string', 'integer'],
    description: 'use only these daxdevs of the pool, by index: 0,2,5-8',
  },
} as const;

/** Ranges in paths. */
const RANGES = 'a range such as {000..999} stands for one item per number';

const literal = { type: 'boolean', description: 'path and source are taken literally, without ranges' } as const;

/** draft-07, as ajv reads it by default. */
export const MANIFEST_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'famfs manifest',
  description: 'The pool, directories and files that famfs plan compares with what exists, and famfs apply makes',
  type: 'object',
  additionalProperties: false,
  properties: {
    formatVersion: { const: 1, description: 'version of the manifest format' },
    pool: {
      type: 'object',
      description: 'the file system; apply makes it if its daxdevs are blank',
      additionalProperties: false,
      properties: {
        daxdevs: {
          type: 'array',
          minItems: 1,
          description: `its members, the primary first; at most ${MAX_DAXDEVS}`,
          items: {
            type: ['string', 'object'],
            description: `a path, or an object; ${RANGES}`,
            minLength: 1,
            additionalProperties: false,
            properties: {
              path: {
                type: 'string',
                minLength: 1,
                description: `daxdev or image, relative to the folder of the manifest; ${RANGES}`,
              },
              uuid: { type: 'string', description: 'device uuid of a daxdev that already has a famfs' },
              label: {
                type: 'string',
                minLength: 1,
                description: 'of a file system that exists: stands for all its daxdevs; excludes path, uuid and size',
              },
              size: size('of an image; apply makes the image if it is missing'),
            },
          },
        },
        label: {
          type: 'string',
          minLength: 1,
          description: "name of the file system, recorded when it is made: at most 63 bytes, without '/' and ':'",
        },
        loglen: size('length of the log, a power of two from 8M'),
        allocUnit: size('allocation unit, 4k or 2M; without it, 2M'),
        stripes: { ...stripes('default interleave of the pool, recorded when it is made'), minimum: 1 },
        chunk: size('chunk of the default interleave; needs stripes'),
      },
    },
    defaults: {
      type: 'object',
      description: 'defaults for files and directories',
      additionalProperties: false,
      properties: { ...owner, mode, directoryMode: mode, ...layout, onConflict },
    },
    directories: {
      type: 'array',
      description: 'directories; missing parents are made too',
      items: {
        type: ['string', 'object'],
        description: `a path, or an object; ${RANGES}`,
        minLength: 1,
        required: ['path'],
        additionalProperties: false,
        properties: {
          path: { type: 'string', minLength: 1, description: `path from the root; ${RANGES}` },
          literal,
          mode,
          ...owner,
          onConflict,
        },
      },
    },
    files: {
      type: 'array',
      description: 'files; missing parents are made too',
      items: {
        type: 'object',
        required: ['path'],
        additionalProperties: false,
        properties: {
          path: {
            type: 'string',
            minLength: 1,
            description: `path from the root; ${RANGES}. With sources, the directory that they go into`,
          },
          literal,
          size: size('of the file; the default is that of the source'),
          mode,
          ...owner,
          ...layout,
          onConflict,
          contiguous: { type: 'boolean', description: 'a simple file with a single extent, or an error' },
          source: {
            type: 'string',
            minLength: 1,
            description:
              'file of this host to copy in when the file is made, relative to the folder of the manifest; it has the same ranges as path',
          },
          sources: {
            type: 'string',
            minLength: 1,
            description:
              'files of this host to copy into the directory path: a pattern with *, ?, [a-z] and **, relative to the folder of the manifest',
          },
          dereference: { type: 'boolean', description: 'sources follows symbolic links' },
          seed: { type: 'integer', minimum: 0, description: 'fill with the pattern that verify --seed checks' },
          zero: { type: 'boolean', description: 'fill with zeros' },
          sha256: { type: 'string', description: 'of the whole file, in hex; checked when the file is made' },
        },
      },
    },
  },
} as const;

type TextOrNumber = string | number;

export interface ManifestOwner {
  readonly uid?: TextOrNumber;
  readonly gid?: TextOrNumber;
  readonly mode?: TextOrNumber;
}

export interface ManifestLayout {
  readonly stripes?: number;
  readonly chunk?: TextOrNumber;
  readonly policy?: (typeof POLICIES)[number];
  readonly daxdevs?: TextOrNumber;
}

export interface ManifestDaxdev {
  readonly path?: string;
  readonly uuid?: string;
  readonly label?: string;
  readonly size?: TextOrNumber;
}

export interface ManifestDirectory extends ManifestOwner {
  readonly path: string;
  readonly onConflict?: ConflictPolicy;
  readonly literal?: boolean;
}

export interface ManifestFile extends ManifestOwner, ManifestLayout {
  readonly path: string;
  readonly literal?: boolean;
  readonly size?: TextOrNumber;
  readonly onConflict?: ConflictPolicy;
  readonly contiguous?: boolean;
  readonly source?: string;
  readonly sources?: string;
  readonly dereference?: boolean;
  readonly seed?: number;
  readonly zero?: boolean;
  readonly sha256?: string;
}

/** A manifest that the schema allows. What it does not allow was taken out, and is undefined. */
export interface Manifest {
  readonly formatVersion?: 1;
  readonly pool?: {
    readonly daxdevs?: readonly (string | ManifestDaxdev | undefined)[];
    readonly label?: string;
    readonly loglen?: TextOrNumber;
    readonly allocUnit?: TextOrNumber;
    readonly stripes?: number;
    readonly chunk?: TextOrNumber;
  };
  readonly defaults?: ManifestOwner &
    ManifestLayout & {
      readonly directoryMode?: TextOrNumber;
      readonly onConflict?: ConflictPolicy;
    };
  readonly directories?: readonly (string | ManifestDirectory | undefined)[];
  readonly files?: readonly (ManifestFile | undefined)[];
}
