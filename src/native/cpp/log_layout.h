// Where the fields of a log entry are. Declared once, in src/format, and passed in when a table is made.
#pragma once

#include <cstdint>
#include <string>

namespace famfs {

// Byte offsets, sizes in bytes, and the limits for sound entries. All are below 2^31.
struct LogLayout {
  // log entry
  uint32_t entrySize, crcSpan, sequence, type, padding, payload;
  // type numbers and limits
  uint32_t typeFile, typeMkdir, extentSimple, extentInterleaved, mostExtents, mostStrips;
  uint32_t flagReadOnly, flagReadWrite, allocationUnit;
  // FILE payload
  uint32_t fileSize, fileFlags, fileUid, fileGid, fileMode, filePath, fileExtentType, filePadding1, fileExtentCount,
      filePadding2, fileExtents;
  // MKDIR payload
  uint32_t mkdirUid, mkdirGid, mkdirMode, mkdirPath, mkdirSize;
  uint32_t pathField;
  // extent or strip, and the record of an interleaved file
  uint32_t extentDaxdev, extentOffset, extentLength, extentSize;
  uint32_t stripCount, chunkSize, strips;

  // Calls each(name, member) for every field, so that names and members cannot drift apart.
  template <typename Each>
  void forEach(Each each) {
#define FAMFS_FIELD(name) each(#name, &name)
    FAMFS_FIELD(entrySize), FAMFS_FIELD(crcSpan), FAMFS_FIELD(sequence), FAMFS_FIELD(type), FAMFS_FIELD(padding), FAMFS_FIELD(payload);
    FAMFS_FIELD(typeFile), FAMFS_FIELD(typeMkdir), FAMFS_FIELD(extentSimple), FAMFS_FIELD(extentInterleaved);
    FAMFS_FIELD(mostExtents), FAMFS_FIELD(mostStrips);
    FAMFS_FIELD(flagReadOnly), FAMFS_FIELD(flagReadWrite), FAMFS_FIELD(allocationUnit);
    FAMFS_FIELD(fileSize), FAMFS_FIELD(fileFlags), FAMFS_FIELD(fileUid), FAMFS_FIELD(fileGid), FAMFS_FIELD(fileMode), FAMFS_FIELD(filePath);
    FAMFS_FIELD(fileExtentType), FAMFS_FIELD(filePadding1), FAMFS_FIELD(fileExtentCount), FAMFS_FIELD(filePadding2), FAMFS_FIELD(fileExtents);
    FAMFS_FIELD(mkdirUid), FAMFS_FIELD(mkdirGid), FAMFS_FIELD(mkdirMode), FAMFS_FIELD(mkdirPath), FAMFS_FIELD(mkdirSize);
    FAMFS_FIELD(pathField);
    FAMFS_FIELD(extentDaxdev), FAMFS_FIELD(extentOffset), FAMFS_FIELD(extentLength), FAMFS_FIELD(extentSize);
    FAMFS_FIELD(stripCount), FAMFS_FIELD(chunkSize), FAMFS_FIELD(strips);
#undef FAMFS_FIELD
  }

  // Whether every field lies within an entry, so that no layout can cause a read outside it.
  bool fits() const;
};

}  // namespace famfs
