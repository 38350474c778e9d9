#pragma once

#include "events/base/result.h"
#include "events/bundle/bundle_reader.h"
#include "events/bundle/byte_source.h"
#include "events/bundle/sealed_stream.h"
#include "events/crypto/sealing.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace events::bundle {

/// Opens a bundle block by block.
///
/// State: as BundleReader.
/// Thread: one at a time.
/// Lifetime: the source outlives the opener.
class BundleOpener {
 public:
  /// Errors:  those of BundleReader::open; not_permitted: sealed to another key.
  static Result<BundleOpener> open(ByteSource& source, const SealingSecret& secret);

  /// What the next block holds, whole frames; nothing at the end.
  /// Errors:  those of BundleReader::next; bad_signature: a block does not open.
  Result<std::optional<Bytes>> next();

  const BundleHeader& header() const { return reader_.header(); }
  Ending ending() const { return reader_.ending(); }
  std::uint64_t blocks() const { return reader_.blocks(); }

 private:
  BundleOpener(BundleReader reader, SealedStream stream)
      : reader_(std::move(reader)), stream_(stream) {}

  BundleReader reader_;
  SealedStream stream_;
};

/// Gives the plain text of each block, in their order.
using OnBlock = std::function<Result<void>(ByteView frames)>;

struct OpenedBundle {
  BundleHeader header;
  Ending ending = Ending::open;
  std::uint64_t blocks = 0;
};

/// Opens every block of a bundle and hands it over; with no `on_block` it only looks whether the
/// bundle is sound.  Nobody acts on a block before all of them were looked at: a bundle that was
/// tampered with counts as a whole.
/// Errors:  those of BundleOpener; those of `on_block`.
Result<OpenedBundle> open_bundle(ByteSource& source, const SealingSecret& secret,
                                 const OnBlock& on_block);

}  // namespace events::bundle
