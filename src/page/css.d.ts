/** Style sheets, which esbuild gathers in a file of their own. */
declare module '*.css';
