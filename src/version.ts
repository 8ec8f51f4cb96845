/** What `famfs --version` prints; a test holds it to package.json. A constant, since reading that file costs start-up. */
export const version = '0.1.0';
