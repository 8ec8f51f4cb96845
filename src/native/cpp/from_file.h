// Base of operations that take the bytes of a seekable file, piece by piece.
#pragma once

#include "file.h"
#include "operation.h"

namespace famfs {

class FromFile : public Operation {
 public:
  explicit FromFile(int fd) : file_(fd) {}

  void begin(Worker& worker, const Piece& block) override;
  // Passes on the part of the piece that the file has, and reports the part that it lacks.
  void run(Worker& worker, const Piece& piece) override;

 protected:
  const File& file() const { return file_; }

 private:
  // The bytes of the piece are in the worker's buffer.
  virtual void take(Worker& worker, const Piece& piece) = 0;

  File file_;
};

}  // namespace famfs
