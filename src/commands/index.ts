import type { Registry } from '../ui/registry.js';

/** The commands, by group and in the order in which help lists them. */
export const commands: Registry = {};
