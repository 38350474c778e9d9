#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/bundle/bundle_header.h"
#include "events/bundle/byte_source.h"
#include "events/crypto/digest.h"

#include <cstdint>
#include <optional>

namespace events::bundle {

/// How a bundle ended.
enum class Ending : std::uint8_t {
  open = 0,       ///< It goes on.
  complete = 1,   ///< Its trailer fits all that came before.
  truncated = 2,  ///< It was cut; the blocks before the cut are whole.
};

/// Reads a bundle from front to end without opening its blocks: what a carrier can check, too.
/// Holds one block at a time.
///
/// State: how far it has read; after an error nothing more can be read.
/// Thread: one at a time.
/// Lifetime: the source outlives the reader.
class BundleReader {
 public:
  struct SealedBlock {
    Bytes sealed;
    bool is_last = false;
  };

  /// Reads the header.
  /// Errors:  malformed: not a bundle, or cut inside its header; too_large, unsupported,
  ///          bad_signature: see read_header(); io_failed.
  static Result<BundleReader> open(ByteSource& source);

  /// The next block; nothing at the end, and then `ending()` says which.
  /// Errors:  bad_signature, too_large: the bundle was tampered with, and nothing of it may be
  /// used;
  ///          io_failed.
  Result<std::optional<SealedBlock>> next();

  const BundleHeader& header() const { return header_; }
  Ending ending() const { return ending_; }
  std::uint64_t blocks() const { return blocks_; }
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  BundleReader(ByteSource& source, BundleHeader header)
      : source_(&source), header_(std::move(header)) {}

  struct Part {
    PartKind kind{};
    Bytes head;
    Bytes bytes;
  };
  /// Nothing: the source ended before the part did.
  Result<std::optional<Part>> read_part();
  Result<std::optional<std::uint8_t>> read_byte();
  Result<bool> fill(Bytes& bytes);
  Result<void> check_trailer(const Part& part);

  ByteSource* source_;
  BundleHeader header_;
  Sha256 digest_;
  Ending ending_ = Ending::open;
  bool was_last_ = false;
  std::uint64_t blocks_ = 0;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace events::bundle
