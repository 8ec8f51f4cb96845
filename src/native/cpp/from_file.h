// Operations that take the bytes of a file that can be read anywhere, piece by piece; what for is theirs.
#pragma once

#include "file.h"
#include "operation.h"

namespace famfs {

class FromFile : public Operation {
 public:
  explicit FromFile(int fd) : file_(fd) {}

  void begin(Worker& worker, const Piece& block) override;
  // Hands on what the file has of the piece, and reports what it has not.
  void run(Worker& worker, const Piece& piece) override;

 protected:
  const File& file() const { return file_; }

 private:
  // The bytes of the piece are in the worker's buffer.
  virtual void take(Worker& worker, const Piece& piece) = 0;

  File file_;
};

}  // namespace famfs
