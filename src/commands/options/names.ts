/** What new names may be. */
export const nameOptions = {
  allowBytes: {
    type: 'boolean',
    summary: 'allow names that are not UTF-8',
    details:
      'The logplay of the reference tools stops at such a name, so no host that uses them may see the file system.',
  },
} as const;
