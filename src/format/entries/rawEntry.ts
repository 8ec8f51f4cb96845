/** A log entry field by field, with its payload as its type number says. */
import { logEntryStruct, PAYLOAD_OFFSET } from '../logEntry.js';
import { type RawField, rawFields } from '../rawFields.js';
import { viewOf } from '../struct.js';
import { typeOfCode } from './entryTypes.js';

/** The fields of the entry in `image`, in the order of their offsets; a payload of unknown type is one field. */
export function rawEntry(image: Uint8Array): RawField[] {
  const view = viewOf(image);
  const type = typeOfCode(view.getUint32(logEntryStruct.offsets.type, true));
  if (type === undefined) return rawFields(logEntryStruct, image);
  const nested = type.nested?.(view, PAYLOAD_OFFSET) ?? [];
  const replaced = nested.map(({ field }) => field);
  const fields = [
    ...rawFields(logEntryStruct, image, 0, logEntryStruct.name, ['payload']),
    ...rawFields(type.struct, image, PAYLOAD_OFFSET, type.struct.name, replaced),
    ...nested.flatMap(({ struct, offset, name, without }) => rawFields(struct, image, offset, name, without)),
  ];
  return fields.sort((a, b) => a.offset - b.offset);
}
