/** What `famfs --version` prints; a test holds it to package.json. A constant, since reading that file costs start-up. */
export const version: string = '0.2.0';

/** The day of this version, as the manual pages show it. */
export const released = 'November 28, 2026';
