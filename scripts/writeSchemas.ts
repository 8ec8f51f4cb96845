/** Writes docs/json/: the JSON Schemas of what --json writes. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas } from './jsonSchemas.js';

const FOLDER = join(import.meta.dirname, '../../docs/json');

const schemas = jsonSchemas();
for (const name of readdirSync(FOLDER)) if (!schemas.has(name)) rmSync(join(FOLDER, name));
for (const [name, text] of schemas) writeFileSync(join(FOLDER, name), text);
