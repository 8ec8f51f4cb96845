/** What new names may be. */
export const nameOptions = {
  allowBytes: {
    type: 'boolean',
    summary: 'make names that are not UTF-8, too',
    details:
      'The logplay of the reference tools ends at such a name, so no host that uses them may see the file system.',
  },
} as const;
