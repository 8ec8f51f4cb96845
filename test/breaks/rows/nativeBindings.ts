import { type Break, breaksOf } from '../break.js';

/** What passes between JavaScript and C++: arguments, results and errors. */
export const nativeBindingsBreaks: readonly Break[] = [
  ...breaksOf('src/native/cpp/arguments.cc', [
    {
      from: 'require(env, static_cast<double>(count) == number, what);',
      to: '',
      why: 'a program that asks for half an offset reads from another one',
      killer: 'native/addon',
      title: 'C++ checks for itself what',
    },
  ]),
  ...breaksOf('src/native/cpp/failure.cc', [
    {
      from: 'if (failure.offset != kNoOffset) ',
      to: 'if (failure.offset == kNoOffset) ',
      why: 'errors about bad memory do not say where it is',
      killer: 'native/fault',
      title: 'lost memory is an error',
    },
  ]),
  ...breaksOf('src/native/cpp/log_table_binding.cc', [
    {
      from: 'fields[3] = node.uid;',
      to: 'fields[3] = node.gid;',
      why: 'stat names the group as the owner',
      killer: 'native/logTable',
      title: 'a table finds each path',
    },
  ]),
  ...breaksOf('src/native/cpp/record_text_binding.cc', [
    {
      from: 'require(env, recordText(records, &text), "records");',
      to: 'recordText(records, &text);',
      why: 'a listing of damaged records ends in the middle, without an error',
      killer: 'native/recordText',
      title: 'a number, a name or a row',
    },
  ]),
  ...breaksOf('src/native/cpp/records_binding.cc', [
    {
      from: 'bytes.data + records.start + i * records.stride',
      to: 'bytes.data + records.start',
      why: 'fsck calls each log entry but the first damaged',
      killer: 'native/records',
      title: 'crc32Records gives',
    },
  ]),
];
