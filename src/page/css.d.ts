/** Style sheets, which esbuild collects in a file of their own. */
declare module '*.css';
