/** All breaks; `npm run breaks` tries them. */
import type { Break } from './break.js';
import { checkingBreaks } from './rows/checking.js';
import { commandFilesBreaks } from './rows/commandFiles.js';
import { commandInputBreaks } from './rows/commandInput.js';
import { commandLineBreaks } from './rows/commandLine.js';
import { commandOptionsBreaks } from './rows/commandOptions.js';
import { commandsBreaks } from './rows/commands.js';
import { commandsLookingBreaks } from './rows/commandsLooking.js';
import { commandsManifestBreaks } from './rows/commandsManifest.js';
import { commandsOutputBreaks } from './rows/commandsOutput.js';
import { commandsWritingBreaks } from './rows/commandsWriting.js';
import { declaredBreaks } from './rows/declared.js';
import { entriesBreaks } from './rows/entries.js';
import { formatBreaks } from './rows/format.js';
import { fsBreaks } from './rows/fs.js';
import { fsckBreaks } from './rows/fsck.js';
import { fsckRepairsBreaks } from './rows/fsckRepairs.js';
import { fsPartsBreaks } from './rows/fsParts.js';
import { hostBreaks } from './rows/host.js';
import { hostFilesBreaks } from './rows/hostFiles.js';
import { kernelBreaks } from './rows/kernel.js';
import { libraryBreaks } from './rows/library.js';
import { libraryCallsBreaks } from './rows/libraryCalls.js';
import { libraryShapesBreaks } from './rows/libraryShapes.js';
import { mountingBreaks } from './rows/mounting.js';
import { movingBreaks } from './rows/moving.js';
import { nativeBreaks } from './rows/native.js';
import { nativeBindingsBreaks } from './rows/nativeBindings.js';
import { nativeCallsBreaks } from './rows/nativeCalls.js';
import { nativeMemoryBreaks } from './rows/nativeMemory.js';
import { nativeMountingBreaks } from './rows/nativeMounting.js';
import { poolBreaks } from './rows/pool.js';
import { printedBreaks } from './rows/printed.js';
import { programBreaks } from './rows/program.js';
import { recordsBreaks } from './rows/records.js';
import { rewriteBreaks } from './rows/rewrite.js';
import { serveBreaks } from './rows/serve.js';
import { shadowBreaks } from './rows/shadow.js';
import { terminalBreaks } from './rows/terminal.js';
import { uiBreaks } from './rows/ui.js';
import { usageBreaks } from './rows/usage.js';

export const BREAKS: readonly Break[] = [
  ...formatBreaks,
  ...recordsBreaks,
  ...fsBreaks,
  ...poolBreaks,
  ...movingBreaks,
  ...declaredBreaks,
  ...fsckBreaks,
  ...fsckRepairsBreaks,
  ...serveBreaks,
  ...rewriteBreaks,
  ...shadowBreaks,
  ...hostFilesBreaks,
  ...nativeBreaks,
  ...nativeCallsBreaks,
  ...libraryBreaks,
  ...uiBreaks,
  ...commandsBreaks,
  ...commandOptionsBreaks,
  ...commandsWritingBreaks,
  ...commandsLookingBreaks,
  ...commandsManifestBreaks,
  ...commandsOutputBreaks,
  ...libraryCallsBreaks,
  ...commandLineBreaks,
  ...usageBreaks,
  ...terminalBreaks,
  ...kernelBreaks,
  ...hostBreaks,
  ...entriesBreaks,
  ...programBreaks,
  ...mountingBreaks,
  ...printedBreaks,
  ...commandFilesBreaks,
  ...checkingBreaks,
  ...fsPartsBreaks,
  ...nativeMemoryBreaks,
  ...nativeMountingBreaks,
  ...nativeBindingsBreaks,
  ...commandInputBreaks,
  ...libraryShapesBreaks,
];
