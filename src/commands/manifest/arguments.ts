/** What plan and apply have in common on the command line. */
export const manifestArgument = {
  name: 'MANIFEST',
  summary: "YAML or JSON file; '-' is standard input",
  required: true,
} as const;
